// What one `assess()` costs: CPU time, user and system, of this process. The one measurement that bench/assess.ts prints and the
// accuracy bench compares with its targets. The series are read from their stored form once, as the service has them.
import { assess } from '../../src/core/assess.ts'
import { measureFeatures } from '../../src/core/features/catalogue.ts'
import { viewDomain } from '../../src/core/features/domain-view.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { decodeSeries, encodeSeries } from '../../src/core/series/codec.ts'
import type { DomainSeries } from '../../src/core/series/domain-series.ts'
import type { HostSeries } from '../../src/core/series/host-series.ts'
import type { ZoneSeries } from '../../src/core/series/zone-series.ts'
import { benchNames, enrichment } from '../assess-names.ts'
import type { BenchName } from '../assess-names.ts'
import { median } from '../medians.ts'

const SAMPLES = 21
const SAMPLE_MS = 60

/** Microseconds of one call, the median over many samples. */
export interface AssessCost {
  readonly title: string
  /** Addresses of the host that the series holds. */
  readonly held: number
  readonly features: number
  readonly assess: number
  /** Of reading all series of the name from their stored form. */
  readonly reading: number
}

export function costOf({ title, series, now }: BenchName): AssessCost {
  const kept = [series.host, ...(series.zone === null ? [] : [series.zone]), ...series.nameServers].map(
    (one) => ({ name: one.name, bytes: encodeSeries(one) }),
  )
  const stored = asStored(series)
  return {
    title,
    held: stored.host.addresses.entries.length,
    features: cpuPerCall(() => void measureFeatures(viewDomain(stored, enrichment, now))),
    assess: cpuPerCall(() => void assess(stored, enrichment, DEFAULT_POLICY, now)),
    reading: cpuPerCall(() => kept.forEach(({ name, bytes }) => decodeSeries(bytes, name))),
  }
}

/** Of a stable name, and of one with a thousand addresses, both at three vantages; microseconds. */
export function measureAssess(): { readonly stable: number; readonly thousand: number } {
  const [stable, thousand] = benchNames()
  return { stable: costOf(stable!).assess, thousand: costOf(thousand!).assess }
}

/** CPU time of one call, µs: the median over the samples, after one sample that warms up. */
export function cpuPerCall(call: () => void): number {
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
    host: decodeSeries(encodeSeries(host), host.name) as HostSeries,
    zone: zone === null ? null : (decodeSeries(encodeSeries(zone), zone.name) as ZoneSeries),
    nameServers: nameServers.map((one) => decodeSeries(encodeSeries(one), one.name) as HostSeries),
  }
}
