// Observations that a record was counted in elsewhere and that are no more: brought over as a number. A later run that brings the
// same record knows better (the other history may have been written to in between), so the number goes under that of its run, and
// the greatest of both stays.

const RUN = 2 ** 40

/** A count (below 2^40) of a run (from 1): greater than any of an earlier run. */
export function carriedValue(run: number, count: number): number {
  return run * RUN + count
}

/** SQL: the count in the greatest value of a column. */
export function carriedCount(column: 'carried' | 'carried_heard'): string {
  return `bitAnd(max(${column}), ${RUN - 1})`
}
