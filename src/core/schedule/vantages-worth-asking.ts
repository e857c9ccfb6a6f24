// Whom a round asks. A resolver that still holds the copy which it has shown tells nothing new and is left in peace; an
// authority always answers out of its zone data.
import type { Policy } from '../policy.ts'
import type { HostSeries } from '../series/host-series.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import { vantageTurns } from './vantage-turns.ts'

/**
 * Those of `vantages` that a round which begins now asks: their ids, in the order given, at least one (unless none is given).
 * `series`: of the target; null before its first round. `now`: ms since the epoch.
 *
 * Worth asking: the direct vantages; a resolver that has not given an answer yet, whose copy is gone, or whose latest look
 * failed (its copy was gone before). When that is nobody, the resolver whose turn comes first. Sooner than the least interval
 * after the latest round, the direct vantages alone.
 */
export function vantagesWorthAsking(
  series: HostSeries | ZoneSeries | null,
  vantages: readonly string[],
  policy: Policy,
  now: number,
): readonly string[] {
  if (series === null || series.lastAt === null) return vantages
  const direct = vantages.filter((vantage) => policy.directVantages.includes(vantage))
  const isQuickLook = now < series.lastAt + policy.minIntervalSeconds * 1000
  if (isQuickLook && direct.length > 0) return direct
  const turns = vantageTurns(series, policy)
  const turnOf = (vantage: string): number => turns.get(vantage) ?? -Infinity
  const worth = vantages.filter((vantage) => turnOf(vantage) <= now)
  if (worth.length > 0) return worth
  const first = vantages.reduce((time, vantage) => Math.min(time, turnOf(vantage)), Infinity)
  return vantages.filter((vantage) => turnOf(vantage) === first).slice(0, 1)
}
