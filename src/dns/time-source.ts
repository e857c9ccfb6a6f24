// Time as the rate limits and the jitter see it: real, monotonic, and in a test a number that is moved by hand. Never the
// Clock: packets are real even where the demo's hours are not.

export interface TimeSource {
  /** Milliseconds of one monotonic clock. */
  now(): number
  /** Calls `act` once, about `ms` later, unless the function that is answered was called before. */
  after(ms: number, act: () => void): () => void
}

export const realTime: TimeSource = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}
