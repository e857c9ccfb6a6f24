// A question on its way and who waits for it, without a promise: what each of a hundred thousand questions a second costs.
import type { Reply } from '../core/dns/reply.ts'

/** A question on its way. */
export interface Pending {
  /** Gives it up: its listener is told so, with the reason. Nothing happens when it is over. */
  abandon(reason: unknown): void
}

/** Who waits for one question. Exactly one of the two is called, once, and perhaps before the start returns. */
export interface ReplyListener {
  /** At least one reply. */
  answered(replies: readonly Reply[]): void
  /** It was given up, or its name cannot be written on the wire (RangeError). */
  rejected(reason: unknown): void
}
