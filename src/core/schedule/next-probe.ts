// When the next look is worth most. Where caches would hide a change, after the copy of the resolver that lets go first; at
// once where the authorities themselves are asked; soon while undecided, ever more seldom once settled. Jitter comes from
// hashes of names: no randomness, and no herd. Whom the look asks is decided in vantages-worth-asking.ts.
import type { Policy } from '../policy.ts'
import type { HostSeries } from '../series/host-series.ts'
import { stableFraction } from '../series/stable-hash.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import { isOpenForHost } from './outlook.ts'
import type { Outlook } from './outlook.ts'
import { vantageTurns } from './vantage-turns.ts'

/** Share of a wait that is spread by the hash of the name and the round. */
const SPREAD_RATIO = 0.05
/** Turns that lie this close together are one round. */
const TOGETHER_MS = 3_000
/** Quick looks belong to the first minute of a name. */
const QUICK_LOOKS_WITHIN_MS = 60_000

/**
 * When the host's next round is due, ms since the epoch.
 *
 * An interval that the user asked for is kept as it is, unless it is under the policy's minimum. Never sooner than the minimum
 * but for the quick looks at the direct vantage, never later than the policy's longest wait.
 */
export function nextHostProbe(series: HostSeries, outlook: Outlook, policy: Policy, now: number): number {
  if (policy.intervalSeconds !== null) {
    return now + Math.max(policy.intervalSeconds, policy.minIntervalSeconds) * 1000
  }
  if (!isOpenForHost(outlook)) return settledProbe(series, outlook, policy, now)
  if (isQuickLookWanted(series, outlook, policy, now)) {
    return now + Math.min(policy.directIntervalSeconds, policy.minIntervalSeconds) * 1000
  }
  const turns = turnsAhead(series, policy)
  if (isSeenDirectly(series, policy)) turns.push(nextDirectTurn(series, policy, now))
  return now + bounded(earliestOf(turns, now) - now, policy.undecidedMaxIntervalSeconds, series, policy)
}

/**
 * When a zone or a name server's host is due, ms since the epoch: a fixed share of the time since it last changed, so that
 * a moving one is watched closely and a quiet one seldom, though never more than an hour apart, and less where its TTL says
 * that it is meant to move. Not before some resolver lets go of its copy, unless an authority can be asked.
 */
export function nextSharedProbe(series: HostSeries | ZoneSeries, policy: Policy, now: number): number {
  const seen = series.kind === 'host' ? series.addresses.entries : delegated(series)
  const changedAt = seen.reduce((latest, { first }) => Math.max(latest, first), series.firstAt ?? now)
  const quiet = policy.sharedWaitRatio * (now - changedAt)
  const fresh = isSeenDirectly(series, policy) ? now : earliestOf(turnsAhead(series, policy), now)
  return now + bounded(Math.max(quiet, fresh - now), longestSharedWait(series, policy), series, policy)
}

/** All caches have let go, and the wait grows: the less certain the verdict, the slower. */
function settledProbe(series: HostSeries, { score }: Outlook, policy: Policy, now: number): number {
  const untilFresh = Math.max(now, ...turnsAhead(series, policy)) - now
  const lastWait = (series.lastAt ?? now) - (series.previousAt ?? series.lastAt ?? now)
  const certainty = Math.abs(2 * score - 1)
  const grown = lastWait * (1 + (policy.settledGrowthFactor - 1) * certainty)
  return now + bounded(Math.max(untilFresh, grown), policy.maxIntervalSeconds, series, policy)
}

/**
 * A name that answers each query anew shows it to the authorities' asker within seconds. Only for a name with addresses: one
 * that does not resolve has nothing to show.
 */
function isQuickLookWanted(series: HostSeries, { verdict }: Outlook, policy: Policy, now: number): boolean {
  return (
    (verdict === 'pending' || verdict === 'suspicious') &&
    isSeenDirectly(series, policy) &&
    series.rounds <= policy.directQuickLooks &&
    now - (series.firstAt ?? now) < QUICK_LOOKS_WITHIN_MS
  )
}

/** While undecided, the direct vantage waits a share of the time that the name has been watched. */
function nextDirectTurn(series: HostSeries, policy: Policy, now: number): number {
  const watchedFor = now - (series.firstAt ?? now)
  return (
    (series.lastAt ?? now) + Math.max(policy.sharedWaitRatio * watchedFor, policy.minIntervalSeconds * 1000)
  )
}

function isSeenDirectly(series: HostSeries | ZoneSeries, policy: Policy): boolean {
  return series.views.some(({ vantage }) => policy.directVantages.includes(vantage))
}

/** Turns that the latest round did not take. One that it took and that has not moved on failed: it comes along next time. */
function turnsAhead(series: HostSeries | ZoneSeries, policy: Policy): number[] {
  const lastAt = series.lastAt ?? 0
  const ahead: number[] = []
  for (const turn of vantageTurns(series, policy).values()) if (turn > lastAt) ahead.push(turn)
  return ahead
}

/** The earliest turn, a little later when others follow close behind; `now` when there is none. */
function earliestOf(turns: readonly number[], now: number): number {
  const earliest = turns.reduce((one, other) => Math.min(one, other), Infinity)
  if (earliest === Infinity) return now
  return turns.reduce((due, turn) => (turn <= earliest + TOGETHER_MS ? Math.max(due, turn) : due), earliest)
}

/** Seconds. */
function longestSharedWait(series: HostSeries | ZoneSeries, policy: Policy): number {
  const ttlSeconds =
    series.kind === 'host'
      ? series.views.reduce((longest, view) => Math.max(longest, view.ttlMaxSeconds), 0)
      : series.nsTtlMaxSeconds
  if (series.views.length === 0) return policy.maxIntervalSeconds
  const byTtl = Math.max(policy.sharedWaitTtls * ttlSeconds, policy.undecidedMaxIntervalSeconds)
  return Math.min(byTtl, policy.maxIntervalSeconds)
}

/** Everything whose coming is a change of the zone: names of name servers, and the glue that the parent gives for them. */
function delegated({ nameServers, delegation }: ZoneSeries): readonly { readonly first: number }[] {
  return [...nameServers.entries, ...(delegation?.glue ?? []).flatMap((host) => host.addresses.entries)]
}

function bounded(
  waitMs: number,
  maxSeconds: number,
  series: { readonly name: string; readonly rounds: number },
  policy: Policy,
): number {
  const max = Math.max(maxSeconds, policy.minIntervalSeconds) * 1000
  const wait = Math.max(policy.minIntervalSeconds * 1000, Math.min(waitMs, max * (1 - SPREAD_RATIO)))
  const spread = 1 + SPREAD_RATIO * stableFraction(`${series.name} ${series.rounds}`)
  return Math.min(max, Math.round(wait * spread))
}
