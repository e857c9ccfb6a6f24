// The bench's part of docs/accuracy.md: every table about the simulated population.
import { confusion, SAYINGS, TRUTHS } from '../metrics/confusion.ts'
import { typeRight } from '../metrics/detection.ts'
import type { Moment } from '../metrics/moments.ts'
import type { TargetRow } from '../metrics/targets.ts'
import type { WatchRecord } from '../watch-record.ts'
import { panelTable, waysTable } from './comparison-tables.ts'
import { alarmTable, groupTable, movingTable, probesTable } from './detection-tables.ts'
import { shareText, table } from './markdown.ts'
import { calibrationTables, rankingTable } from './score-tables.ts'
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
    'Found: `flux` was said at any time. Virtual time, the same in TTLs of the addresses, and probes, to the first `flux`: the median of all members, then the 90 % quantile; `never` where so many were not found. A probe is one question for A to each of the three resolvers; a round that spares a resolver whose copy is still valid is less than one.\n',
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
    calibrationTables(report.moments, report.priors, resolvers),
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
