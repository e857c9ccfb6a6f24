// Tables about labelled recordings, whoever replayed them: verdicts, delays, campaigns, the panel, and the wrong ones by name.
import { sayingOf, SAYINGS } from '../metrics/confusion.ts'
import { quantile, shareOf, wilson } from '../metrics/share.ts'
import type { Share } from '../metrics/share.ts'
import { number, percent, table } from '../report/markdown.ts'
import type { Label } from './labels.ts'
import type { FluxType, PanelOpinion, VerdictName } from '../../../src/core/model/assessment.ts'

export interface JudgedSeries {
  readonly set: string
  readonly domain: string
  readonly label: Label
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly score: number
  readonly responses: number
  /** Responses until `flux` was said for the first time; null when it never was. */
  readonly flaggedAfter: number | null
  readonly panel: readonly Pick<PanelOpinion, 'detector' | 'value' | 'flags'>[]
}

export function recordedTables(judged: readonly JudgedSeries[]): string {
  const groups = [
    ...Map.groupBy(judged, ({ set, label }) => [set, label.className, label.campaign].join(' ').trim()),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return [
    'Final verdicts:',
    verdictTable(groups),
    'Campaign by campaign: how many responses it took until the verdict was `flux` for the first time.',
    delayTable(groups),
    summaryTable(judged),
    'The panel on the same series:',
    panelTable(judged),
    wrongByName(judged),
  ].join('\n\n')
}

type Group = readonly [name: string, members: readonly JudgedSeries[]]

function verdictTable(groups: readonly Group[]): string {
  return table(
    ['recording, class, campaign', 'domains', ...SAYINGS],
    groups.map(([name, all]) => [
      name,
      String(all.length),
      ...SAYINGS.map((saying) => String(all.filter((one) => sayingOf(one) === saying).length)),
    ]),
  )
}

function delayTable(groups: readonly Group[]): string {
  return table(
    ['campaign', 'found', 'domains flagged', 'least responses', 'median', '90 %', 'most'],
    groups
      .filter(([, all]) => all.some(({ label }) => label.isFlux))
      .map(([name, all]) => {
        const after = all.flatMap(({ flaggedAfter }) => flaggedAfter ?? [])
        return [
          name,
          after.length > 0 ? 'yes' : '**no**',
          `${after.length} of ${all.length} (${percent(after.length / all.length)})`,
          ...[0, 0.5, 0.9, 1].map((share) => number(quantile(after, share))),
        ]
      }),
  )
}

function summaryTable(judged: readonly JudgedSeries[]): string {
  const flux = judged.filter(({ label }) => label.isFlux)
  const benign = judged.filter(({ label }) => !label.isFlux)
  const isCalledFlux = ({ verdict }: JudgedSeries): boolean => verdict === 'flux'
  const decided = benign.filter(({ verdict }) => verdict !== 'pending')
  const row = (name: string, share: Share): string[] => {
    const [low, high] = wilson(share)
    return [name, `${share.count} of ${share.total}`, `${percent(low)} to ${percent(high)}`]
  }
  return table(
    ['figure', 'count', '95 % interval (Wilson)'],
    [
      row('labelled flux, called flux', shareOf(flux, isCalledFlux)),
      row(
        'labelled flux and called so, type right',
        shareOf(flux.filter(isCalledFlux), ({ label, fluxType }) => label.kind === fluxType),
      ),
      row('labelled benign, called flux, of all', shareOf(benign, isCalledFlux)),
      row('labelled benign, called flux, of those decided', shareOf(decided, isCalledFlux)),
    ],
  )
}

/** Counted over all series: a detector that is not defined on a series does not flag it. */
function panelTable(judged: readonly JudgedSeries[]): string {
  const detectors = [...new Set(judged.flatMap(({ panel }) => panel.map(({ detector }) => detector)))]
  const flagged = (detector: string, isFlux: boolean): string => {
    const all = judged.filter(({ label }) => label.isFlux === isFlux)
    const share = shareOf(all, ({ panel }) => panel.some((one) => one.detector === detector && one.flags))
    return `${share.count} of ${share.total}`
  }
  return table(
    ['detector', 'labelled flux, flagged', 'labelled benign, flagged'],
    detectors.map((detector) => [detector, flagged(detector, true), flagged(detector, false)]),
  )
}

function wrongByName(judged: readonly JudgedSeries[]): string {
  const alarms = judged.filter(({ label, flaggedAfter }) => !label.isFlux && flaggedAfter !== null)
  const missed = judged.filter(({ label, verdict }) => label.isFlux && verdict !== 'flux')
  const cells = ({ set, domain, responses, verdict, fluxType, score }: JudgedSeries): string[] => [
    set,
    domain,
    String(responses),
    sayingOf({ verdict, fluxType }),
    number(score, 4),
  ]
  const head = ['recording', 'domain', 'responses', 'verdict at the end', 'score']
  return [
    alarms.length === 0
      ? 'No series that is labelled benign was called `flux` at any time.'
      : `Labelled benign and called \`flux\` at some time:\n\n${table(head, alarms.map(cells))}`,
    missed.length === 0
      ? 'No series that is labelled flux was missed at its end.'
      : `Labelled flux and not called so at the end:\n\n${table(head, missed.map(cells))}`,
  ].join('\n\n')
}
