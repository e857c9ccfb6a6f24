// When a vantage counts as down: it is asked and brings nothing at all; and when one that is down may be asked again. Pure;
// times are arguments (milliseconds of one monotonic clock).
import type { Reply } from '../core/dns/reply.ts'

export interface DownPolicy {
  /** Silence for so long … */
  readonly downAfterMs: number
  /** … over at least so many questions. */
  readonly downAfterQuestions: number
}

/** Hand-set, unvalidated: long enough that a few names whose own servers are dead do not look like a dead resolver. */
export const DEFAULT_DOWN_POLICY: DownPolicy = { downAfterMs: 30_000, downAfterQuestions: 5 }

/** Between the latest silence of a vantage that is down and the next question that is sent to it. Hand-set. */
const PROBE_PAUSE_MS = 1000

/** `spoke`: some server said something, whatever it was · `silent`: asked, and nothing came · `unasked`: neither. */
export type Signs = 'spoke' | 'silent' | 'unasked'

/** What the replies to one question show of the way to the servers: one that was heard is enough. */
export function signsOf(replies: readonly Reply[]): Signs {
  let signs: Signs = 'unasked'
  for (const { failure } of replies) {
    if (failure === undefined) return 'spoke'
    if (failure === 'timeout' || failure === 'network') signs = 'silent'
    else if (!UNASKED.has(failure)) return 'spoke'
  }
  return signs
}

const UNASKED: ReadonlySet<Reply['failure']> = new Set([
  'unreachable_zone',
  'vantage_down',
  'throttled',
  'opted_out',
] as const)

export class VantageHealth {
  readonly #policy: DownPolicy
  #repliedAtMs = Number.NEGATIVE_INFINITY
  /** When the silence began: the first unanswered question was asked, or the last reply came, whichever is later. */
  #silentSinceMs: number | null = null
  /** When the latest question ended without any reply. */
  #latestSilenceMs = Number.NEGATIVE_INFINITY
  #silentQuestions = 0
  /** Whom the silence was about, as far as told; never more than the policy counts. */
  readonly #silentAbout = new Set<string>()
  #down = false

  constructor(policy: DownPolicy = DEFAULT_DOWN_POLICY) {
    this.#policy = policy
  }

  get up(): boolean {
    return !this.#down
  }

  /** Of one that is down: it has been left alone for so long that a question may find out whether it is back. */
  isProbeDue(nowMs: number): boolean {
    return nowMs - this.#latestSilenceMs >= PROBE_PAUSE_MS
  }

  /** The server said something, whatever it was. */
  replied(nowMs: number): void {
    this.#repliedAtMs = nowMs
    this.#silentSinceMs = null
    this.#silentQuestions = 0
    this.#silentAbout.clear()
    this.#down = false
  }

  /**
   * A question that was asked at `askedAtMs` has ended without any reply. `about`: what shares one cause of silence (to the
   * `direct` vantage a dead domain is silent whatever is asked of it); it counts once.
   */
  silent(askedAtMs: number, nowMs: number, about?: string): void {
    this.#latestSilenceMs = nowMs
    this.#silentSinceMs = Math.min(
      this.#silentSinceMs ?? Number.POSITIVE_INFINITY,
      Math.max(askedAtMs, this.#repliedAtMs),
    )
    const isNew = about === undefined || !this.#silentAbout.has(about)
    if (isNew && this.#silentQuestions < this.#policy.downAfterQuestions) {
      this.#silentQuestions += 1
      if (about !== undefined) this.#silentAbout.add(about)
    }
    if (
      this.#silentQuestions >= this.#policy.downAfterQuestions &&
      nowMs - this.#silentSinceMs >= this.#policy.downAfterMs
    )
      this.#down = true
  }
}
