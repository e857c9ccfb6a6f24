// The score at several moments of a watch: a detector that is calibrated is so all the time, not at the end alone.
import { CHECKPOINTS } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { EQUAL_EDGES, expectedCalibrationError, reliability } from './calibration.ts'
import type { ReliabilityBin } from './calibration.ts'
import { truthOf } from './confusion.ts'
import { roc } from './roc.ts'
import type { Roc } from './roc.ts'
import type { Priors } from '../../../src/core/policy.ts'

/** Probes after which the score is looked at; null is the end of the watch. */
export const MOMENTS: readonly (number | null)[] = [1, 3, 10, null]
/** Shares of false alarms at which the found flux is told. */
export const FALSE_ALARM_SHARES = [0.0005, 0.001, 0.01] as const

export interface Moment {
  readonly name: string
  readonly roc: Roc
  readonly bins: readonly ReliabilityBin[]
  readonly calibrationError: number
}

export function momentsOf(records: readonly WatchRecord[], priors: Priors): Moment[] {
  return MOMENTS.map((probes) => {
    const judged = records.map((record) => ({ score: scoreAt(record, probes), truth: truthOf(record) }))
    const bins = reliability(judged, priors, EQUAL_EDGES)
    return {
      name: probes === null ? 'at the end' : `after ${probes} ${probes === 1 ? 'probe' : 'probes'}`,
      roc: roc(
        judged.map(({ score, truth }) => ({ score, isFlux: truth !== 'none' })),
        FALSE_ALARM_SHARES,
      ),
      bins,
      calibrationError: expectedCalibrationError(bins),
    }
  })
}

/** The last score that was given within so many probes; the final one with null. A watch may end sooner: its last counts. */
export function scoreAt(record: Pick<WatchRecord, 'atProbes' | 'last'>, probes: number | null): number {
  if (probes === null) return record.last.score
  const place = CHECKPOINTS.findIndex((checkpoint) => checkpoint === probes)
  return record.atProbes[place]?.score ?? record.last.score
}
