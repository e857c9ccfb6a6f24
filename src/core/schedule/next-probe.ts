// When the next look is worth most. Not before the caches that answered may know something new, soon while undecided,
// ever more seldom once settled. Jitter comes from a hash of the name: no randomness, and no herd.
import type { Policy } from '../policy.ts'
import type { HostSeries } from '../series/host-series.ts'
import { stableFraction } from '../series/stable-hash.ts'
import type { ZoneSeries } from '../series/zone-series.ts'

/** A cache that counts in whole seconds has let go for sure this long after the expiry. */
const AFTER_EXPIRY_MS = 1_000
/** Share of a wait that is spread by the hash. */
const SPREAD_RATIO = 0.05
/** A longer TTL does not hold a look back: caches evict early, and farms hold several copies. */
const TTL_CEILING_SECONDS = 300

/**
 * When the host's next round is due, ms since the epoch.
 *
 * `settled`: the verdict is neither `pending` nor `suspicious`. An interval that the user asked for is kept as it is, unless it
 * is under the policy's minimum.
 */
export function nextHostProbe(series: HostSeries, settled: boolean, policy: Policy, now: number): number {
  if (policy.intervalSeconds !== null) {
    return now + Math.max(policy.intervalSeconds, policy.minIntervalSeconds) * 1000
  }
  const untilFresh = waitForCaches(series, now)
  if (!settled) return now + bounded(untilFresh, policy.undecidedMaxIntervalSeconds, series, policy)
  const lastWait = (series.lastAt ?? now) - (series.previousAt ?? series.lastAt ?? now)
  const grown = Math.max(untilFresh, lastWait * policy.settledGrowthFactor)
  return now + bounded(grown, policy.maxIntervalSeconds, series, policy)
}

/**
 * When a zone or a name server's host is due, ms since the epoch: a fixed share of the time since it last changed, so that
 * a moving one is watched closely and a quiet one seldom, though never more than an hour apart.
 */
export function nextSharedProbe(series: HostSeries | ZoneSeries, policy: Policy, now: number): number {
  const seen = series.kind === 'host' ? series.addresses.entries : delegated(series)
  const changedAt = seen.reduce((latest, { first }) => Math.max(latest, first), series.firstAt ?? now)
  const quiet = policy.sharedWaitRatio * (now - changedAt)
  const untilFresh =
    series.kind === 'host'
      ? waitForCaches(series, now)
      : Math.min(series.nsTtlMaxSeconds, TTL_CEILING_SECONDS) * 1000 + AFTER_EXPIRY_MS
  return now + bounded(Math.max(quiet, untilFresh), policy.maxIntervalSeconds, series, policy)
}

/** Everything whose coming is a change of the zone: names of name servers, and the glue that the parent gives for them. */
function delegated({ nameServers, delegation }: ZoneSeries): readonly { readonly first: number }[] {
  return [...nameServers.entries, ...(delegation?.glue ?? []).flatMap((host) => host.addresses.entries)]
}

/** Until the last of the vantages' cached copies is gone, with the ceiling. Milliseconds. */
function waitForCaches(series: HostSeries, now: number): number {
  const latest = series.views.reduce((time, view) => Math.max(time, view.expiresAt), now)
  const wait = Math.min(latest - now, TTL_CEILING_SECONDS * 1000)
  return wait + AFTER_EXPIRY_MS
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
