// What one attempt means for its delivery and its endpoint. Pure; carrying it out is the delivery worker's business.
import type { DeliveryAttempt } from '../core/model/webhook.ts'

/** One attempt and what came of it, as the sender reports it. */
export interface SendResult extends DeliveryAttempt {
  readonly outcome: 'delivered' | 'retry' | 'gone' | 'refused'
  /** How long the receiver asked to be left alone; null when it did not. */
  readonly retryAfterMs: number | null
}

export type Conclusion =
  | { readonly state: 'delivered'; readonly disable: null }
  | { readonly state: 'waiting'; readonly disable: null; readonly waitMs: number }
  | { readonly state: 'failed'; readonly disable: 'gone' | 'failing' | null }

/**
 * `made`: attempts made, this one included; `allowed`: at most so many; `retryDelayMs` gives the wait after `made` of them, null
 * when the schedule is used up.
 *
 * A receiver's Retry-After can only lengthen a wait. What our URL guard refused is not tried again. A used-up schedule asks for
 * the endpoint to be disabled; a single attempt (a test) is no schedule and does not.
 */
export function concludeAttempt(
  result: SendResult,
  schedule: { made: number; allowed: number; retryDelayMs: (attemptsMade: number) => number | null },
): Conclusion {
  if (result.outcome === 'delivered') return { state: 'delivered', disable: null }
  if (result.outcome === 'gone') return { state: 'failed', disable: 'gone' }
  if (result.outcome === 'refused') return { state: 'failed', disable: null }
  const { made, allowed, retryDelayMs } = schedule
  const scheduledMs = made < allowed ? retryDelayMs(made) : null
  if (scheduledMs === null) return { state: 'failed', disable: allowed > 1 ? 'failing' : null }
  return { state: 'waiting', disable: null, waitMs: Math.max(scheduledMs, result.retryAfterMs ?? 0) }
}
