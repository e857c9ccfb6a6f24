// The targets of the detector, each with what was measured. Decides what counts for which; a target that no member was watched
// for is not judged.
import type { WatchRecord } from '../watch-record.ts'
import { delays, flaggedWithinProbes, flaggedWithinSeconds, typeRight } from './detection.ts'
import { falseAlarms } from './false-alarms.ts'
import { nameServerFlux } from './name-server-flux.ts'
import { ratio, wilson } from './share.ts'
import type { Share } from './share.ts'

export interface TargetRow {
  readonly what: string
  readonly target: string
  readonly measured: string
  /** Null when nothing was measured. */
  readonly met: boolean | null
}

export interface TargetInput {
  /** All ways together. */
  readonly records: readonly WatchRecord[]
  /** The largest expected calibration error of the moments that were looked at; null of nothing. */
  readonly calibrationError: number | null
  /** CPU microseconds of one `assess()`; null when not measured. */
  readonly assessCost: { readonly stable: number; readonly thousand: number } | null
}

const DAY_SECONDS = 86_400

export function targetRows({ records, calibrationError, assessCost }: TargetInput): TargetRow[] {
  const resolvers = records.filter(({ way }) => way === 'resolvers')
  const direct = records.filter(({ way }) => way === 'direct')
  const of = (group: string): WatchRecord[] => resolvers.filter((record) => record.group === group)
  const alarms = falseAlarms(resolvers)
  const worst = alarms.groups.toSorted((a, b) => (ratio(b) ?? 0) - (ratio(a) ?? 0))[0]
  const single = delays(of('single-flux')).ttls.median
  const singleDirect = delays(direct.filter(({ group }) => group === 'single-flux')).seconds.median
  return [
    atLeast(
      'single flux called `flux` within 10 probes of 3 vantages',
      0.99,
      flaggedWithinProbes(of('single-flux'), 10),
    ),
    atLeast(
      'one-address flux called `flux` within 5 probes',
      0.97,
      flaggedWithinProbes(of('one-address-flux'), 5),
    ),
    ...(['ns-flux', 'double-flux'] as const).flatMap((group) => {
      const flux = nameServerFlux(group, of(group))
      const directly = nameServerFlux(
        group,
        direct.filter((record) => record.group === group),
      )
      return [
        atLeast(
          `${group} called so within 2 probes after a look first showed that a name server’s address changed`,
          0.98,
          flux.withinTwoSeen,
        ),
        atLeast(
          `${group} called so within 2 probes after the change itself, with the direct vantage`,
          0.98,
          directly.withinTwo,
        ),
      ]
    }),
    ...(['slow-flux', 'regional-flux'] as const).map((group) =>
      atLeast(`${group} called \`flux\` within 24 h`, 0.9, flaggedWithinSeconds(of(group), DAY_SECONDS)),
    ),
    atMost('benign members called `flux`, all groups together', 0.0005, alarms.all),
    worst === undefined
      ? row('benign members called `flux`, worst group', '≤ 1 %', null, '')
      : atMost(`benign members called \`flux\`, worst group (${worst.group})`, 0.01, worst),
    atLeast('type right, given `flux`', 0.98, typeRight(resolvers)),
    row(
      'single flux, median time to `flux`, resolvers only',
      '≤ 2 TTLs',
      single === null ? null : single <= 2,
      single === Infinity ? 'never' : `${single?.toFixed(1)} TTLs`,
    ),
    row(
      'single flux, median time to `flux`, with the direct vantage',
      '≤ 10 s',
      singleDirect === null ? null : singleDirect <= 10,
      singleDirect === Infinity ? 'never' : `${singleDirect?.toFixed(0)} s`,
    ),
    row(
      'calibration error of `score`, the worst moment',
      '≤ 0.02',
      calibrationError === null ? null : calibrationError <= 0.02,
      calibrationError?.toFixed(4) ?? '',
    ),
    row(
      '`assess()` of a stable name, CPU',
      '≤ 25 µs',
      assessCost === null ? null : assessCost.stable <= 25,
      `${assessCost?.stable.toFixed(0)} µs`,
    ),
    row(
      '`assess()` of a name with 1,000 addresses, CPU',
      '≤ 250 µs',
      assessCost === null ? null : assessCost.thousand <= 250,
      `${assessCost?.thousand.toFixed(0)} µs`,
    ),
  ]
}

function atLeast(what: string, least: number, share: Share): TargetRow {
  const value = ratio(share)
  return row(what, `≥ ${least * 100} %`, value === null ? null : value >= least, told(share))
}

function atMost(what: string, most: number, share: Share): TargetRow {
  const value = ratio(share)
  return row(what, `≤ ${most * 100} %`, value === null ? null : value <= most, told(share))
}

function row(what: string, target: string, met: boolean | null, measured: string): TargetRow {
  return { what, target, met, measured: met === null ? '' : measured }
}

/** For example `98.7 % (148 of 150; 95.3 to 99.6 %)`. */
function told(share: Share): string {
  const [low, high] = wilson(share)
  const percent = (value: number): string => (value * 100).toFixed(value < 0.01 ? 3 : 1)
  const { count, total } = share
  return `${percent(count / total)} % (${count} of ${total}; ${percent(low)} to ${percent(high)} %)`
}
