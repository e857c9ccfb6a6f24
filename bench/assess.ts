// What one assessment costs, and what a round of a settled name costs beside it: CPU time of assess(), of the view with its features
// inside of it, and of reading, folding, comparing and writing a series; and the bytes that are stored.
//   npm run bench:assess
// Medians over many samples. Targets (issue 4): 25 µs for a stable name, 250 µs for 1,000 addresses.
import { costOf, cpuPerCall } from './accuracy/assess-cost.ts'
import { benchNames } from './assess-names.ts'
import { ROUNDS, hostRound, settledHost, settledZone } from './settled-name.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { nextHostProbe } from '../src/core/schedule/next-probe.ts'
import { vantagesWorthAsking } from '../src/core/schedule/vantages-worth-asking.ts'
import { decodeSeries, encodeSeries } from '../src/core/series/codec.ts'
import { foldHostRound } from '../src/core/series/host-series.ts'
import type { HostSeries } from '../src/core/series/host-series.ts'
import { isStill } from '../src/core/series/still-round.ts'
import type { ZoneSeries } from '../src/core/series/zone-series.ts'

const lines = [
  '| name | addresses held | view and features | assess() | reading the series |',
  '|---|---|---|---|---|',
]
for (const name of benchNames()) {
  const { title, held, features, assess, reading } = costOf(name)
  lines.push(`| ${title} | ${held} | ${toMicros(features)} | ${toMicros(assess)} | ${toMicros(reading)} |`)
}

lines.push('', `A settled name after ${ROUNDS} rounds:`, '')
lines.push('| what | A, no AAAA | A and AAAA | target | zone | target |', '|---|---|---|---|---|---|')
const ofA = costOfHost(false)
const ofBoth = costOfHost(true)
const ofZone = costOfStore(settledZone())
lines.push(
  `| stored | ${ofA.bytes} bytes | ${ofBoth.bytes} bytes | 220 bytes | ${ofZone.bytes} bytes | 160 bytes |`,
  row('decode', ofA.decode, ofBoth.decode, 4, ofZone.decode),
  row('encode', ofA.encode, ofBoth.encode, 5, ofZone.encode),
  row('fold of a round, six observations', ofA.fold, ofBoth.fold, 10),
  row('isStill', ofA.still, ofBoth.still, 1),
  row('vantagesWorthAsking', ofA.worth, ofBoth.worth, 1.5),
  row('nextHostProbe', ofA.next, ofBoth.next, 1.5),
)
process.stdout.write(`${lines.join('\n')}\n`)

function costOfStore(series: HostSeries | ZoneSeries): { bytes: number; decode: number; encode: number } {
  const bytes = encodeSeries(series)
  const stored = decodeSeries(bytes, series.name)
  return {
    bytes: bytes.length,
    decode: cpuPerCall(() => void decodeSeries(bytes, series.name)),
    encode: cpuPerCall(() => void encodeSeries(stored)),
  }
}

function costOfHost(hasAaaa: boolean) {
  const settled = settledHost(hasAaaa)
  // As the service has it: out of the store.
  const series = decodeSeries(encodeSeries(settled), settled.name) as HostSeries
  const round = hostRound(ROUNDS + 1, hasAaaa)
  const after = foldHostRound(series, round)
  if (!isStill(series, after)) throw new Error('The round of a settled name is not still')
  const vantages = [...new Set(series.views.map(({ vantage }) => vantage))]
  const outlook = { verdict: 'no_flux_seen', fluxType: null, score: 0.001, typeSettled: true } as const
  return {
    ...costOfStore(settled),
    fold: cpuPerCall(() => void foldHostRound(series, round)),
    still: cpuPerCall(() => void isStill(series, after)),
    worth: cpuPerCall(() => void vantagesWorthAsking(series, vantages, DEFAULT_POLICY, round.startedAt)),
    next: cpuPerCall(() => void nextHostProbe(after, outlook, DEFAULT_POLICY, round.startedAt + 500)),
  }
}

function row(what: string, plain: number, dual: number, target: number, zone?: number): string {
  const last = zone === undefined ? '' : toMicros(zone)
  return `| ${what} | ${toMicros(plain)} | ${toMicros(dual)} | ${target} µs | ${last} | |`
}

function toMicros(value: number): string {
  return `${value.toFixed(value < 1 ? 2 : 1)} µs`
}
