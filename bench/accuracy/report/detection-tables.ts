// Tables about what was called flux, and when: group by group, by probes, and for moving name servers.
import { truthOf, TRUTHS } from '../metrics/confusion.ts'
import { flaggedWithinProbes, groupRows } from '../metrics/detection.ts'
import type { GroupRow } from '../metrics/detection.ts'
import { falseAlarms } from '../metrics/false-alarms.ts'
import { nameServerFlux } from '../metrics/name-server-flux.ts'
import { shareOf, wilson } from '../metrics/share.ts'
import { CHECKPOINTS, everFlux } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { number, percent, shareText, table, time } from './markdown.ts'

export function groupTable(records: readonly WatchRecord[]): string {
  const rows = groupRows(records).filter(({ isFlux }) => isFlux)
  if (rows.length === 0) return 'None was watched.\n'
  return `${table(
    ['group', 'members', 'found', '95 %', 'suspicious', 'type right', 'time', 'TTLs', 'probes'],
    rows.map(groupCells),
  )}\n`
}

function groupCells(row: GroupRow): string[] {
  const both = (one: string, other: string): string => (one === '' ? '' : `${one}, ${other}`)
  return [
    row.group,
    String(row.members),
    percent(row.flagged.count / row.members),
    intervalText(row.flagged),
    percent(row.suspicious.count / row.members),
    shareText(row.typeRight),
    both(time(row.seconds.median), time(row.seconds.p90)),
    both(number(row.ttls.median, 1), number(row.ttls.p90, 1)),
    both(number(row.probes.median), number(row.probes.p90)),
  ]
}

function intervalText(share: { readonly count: number; readonly total: number }): string {
  const [low, high] = wilson(share)
  return `${percent(low)} to ${percent(high)}`
}

export function alarmTable(records: readonly WatchRecord[]): string {
  const { all, groups } = falseAlarms(records)
  const suspicious = new Map(groupRows(records).map((row) => [row.group, row.suspicious]))
  return `${table(
    ['group', 'members', 'called `flux`', 'share', 'at most', '`suspicious` at the end'],
    [all, ...groups].map(({ group, count, total, upper }) => [
      group,
      String(total),
      String(count),
      percent(total === 0 ? null : count / total),
      percent(upper),
      String(suspicious.get(group)?.count ?? ''),
    ]),
  )}\n`
}

export function probesTable(records: readonly WatchRecord[]): string {
  return `${table(
    ['truth', ...CHECKPOINTS.map(String), 'ever'],
    TRUTHS.map((truth) => {
      const members = records.filter((record) => truthOf(record) === truth)
      const found = CHECKPOINTS.map((probes) => flaggedWithinProbes(members, probes))
      return [
        truth,
        ...[...found, shareOf(members, everFlux)].map(({ count, total }) =>
          percent(total === 0 ? null : count / total),
        ),
      ]
    }),
  )}\n`
}

export function movingTable(records: readonly WatchRecord[]): string {
  const rows = (['ns', 'double'] as const).flatMap((type) =>
    (['resolvers', 'direct'] as const).map((way) =>
      nameServerFlux(
        `${type}, ${way === 'direct' ? 'with the direct vantage' : 'resolvers only'}`,
        records.filter((record) => record.way === way && record.truth.fluxType === type && !record.isEvasion),
      ),
    ),
  )
  return `${table(
    [
      'truth',
      'moved',
      'of these shown',
      'said within 2 probes of the change',
      'within 2 of the first look that showed it',
      'said at all',
    ],
    rows.map(({ name, moved, seen, withinTwo, withinTwoSeen, said }) => [
      name,
      shareText(moved),
      shareText(seen),
      shareText(withinTwo),
      shareText(withinTwoSeen),
      shareText(said),
    ]),
  )}\n`
}
