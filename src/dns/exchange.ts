// What asking one server over one transport means. UdpExchange and TcpExchange implement it; StubResolver turns what it
// brings into a Reply.
import type { Question } from '../core/dns/record.ts'
import type { EdnsOptions } from './wire/query-encoder.ts'
import type { DnsMessage } from './wire/message.ts'

export type TransportName = 'udp' | 'tcp'

/** What came of a question after all its attempts. The kinds without a message are failure kinds of reply.ts. */
export type Exchanged =
  | { readonly kind: 'message'; readonly transport: TransportName; readonly message: DnsMessage }
  /** The reply is ours by id and question, and its rest is no DNS message; `rcode` is the header's. */
  | { readonly kind: 'malformed'; readonly transport: TransportName; readonly rcode: number }
  | { readonly kind: 'tcp_failed'; readonly transport: 'tcp'; readonly rcode: number }
  | { readonly kind: 'timeout' | 'network'; readonly transport: TransportName }

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
    edns: EdnsOptions | null,
    tally: PacketTally,
    signal?: AbortSignal,
  ): Promise<Exchanged>
  /** Packets that came and were no reply to anything asked: late, garbled or forged. */
  readonly mismatched: number
  /** What is still asked ends as `network`. */
  close(): Promise<void>
}
