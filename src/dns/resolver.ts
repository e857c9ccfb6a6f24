// What everything above the transports sees of a resolver: promises for those who ask now and then, and listeners
// (pending.ts) for those who ask a hundred thousand times a second.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { ExchangeCounters } from './exchange.ts'
import type { Pending, ReplyListener } from './pending.ts'

export interface Resolver {
  /**
   * Asks one question. DNS outcomes, time-outs and failing sockets are replies. Rejects only with the reason of an
   * aborted signal, leaving nothing open, or with a RangeError for a name that cannot be written on the wire.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Reply>
  /** Releases sockets; what is still asked ends as `network`. */
  close(): Promise<void>
}

/** A resolver that also says what else it saw. */
export interface MeteredResolver extends Resolver {
  readonly counters: ExchangeCounters
  readonly inFlight: number
}

interface AnySource {
  readonly counters: ExchangeCounters
  readonly inFlight: number
  /** Of transports with connections: why the latest one failed; null when none did. */
  readonly lastError?: string | null
  close(): Promise<void>
}

/** What a vantage asks: one resolver, or (the `direct` vantage) every authority of a zone. */
export interface ReplySource extends AnySource {
  /** At least one reply. Rejects only as Resolver.ask does. */
  look(question: Question, signal?: AbortSignal): Promise<readonly Reply[]>
}

/** A source that tells a listener, without a promise. */
export interface ImmediateSource extends AnySource {
  /** As ReplySource.look. */
  start(question: Question, listener: ReplyListener): Pending
}
