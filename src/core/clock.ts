// Time as an argument. core/ never reads a clock; every room outside of it is handed one, so that tests and the demo
// can run hours in seconds. The implementations are in src/clock.ts.

export interface Clock {
  /** Milliseconds since the epoch, as the watched world counts them. */
  now(): number
  /** Resolves when `ms` of this clock's time have passed, at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
