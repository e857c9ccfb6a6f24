// Which rows of a series a thinned answer holds: of each window the first round. How a store finds them without reading the
// series is its own business.
import type { StoredObservation } from '../model/observation.ts'

/** No round takes longer; so far after its first row a store looks for the others. */
export const LONGEST_ROUND_MS = 600_000

/** Where the window that holds `at` begins, ms since the epoch. Windows begin at multiples of their length. */
export function windowStart(at: number, everyMs: number): number {
  return Math.floor(at / everyMs) * everyMs
}

/**
 * Whether a row is of the same round as the first one of its window, and in the same window. Observations of sensors have no
 * round (0): those of one millisecond stand for one.
 */
export function isOfFirstRound(
  first: Pick<StoredObservation, 'at' | 'round'>,
  row: Pick<StoredObservation, 'at' | 'round'>,
  everyMs: number,
): boolean {
  return (
    row.round === first.round &&
    row.at - first.at < LONGEST_ROUND_MS &&
    (row.round !== 0 || row.at === first.at) &&
    windowStart(row.at, everyMs) === windowStart(first.at, everyMs)
  )
}
