// When a vantage counts as down: it is asked and brings nothing at all. Pure; times are arguments (milliseconds of one
// monotonic clock).

export interface DownPolicy {
  /** Silence for so long … */
  readonly downAfterMs: number
  /** … over at least so many questions. */
  readonly downAfterQuestions: number
}

/** Hand-set, unvalidated: long enough that a few names whose own servers are dead do not look like a dead resolver. */
export const DEFAULT_DOWN_POLICY: DownPolicy = { downAfterMs: 30_000, downAfterQuestions: 5 }

export class VantageHealth {
  readonly #policy: DownPolicy
  #repliedAtMs = Number.NEGATIVE_INFINITY
  /** When the silence began: the first unanswered question was asked, or the last reply came, whichever is later. */
  #silentSinceMs: number | null = null
  #silentQuestions = 0
  #down = false

  constructor(policy: DownPolicy = DEFAULT_DOWN_POLICY) {
    this.#policy = policy
  }

  get up(): boolean {
    return !this.#down
  }

  /** The server said something, whatever it was. */
  replied(nowMs: number): void {
    this.#repliedAtMs = nowMs
    this.#silentSinceMs = null
    this.#silentQuestions = 0
    this.#down = false
  }

  /** A question that was asked at `askedAtMs` has ended without any reply. */
  silent(askedAtMs: number, nowMs: number): void {
    this.#silentSinceMs = Math.min(
      this.#silentSinceMs ?? Number.POSITIVE_INFINITY,
      Math.max(askedAtMs, this.#repliedAtMs),
    )
    this.#silentQuestions += 1
    if (
      this.#silentQuestions >= this.#policy.downAfterQuestions &&
      nowMs - this.#silentSinceMs >= this.#policy.downAfterMs
    )
      this.#down = true
  }
}
