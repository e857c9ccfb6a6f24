// What everything above the transports sees of a resolver.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'

export interface Resolver {
  /**
   * Asks one question. DNS outcomes, time-outs and failing sockets are replies. Rejects only with the reason of an
   * aborted signal, leaving nothing open, or with a RangeError for a name that cannot be written on the wire.
   */
  ask(question: Question, signal?: AbortSignal): Promise<Reply>
  /** Releases sockets; what is still asked ends as `network`. */
  close(): Promise<void>
}

/** A resolver that also counts the packets that were no reply to anything asked. */
export interface MeteredResolver extends Resolver {
  readonly mismatched: number
}
