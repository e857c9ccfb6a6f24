// Which CNAME targets are the way to a host, and not a detour that somebody takes once or in turn: an attacker can lead any
// answer through any name. Only these are compared with the context lists.
import type { HostSeries } from '../series/host-series.ts'
import type { HostView } from '../series/host-view.ts'
import type { SeenAlias } from '../series/seen-alias.ts'

/**
 * Share of a vantage's fresh answers that must lead through a name. More than half, so that taking turns does not do whoever
 * goes first; not all, so that a site may have moved behind a CDN a while ago. Hand-set, unvalidated.
 */
export const STEADY_SHARE = 0.9

/**
 * The CNAME targets that carry the host's answers, steady at more than half of its vantages for A, and for AAAA too, as far as
 * either was answered. Per vantage, because diversity is judged at the median one; per type, so that a CNAME in
 * the AAAA answers does not excuse the A answers. Fresh answers only, because evidence rests on those. Sorted.
 */
export function steadyAliases({ chain, views }: HostSeries): string[] {
  const byType = [...Map.groupBy(views, (view) => view.type).values()]
  return chain.entries
    .filter((alias) => byType.every((ofType) => isSteadyAtMostVantages(alias, ofType)))
    .map((alias) => alias.key)
    .toSorted()
}

function isSteadyAtMostVantages(alias: SeenAlias, views: readonly HostView[]): boolean {
  return views.filter((view) => isSteadyAt(alias, view)).length > views.length / 2
}

function isSteadyAt({ uses }: SeenAlias, { vantage, type, freshAnswers }: HostView): boolean {
  const use = uses.find((one) => one.vantage === vantage && one.type === type)
  return use !== undefined && use.freshAnswers >= STEADY_SHARE * freshAnswers
}
