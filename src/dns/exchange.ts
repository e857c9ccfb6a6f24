// What asking one server over one transport means. UDP, streams and DoH implement it; StubResolver turns what it brings
// into a Reply.
import type { Question } from '../core/dns/record.ts'
import type { Transport } from '../core/dns/reply.ts'
import type { Pending } from './pending.ts'
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

  sent(atMs?: number): void {
    this.count += 1
    this.firstSentAtMs ??= atMs ?? performance.now()
  }
}

interface AnyExchange {
  readonly counters: ExchangeCounters
  /** Questions that wait for a reply at the moment. */
  readonly inFlight: number
  /** What is still asked ends as `network`. */
  close(): Promise<void>
}

export interface Exchange extends AnyExchange {
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
}

/** A question on its way, as the one who asks sees it. Exactly one of the two is called, once per start. */
export abstract class Inquiry extends PacketTally {
  /** Who has it at the moment: set by the exchange that was started. Null before that. */
  carrier: Pending | null = null
  /** A message in `exchanged` is valid only during the call: what is needed of it must be read at once. */
  abstract settled(exchanged: Exchanged): void
  /** For the two reasons for which Exchange.exchange rejects. */
  abstract rejected(reason: unknown): void
}

/** An exchange that tells what came in the very call that brought it: no promise, and no copy of the bytes. */
export interface ImmediateExchange extends AnyExchange {
  /**
   * As Exchange.exchange, with the inquiry's carrier in place of a signal: giving up there costs nothing to those who do not.
   * May tell before it returns.
   */
  start(question: Question, options: QueryOptions, inquiry: Inquiry): void
}

/** Lets an exchange that promises be used as one that tells. */
export class PromisedExchange implements ImmediateExchange {
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  start(question: Question, options: QueryOptions, inquiry: Inquiry): void {
    const controller = new AbortController()
    inquiry.carrier = { abandon: (reason) => controller.abort(reason) }
    void this.#exchange.exchange(question, options, inquiry, controller.signal).then(
      (exchanged) => inquiry.settled(exchanged),
      (reason: unknown) => inquiry.rejected(reason),
    )
  }

  get counters(): ExchangeCounters {
    return this.#exchange.counters
  }

  get inFlight(): number {
    return this.#exchange.inFlight
  }

  async close(): Promise<void> {
    await this.#exchange.close()
  }
}
