// What asking one server over one transport means. UdpExchange and TcpExchange implement it; StubResolver turns what it
// brings into a Reply.
import type { Question } from '../core/dns/record.ts'
import type { Transport } from '../core/dns/reply.ts'
import type { QueryOptions } from './wire/query-encoder.ts'
import type { DnsMessage } from './wire/message.ts'

export type TransportName = Transport

/** What came of a question after all its attempts. The kinds without a message are failure kinds of reply.ts. */
export type Exchanged =
  | { readonly kind: 'message'; readonly transport: TransportName; readonly message: DnsMessage }
  /** The reply is ours by id and question, and its rest is no DNS message; `rcode` is the header's. */
  | { readonly kind: 'malformed'; readonly transport: TransportName; readonly rcode: number }
  | { readonly kind: 'tcp_failed'; readonly transport: 'tcp'; readonly rcode: number }
  | { readonly kind: 'timeout' | 'network' | 'http_error'; readonly transport: TransportName }

/** What a resolver has seen since its start that was no plain reply at the first attempt. */
export interface ExchangeCounters {
  /** Replies to a question that was over already: they match in all, and came too late. */
  readonly late: number
  /** Packets that were no reply to anything asked: garbled, forged, or with another case of the name. */
  readonly mismatched: number
  /** UDP replies with the TC bit, each asked again over TCP. */
  readonly truncated: number
  /** Attempts after the first. */
  readonly retried: number
}

/** Counts the packets of one question, over all attempts, transports and EDNS fallbacks. */
export class PacketTally {
  count = 0
  /** By `performance.now()`; null until the first packet leaves. */
  firstSentAtMs: number | null = null

  sent(): void {
    this.count += 1
    this.firstSentAtMs ??= performance.now()
  }
}

export interface Exchange {
  /**
   * Asks until a reply decides or all attempts are used. Rejects only with the reason of an aborted signal, at once and
   * with nothing left open, or for a name that cannot be encoded (RangeError).
   */
  exchange(
    question: Question,
    options: QueryOptions,
    tally: PacketTally,
    signal?: AbortSignal,
  ): Promise<Exchanged>
  readonly counters: ExchangeCounters
  /** Questions that wait for a reply at the moment. */
  readonly inFlight: number
  /** What is still asked ends as `network`. */
  close(): Promise<void>
}
