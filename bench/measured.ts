// What one run of one contender brought.

export interface Measured {
  readonly queries: number
  /** User and system time of the client's process, all threads; the start is not in it. */
  readonly cpuUsPerQuery: number
  readonly queriesPerSecond: number
  /** Percent of the questions that ended without an answer. */
  readonly unansweredPercent: number
  /** Percent of the questions that were answered with something else than what the zone says; null: not checked. */
  readonly wrongPercent: number | null
  /** Packets sent again, in percent of the questions; null where the client does not tell. */
  readonly retriedPercent: number | null
}

/** A run, or why there was none. */
export type RunResult = Measured | { readonly unavailable: string }

export function isMeasured(result: RunResult): result is Measured {
  return !('unavailable' in result)
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100
}
