// The bench's part of docs/accuracy.md: every table about the simulated population.
import { FINE_EDGES, reliability } from '../metrics/calibration.ts'
import { confusion, SAYINGS, truthOf, TRUTHS } from '../metrics/confusion.ts'
import { delays, flaggedWithinProbes, groupRows, typeRight } from '../metrics/detection.ts'
import type { GroupRow } from '../metrics/detection.ts'
import { falseAlarms } from '../metrics/false-alarms.ts'
import type { Moment } from '../metrics/moments.ts'
import { nameServerFlux } from '../metrics/name-server-flux.ts'
import { panelRows } from '../metrics/panel-rates.ts'
import { shareOf, wilson } from '../metrics/share.ts'
import type { TargetRow } from '../metrics/targets.ts'
import { CHECKPOINTS, everFlux, WAYS } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { number, percent, shareText, table, time } from './markdown.ts'
import { wrongOnes } from './wrong-ones.ts'
import type { Priors } from '../../../src/core/policy.ts'

export interface PopulationReport {
  readonly command: string
  readonly model: string
  readonly split: string
  readonly seed: number
  /** All ways together. */
  readonly records: readonly WatchRecord[]
  readonly targets: readonly TargetRow[]
  /** Of the members watched through resolvers. */
  readonly moments: readonly Moment[]
  readonly priors: Priors
}

export function populationReport(report: PopulationReport): string {
  const resolvers = report.records.filter(({ way }) => way === 'resolvers')
  return [
    introduction(report, resolvers),
    '### Targets\n',
    targetTable(report.targets),
    '### Truth and verdict\n',
    'Final verdicts of all members, three resolvers, everything known of addresses.\n',
    confusionTable(resolvers),
    '### Flux, group by group\n',
    'Found: `flux` was said at any time. Quantiles are of the found: virtual time, the same in TTLs of the addresses, and probes, to the first `flux`. A probe is one question for A to each of the three resolvers; a round that spares a resolver whose copy is still valid is less than one.\n',
    groupTable(resolvers.filter(({ isEvasion }) => !isEvasion)),
    'Evasions of published detectors:\n',
    groupTable(resolvers.filter(({ isEvasion }) => isEvasion)),
    `Type right, given \`flux\`: ${shareText(typeRight(resolvers))}.\n`,
    '### False alarms\n',
    'Benign members that were called `flux` at any time. The upper end is of the 95 % interval (Wilson).\n',
    alarmTable(resolvers),
    '### Accuracy against the number of probes\n',
    'Share of the members that had been called `flux` after so many probes. `none` are the false alarms.\n',
    probesTable(resolvers),
    '### Moving name servers\n',
    'The clock starts at the first change of a name server’s address in truth. It shows when some look, of a resolver whose copy is gone or of the direct vantage, brings the new address. Probes are rounds of the busiest among the zone and its name servers.\n',
    movingTable(report.records),
    '### What else was known, and who was asked\n',
    waysTable(report.records),
    '### Ranking\n',
    'AUC is the chance that a flux member scores higher than a benign one; then the share of flux found at the bar that lets so many false alarms pass.\n',
    rankingTable(report.moments),
    '### Calibration\n',
    calibration(report, resolvers),
    '### The panel on the same members\n',
    'What each published detector says at the end of the same watches, where it is defined.\n',
    panelTable(resolvers),
    '### What was wrong\n',
    wrongOnes(resolvers),
  ].join('\n')
}

function introduction(
  { command, model, split, seed }: PopulationReport,
  all: readonly WatchRecord[],
): string {
  const flux = all.filter(({ truth }) => truth.fluxType !== null).length
  const groups = new Set(all.map(({ group }) => group)).size
  return `\`${command}\`: model ${model}, population \`${split}\`, seed ${seed}. ${all.length} names of ${groups} groups are watched in virtual time, ${flux} of them flux: ${((all.length - flux) / Math.max(1, flux)).toFixed(1)} look-alikes for each. Shares that follow have their 95 % interval (Wilson) where one matters.\n`
}

function targetTable(targets: readonly TargetRow[]): string {
  return `${table(
    ['', 'target', 'measured', ''],
    targets.map(({ what, target, measured, met }) => [
      what,
      target,
      measured,
      met === null ? 'not judged' : met ? 'met' : '**missed**',
    ]),
  )}\n`
}

function confusionTable(records: readonly WatchRecord[]): string {
  const counts = confusion(records)
  return `${table(
    ['truth', 'members', ...SAYINGS],
    TRUTHS.map((truth) => {
      const row = counts[truth]
      const members = SAYINGS.reduce((sum, saying) => sum + row[saying], 0)
      return [truth, String(members), ...SAYINGS.map((saying) => String(row[saying]))]
    }),
  )}\n`
}

function groupTable(records: readonly WatchRecord[]): string {
  const rows = groupRows(records).filter(({ isFlux }) => isFlux)
  if (rows.length === 0) return 'None was watched.\n'
  return `${table(
    ['group', 'members', 'found', '95 %', 'suspicious', 'type right', 'time', 'TTLs', 'probes'],
    rows.map(groupCells),
  )}\n\nTime, TTLs and probes: median, then the 90 % quantile.\n`
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

function alarmTable(records: readonly WatchRecord[]): string {
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

function probesTable(records: readonly WatchRecord[]): string {
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

function movingTable(records: readonly WatchRecord[]): string {
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

const WAY_TEXT = {
  resolvers: 'three resolvers; ASN, owner’s name, country, PTR',
  direct: 'the same and the direct vantage',
  'no-names': 'three resolvers; ASN and country alone',
  'no-database': 'three resolvers; no database',
} as const

function waysTable(records: readonly WatchRecord[]): string {
  return `${table(
    ['watched by', 'flux', 'found', 'type right', 'single flux: median time', 'benign', 'false alarms'],
    WAYS.map((way) => {
      const own = records.filter((record) => record.way === way)
      const flux = own.filter(({ truth }) => truth.fluxType !== null)
      const alarms = falseAlarms(own).all
      return [
        WAY_TEXT[way],
        String(flux.length),
        percent(flux.length === 0 ? null : shareOf(flux, everFlux).count / flux.length),
        shareText(typeRight(own)),
        time(delays(own.filter(({ group }) => group === 'single-flux')).seconds.median),
        String(alarms.total),
        `${alarms.count} (at most ${percent(alarms.upper)})`,
      ]
    }),
  )}\n\nShares of the members are watched in the other ways; the rows are not about the same ones.\n`
}

function rankingTable(moments: readonly Moment[]): string {
  return `${table(
    ['score', 'AUC', 'at 0.05 %', 'at 0.1 %', 'at 1 %'],
    moments.map(({ name, roc }) => [name, number(roc.auc, 5), ...roc.tprAt.map(percent)]),
  )}\n`
}

function calibration({ moments, priors }: PopulationReport, records: readonly WatchRecord[]): string {
  const fine = reliability(
    records.map((record) => ({ score: record.last.score, truth: truthOf(record) })),
    priors,
    FINE_EDGES,
  )
  const binRows = (bins: typeof fine): string[][] =>
    bins
      .filter(({ members }) => members > 0)
      .map(({ from, to, members, meanScore, fluxShare }) => [
        `${from} to ${to}`,
        String(members),
        number(meanScore, 4),
        number(fluxShare, 4),
      ])
  const head = ['score', 'members', 'mean score', 'share that fluxes']
  return [
    `The bench draws much more flux than there is, so each member is weighed: the truths get the shares of the policy’s prior (none ${priors.none}, single ${priors.single}, NS ${priors.ns}, double ${priors.double}), and within a truth all members weigh the same. The expected calibration error is the mean distance between score and share over ten bins of equal width, weighed by what lies in them.\n`,
    table(
      ['score', 'expected calibration error'],
      moments.map(({ name, calibrationError }) => [name, calibrationError.toFixed(4)]),
    ),
    '\n![Reliability diagram](accuracy-reliability.svg)\n',
    'At the end of the watch, in bins of equal width:\n',
    table(head, binRows([...moments.at(-1)!.bins])),
    '\nand fine at both ends:\n',
    table(head, binRows(fine)),
    '',
  ].join('\n')
}

function panelTable(records: readonly WatchRecord[]): string {
  const own = {
    found: shareOf(
      records.filter(({ truth }) => truth.fluxType !== null),
      ({ last }) => last.verdict === 'flux',
    ),
    falseAlarms: shareOf(
      records.filter(({ truth }) => truth.fluxType === null),
      ({ last }) => last.verdict === 'flux',
    ),
  }
  return `${table(
    ['detector', 'flux found', 'false alarms', 'not defined'],
    [
      ['fluxwatch, `flux` at the end', shareText(own.found), shareText(own.falseAlarms), ''],
      ...panelRows(records).map((row) => [
        row.detector,
        shareText(row.found),
        shareText(row.falseAlarms),
        percent(row.undefined.count / Math.max(1, row.undefined.total)),
      ]),
    ],
  )}\n`
}
