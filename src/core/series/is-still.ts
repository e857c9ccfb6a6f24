import type { HostSeries } from './host-series.ts'
export function isStill(before: HostSeries, after: HostSeries): boolean {
  return before.addresses.entries.length === after.addresses.entries.length
}
