// Asks over UDP: attempts, each with a new id and from a new port; TCP when the reply is truncated, and when the server
// does not keep the case of the name and so cannot be told from a forger.
import type { Question } from '../core/dns/record.ts'
import type { Exchange, Exchanged, PacketTally } from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import type { TcpExchange } from './tcp-exchange.ts'
import type { UdpPort } from './udp-port.ts'
import { UdpPortPool } from './udp-port-pool.ts'
import { decodeMessage } from './wire/decoder.ts'
import { MAX_NAME_OCTETS } from './wire/name-decoder.ts'
import { encodeQuery, type EdnsOptions } from './wire/query-encoder.ts'
import { isTruncated } from './wire/query-match.ts'

const CASE_OCTETS = Math.ceil(MAX_NAME_OCTETS / 8)

export class UdpExchange implements Exchange {
  readonly #pool: UdpPortPool
  readonly #timeoutsMs: readonly number[]
  readonly #random: RandomOctets
  readonly #tcp: TcpExchange
  #closed = false

  /** One attempt per time-out, in order; TCP is given as long as the last of them. */
  constructor(server: ServerAddress, timeoutsMs: readonly number[], random: RandomOctets, tcp: TcpExchange) {
    this.#pool = new UdpPortPool(server, random)
    this.#timeoutsMs = timeoutsMs
    this.#random = random
    this.#tcp = tcp
  }

  get mismatched(): number {
    return this.#pool.mismatched + this.#tcp.mismatched
  }

  async exchange(
    question: Question,
    edns: EdnsOptions | null,
    tally: PacketTally,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    const used = new Set<UdpPort>()
    let last: Exchanged = { kind: 'timeout', transport: 'udp' }
    let onlyCaseDiffered = true
    for (const [index, timeoutMs] of this.#timeoutsMs.entries()) {
      if (this.#closed) return { kind: 'network', transport: 'udp' }
      if (index > 0 && index === this.#timeoutsMs.length - 1 && onlyCaseDiffered)
        return this.#insteadOverTcp(question, edns, tally, 0, signal)
      const port = this.#pool.take(used)
      used.add(port)
      const result = await port.ask({
        encode: (id) => encodeQuery(question, id, edns, this.#random.take(CASE_OCTETS)),
        timeoutMs,
        sent: () => tally.sent(),
        signal,
      })
      onlyCaseDiffered &&= result.kind === 'timeout' && result.caseOnly
      if (result.kind !== 'reply') {
        // A refusal reaches every question of the port, also those that it does not answer: so another port tries again.
        last = { kind: result.kind, transport: 'udp' }
        continue
      }
      const rcode = result.bytes[3]! & 0xf
      if (isTruncated(result.bytes)) return this.#insteadOverTcp(question, edns, tally, rcode, signal)
      const decoded = decodeMessage(result.bytes)
      if (decoded.ok) return { kind: 'message', transport: 'udp', message: decoded.message }
      last = { kind: 'malformed', transport: 'udp', rcode }
    }
    return last
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#pool.close()
    await this.#tcp.close()
  }

  async #insteadOverTcp(
    question: Question,
    edns: EdnsOptions | null,
    tally: PacketTally,
    rcode: number,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    const timeoutMs = this.#timeoutsMs.at(-1) ?? 0
    const result = await this.#tcp.once(question, edns, tally, timeoutMs, signal)
    return result.kind === 'message' ? result : { kind: 'tcp_failed', transport: 'tcp', rcode }
  }
}
