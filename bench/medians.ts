// Many rounds into one figure: medians of each number, and the median of the ratios within the rounds, since the machine
// may be slower in one round than in the next.
import { isMeasured, type Measured, type RunResult } from './measured.ts'

/** The runs of one round by contender. */
export type Round = ReadonlyMap<string, RunResult>

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Field by field; a run that was not available makes the whole contender so. */
export function medianRun(rounds: readonly Round[], id: string): RunResult {
  const runs: Measured[] = []
  for (const round of rounds) {
    const result = round.get(id)
    if (result === undefined) continue
    if (!isMeasured(result)) return result
    runs.push(result)
  }
  if (runs.length === 0) return { unavailable: 'not run' }
  const of = (field: (run: Measured) => number | null): number | null => {
    const known = runs.map(field).filter((value) => value !== null)
    return known.length === 0 ? null : median(known)
  }
  return {
    queries: runs[0]!.queries,
    cpuUsPerQuery: of((run) => run.cpuUsPerQuery) ?? Number.NaN,
    queriesPerSecond: of((run) => run.queriesPerSecond) ?? Number.NaN,
    unansweredPercent: of((run) => run.unansweredPercent) ?? Number.NaN,
    wrongPercent: of((run) => run.wrongPercent),
    retriedPercent: of((run) => run.retriedPercent),
  }
}

/** CPU time per query of one contender in units of another's; null unless a round measured both. */
export function medianRatio(rounds: readonly Round[], id: string, against: string): number | null {
  const ratios: number[] = []
  for (const round of rounds) {
    const one = round.get(id)
    const other = round.get(against)
    if (one && other && isMeasured(one) && isMeasured(other))
      ratios.push(one.cpuUsPerQuery / other.cpuUsPerQuery)
  }
  return ratios.length === 0 ? null : median(ratios)
}

/** The highest share of any round, in percent; null where it was never measured. */
export function worst(
  rounds: readonly Round[],
  id: string,
  field: 'unansweredPercent' | 'retriedPercent' | 'wrongPercent',
): number | null {
  const values = rounds.flatMap((round) => {
    const result = round.get(id)
    const value = result && isMeasured(result) ? result[field] : null
    return value === null ? [] : [value]
  })
  return values.length === 0 ? null : Math.max(...values)
}
