// What one assessment costs: CPU time of assess(), and of the view with its features inside of it.
//   npm run bench:assess
// Medians over many samples, user and system time of this process. The series are read from their stored form once, as the service
// has them. Targets (issue 4): 25 µs for a stable name, 250 µs for 1,000 addresses.
import { assess } from '../src/core/assess.ts'
import { measureFeatures } from '../src/core/features/catalogue.ts'
import { viewDomain } from '../src/core/features/domain-view.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { decodeSeries, encodeSeries } from '../src/core/series/codec.ts'
import type { DomainSeries } from '../src/core/series/domain-series.ts'
import type { HostSeries } from '../src/core/series/host-series.ts'
import type { ZoneSeries } from '../src/core/series/zone-series.ts'
import { benchNames, enrichment } from './assess-names.ts'
import { median } from './medians.ts'

const SAMPLES = 21
const SAMPLE_MS = 60

/** CPU time of one call, µs: the median over the samples, after one sample that warms up. */
function cpuPerCall(call: () => void): number {
  let calls = 1
  const figures: number[] = []
  while (figures.length <= SAMPLES) {
    const before = process.cpuUsage()
    for (let index = 0; index < calls; index += 1) call()
    const { user, system } = process.cpuUsage(before)
    const spent = user + system
    if (spent < SAMPLE_MS * 1000)
      calls = Math.max(
        calls + 1,
        Math.min(calls * 10, Math.ceil((calls * SAMPLE_MS * 1200) / Math.max(1, spent))),
      )
    else figures.push(spent / calls)
  }
  return median(figures.slice(1))
}

function asStored({ domain, host, zone, nameServers }: DomainSeries): DomainSeries {
  return {
    domain,
    host: decodeSeries(encodeSeries(host)) as HostSeries,
    zone: zone === null ? null : (decodeSeries(encodeSeries(zone)) as ZoneSeries),
    nameServers: nameServers.map((one) => decodeSeries(encodeSeries(one)) as HostSeries),
  }
}

const lines = [
  '| name | addresses held | view and features | assess() | reading the series |',
  '|---|---|---|---|---|',
]
for (const { title, series, now } of benchNames()) {
  const stored = asStored(series)
  const texts = [stored.host, stored.zone!, ...stored.nameServers].map(encodeSeries)
  const features = cpuPerCall(() => void measureFeatures(viewDomain(stored, enrichment, now)))
  const whole = cpuPerCall(() => void assess(stored, enrichment, DEFAULT_POLICY, now))
  const reading = cpuPerCall(() => texts.forEach(decodeSeries))
  const held = stored.host.addresses.entries.length
  lines.push(`| ${title} | ${held} | ${toMicros(features)} | ${toMicros(whole)} | ${toMicros(reading)} |`)
}
process.stdout.write(`${lines.join('\n')}\n`)

function toMicros(value: number): string {
  return `${value.toFixed(1)} µs`
}
