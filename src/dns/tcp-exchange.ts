// Asks over TCP only, for vantages that are configured so, and once on behalf of udp-exchange.ts.
import { setMaxListeners } from 'node:events'
import type { Question } from '../core/dns/record.ts'
import type { Exchange, Exchanged, PacketTally } from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import { askOverTcp } from './tcp-connection.ts'
import { decodeMessage } from './wire/decoder.ts'
import { encodeQuery, type EdnsOptions } from './wire/query-encoder.ts'

export class TcpExchange implements Exchange {
  readonly #server: ServerAddress
  readonly #timeoutsMs: readonly number[]
  readonly #random: RandomOctets
  /** Aborted when the exchange is closed. */
  readonly #closing = new AbortController()
  mismatched = 0

  /** One attempt per time-out, in order. */
  constructor(server: ServerAddress, timeoutsMs: readonly number[], random: RandomOctets) {
    this.#server = server
    this.#timeoutsMs = timeoutsMs
    this.#random = random
    // One listener per open connection: no leak, and so no warning.
    setMaxListeners(0, this.#closing.signal)
  }

  async exchange(
    question: Question,
    edns: EdnsOptions | null,
    tally: PacketTally,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    let last: Exchanged = { kind: 'timeout', transport: 'tcp' }
    for (const timeoutMs of this.#timeoutsMs) {
      last = await this.once(question, edns, tally, timeoutMs, signal)
      if (last.kind === 'message') return last
    }
    return last
  }

  /** One attempt on a connection of its own. */
  async once(
    question: Question,
    edns: EdnsOptions | null,
    tally: PacketTally,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    const query = encodeQuery(question, this.#random.uint16(), edns, null)
    const result = await askOverTcp({
      server: this.#server,
      query,
      timeoutMs,
      sent: () => tally.sent(),
      onMismatch: () => {
        this.mismatched += 1
      },
      signal,
      closing: this.#closing.signal,
    })
    if (result.kind !== 'reply') return { kind: result.kind, transport: 'tcp' }
    const decoded = decodeMessage(result.bytes)
    return decoded.ok
      ? { kind: 'message', transport: 'tcp', message: decoded.message }
      : { kind: 'malformed', transport: 'tcp', rcode: result.bytes[3]! & 0xf }
  }

  async close(): Promise<void> {
    this.#closing.abort()
  }
}
