// Tables about the score: how well it ranks, and whether it means what it says.
import { FINE_EDGES, reliability } from '../metrics/calibration.ts'
import { truthOf } from '../metrics/confusion.ts'
import type { Moment } from '../metrics/moments.ts'
import type { WatchRecord } from '../watch-record.ts'
import { number, percent, table } from './markdown.ts'
import type { Priors } from '../../../src/core/policy.ts'

export function rankingTable(moments: readonly Moment[]): string {
  return `${table(
    ['score', 'AUC', 'at 0.05 %', 'at 0.1 %', 'at 1 %'],
    moments.map(({ name, roc }) => [name, number(roc.auc, 5), ...roc.tprAt.map(percent)]),
  )}\n`
}

export function calibrationTables(
  moments: readonly Moment[],
  priors: Priors,
  records: readonly WatchRecord[],
): string {
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
