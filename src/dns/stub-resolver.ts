// A stub: one recursive server, asked over UDP or TCP. Falls back to no EDNS; leaves rates to the vantage, and retries
// to the exchange.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import { PacketTally, type Exchange, type Exchanged, type TransportName } from './exchange.ts'
import { RandomOctets } from './random-octets.ts'
import { replyOf } from './reply-of-message.ts'
import type { MeteredResolver } from './resolver.ts'
import type { ServerAddress } from './server-address.ts'
import { TcpExchange } from './tcp-exchange.ts'
import { UdpExchange } from './udp-exchange.ts'
import type { ClientSubnet } from './wire/client-subnet.ts'
import type { EdnsOptions } from './wire/query-encoder.ts'
import { RCODE } from './wire/rcode.ts'

/** How long each attempt waits; milliseconds. Hand-set: a public resolver that must recurse answers within 1 s mostly. */
export const DEFAULT_TIMEOUTS_MS: readonly number[] = [1500, 2000, 3000]

export interface StubResolverOptions {
  readonly server: ServerAddress
  readonly protocol: TransportName
  /** Sent with every question as EDNS client subnet. */
  readonly clientSubnet?: ClientSubnet
  /** One attempt per entry, in milliseconds, at least one. @defaultValue DEFAULT_TIMEOUTS_MS */
  readonly timeoutsMs?: readonly number[]
}

export class StubResolver implements MeteredResolver {
  readonly #exchange: Exchange
  readonly #edns: EdnsOptions

  constructor({ server, protocol, clientSubnet, timeoutsMs = DEFAULT_TIMEOUTS_MS }: StubResolverOptions) {
    if (timeoutsMs.length === 0) throw new RangeError('expected at least one time-out')
    const random = new RandomOctets()
    const tcp = new TcpExchange(server, timeoutsMs, random)
    this.#exchange = protocol === 'udp' ? new UdpExchange(server, timeoutsMs, random, tcp) : tcp
    this.#edns = clientSubnet ? { clientSubnet } : {}
  }

  get mismatched(): number {
    return this.#exchange.mismatched
  }

  async ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    const tally = new PacketTally()
    let exchanged = await this.#exchange.exchange(question, this.#edns, tally, signal)
    if (dislikesEdns(exchanged)) exchanged = await this.#exchange.exchange(question, null, tally, signal)
    const rttMs = tally.firstSentAtMs === null ? 0 : performance.now() - tally.firstSentAtMs
    return replyOf(question, exchanged, { rttMs: Math.round(rttMs * 1000) / 1000, attempts: tally.count })
  }

  async close(): Promise<void> {
    await this.#exchange.close()
  }
}

/** RFC 6891, sections 6.1.3 and 7: what a server says that does not know EDNS, or not this version of it. */
function dislikesEdns(exchanged: Exchanged): boolean {
  if (exchanged.kind !== 'message') return false
  const { rcode } = exchanged.message
  return rcode === RCODE.formerr || rcode === RCODE.notimp || rcode === RCODE.badvers
}
