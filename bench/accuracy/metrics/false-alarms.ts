// Benign members that were called `flux` at any time of their watch: whoever listens to the webhook has had the alarm.
import { everFlux } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { shareOf, wilson } from './share.ts'
import type { Share } from './share.ts'

export interface FalseAlarmRow extends Share {
  readonly group: string
  /** Upper end of the 95 % interval. */
  readonly upper: number
}

export interface FalseAlarms {
  readonly all: FalseAlarmRow
  /** In order of first appearance. */
  readonly groups: readonly FalseAlarmRow[]
  readonly records: readonly WatchRecord[]
}

export function falseAlarms(records: readonly WatchRecord[]): FalseAlarms {
  const benign = records.filter(({ truth }) => truth.fluxType === null)
  return {
    all: rowOf('all together', benign),
    groups: [...Map.groupBy(benign, ({ group }) => group)].map(([group, members]) => rowOf(group, members)),
    records: benign.filter(everFlux),
  }
}

function rowOf(group: string, members: readonly WatchRecord[]): FalseAlarmRow {
  const share = shareOf(members, everFlux)
  return { group, ...share, upper: wilson(share)[1] }
}
