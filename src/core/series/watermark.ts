// Decides whether a round of a shared host is worth telling the domains that it serves.
import type { HostSeries } from './host-series.ts'

/**
 * Whether a name server's addresses changed: an address is new, and a vantage saw it that had answers before. What a
 * vantage sees first is no change, however much the vantages differ among each other.
 */
export function isNotableChange(before: HostSeries, after: HostSeries): boolean {
  const known = new Set(before.addresses.entries.map((seen) => seen.key))
  const looked = new Set(before.views.map((view) => `${view.vantage} ${view.type}`))
  return after.addresses.entries.some(
    (seen) => !known.has(seen.key) && seen.vantages.some((vantage) => looked.has(`${vantage} ${seen.type}`)),
  )
}
