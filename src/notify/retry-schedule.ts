// When a failed delivery is tried again: the example schedule of Standard Webhooks 1.0. Pure: chance comes in as an
// argument, and who waits is the queue's business.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** The wait before each attempt, in ms; the first is made at once. 75 h 35 min 5 s in all. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** Share of a wait by which it varies to either side, so that endpoints that failed together do not return together. Hand-set. */
export const RETRY_JITTER_RATIO = 0.1

/**
 * Milliseconds to wait after `attemptsMade` failed attempts (1 or more); null when the schedule is used up.
 * `random01` is uniform in 0…1 and moves the wait by up to ± `RETRY_JITTER_RATIO` of it.
 */
export function retryDelayMs(
  attemptsMade: number,
  random01: number,
  schedule: readonly number[] = RETRY_SCHEDULE_MS,
): number | null {
  const waitMs = schedule[attemptsMade]
  if (waitMs === undefined) return null
  return Math.round(waitMs * (1 + RETRY_JITTER_RATIO * (2 * random01 - 1)))
}
