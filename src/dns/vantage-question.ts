// One question to a vantage from its coming to its replies: held back, in the line of the rate, on its way, over. Decides
// nothing: vantage.ts drives it.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Held } from './jitter.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { Waiter } from './turn-line.ts'

/** Who is told what happens to a question that is not over. */
export interface VantageQuestionOwner {
  /** It has been held back for long enough. */
  released(asked: VantageQuestion): void
  /** It is its turn. */
  admitted(asked: VantageQuestion): void
  heard(asked: VantageQuestion, replies: readonly Reply[]): void
  /** Nobody wants it any more; it may wait in the line. */
  abandoned(asked: VantageQuestion): void
}

export class VantageQuestion implements Held, Waiter, ReplyListener, Pending {
  readonly #owner: VantageQuestionOwner
  readonly question: Question
  readonly #listener: ReplyListener
  readonly urgent: boolean
  waits = false
  /** By `performance.now()`; once it is on its way. */
  askedAtMs = 0
  /** Set by whom it was asked of. */
  onItsWay: Pending | null = null
  #over = false

  constructor(owner: VantageQuestionOwner, question: Question, listener: ReplyListener, urgent: boolean) {
    this.#owner = owner
    this.question = question
    this.#listener = listener
    this.urgent = urgent
  }

  /** Its listener has been told; nothing more comes. */
  get isOver(): boolean {
    return this.#over
  }

  released(): void {
    if (!this.#over) this.#owner.released(this)
  }

  admitted(): void {
    this.#owner.admitted(this)
  }

  answered(replies: readonly Reply[]): void {
    if (!this.#over) this.#owner.heard(this, replies)
  }

  /** It is over, with these replies. */
  end(replies: readonly Reply[]): void {
    this.#over = true
    this.#listener.answered(replies)
  }

  rejected(reason: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#listener.rejected(reason)
  }

  abandon(reason: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#owner.abandoned(this)
    this.onItsWay?.abandon(reason)
    this.#listener.rejected(reason)
  }
}
