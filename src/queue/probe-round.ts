// One round of one target, from question to commit. The whole way of an observation can be read here from top to bottom.
import { storedObservations, type ProbeRound } from '../core/model/observation.ts'
import type { TargetId } from '../core/model/target.ts'
import type { Policy } from '../core/policy.ts'
import { nextSharedProbe } from '../core/schedule/next-probe.ts'
import { questionsFor } from '../core/schedule/questions.ts'
import { vantagesWorthAsking } from '../core/schedule/vantages-worth-asking.ts'
import { isNotableChange } from '../core/series/watermark.ts'
import { foldAndMarkHostRound, newHostSeries, type HostSeries } from '../core/series/host-series.ts'
import {
  currentNameServers,
  foldAndMarkZoneRound,
  newZoneSeries,
  type ZoneSeries,
} from '../core/series/zone-series.ts'
import { judge } from './domain-judgement.ts'
import { standsStill } from './still-round.ts'
import { forgetCleared, noteFlagged } from './flagged-agents.ts'
import type { RoundLane, RoundParts, RoundResult, RoundStore, RoundTarget } from './round-ports.ts'
import {
  dropStaleReferrers,
  namesOf,
  referHosts,
  releaseHosts,
  retire,
  zoneTarget,
} from './target-references.ts'

/** One name server can serve a hundred thousand names: a change there hastens this many of them, spread over a minute. */
const HASTENED_ZONES = 16
const HASTENED_DOMAINS_PER_ZONE = 16
const HASTEN_SPREAD_MS = 60_000
/** Every so many rounds a zone tells all its name servers that it needs them. */
const REMINDED_ROUNDS = 8

interface WholeOrPartRound extends ProbeRound {
  /** Every vantage was asked. */
  readonly isWhole: boolean
  /** For the shared targets that it makes known. */
  readonly lane: RoundLane
}

/**
 * Probes a target and commits what was seen. Rejects when the signal aborts or the store fails; nothing is half done then.
 * `isExpress`: somebody waits for it, so its questions go before others, and so do the shared targets that it makes known.
 */
export async function probeRound(
  id: TargetId,
  parts: RoundParts,
  signal?: AbortSignal,
  isExpress = false,
): Promise<RoundResult> {
  let loaded = await parts.store.load(id)
  if (!loaded.watch && (await dropStaleReferrers(loaded, parts))) loaded = await parts.store.load(id)
  if (!loaded.referenced) {
    await retire(loaded, parts.store)
    return 'gone'
  }
  const startedAt = parts.clock.now()
  const everybody = parts.prober.vantages
  const asked = vantagesWorthAsking(loaded.series, everybody, parts.policy, startedAt)
  const observations = await parts.prober.probe(questionsFor(loaded.target), signal, asked, {
    urgent: isExpress,
  })
  const round: WholeOrPartRound = {
    target: loaded.target,
    number: loaded.round + 1,
    startedAt,
    observations,
    isWhole: asked.length === everybody.length,
    lane: { tenant: loaded.tenant, isExpress },
  }
  return loaded.target.kind === 'zone' ? commitZone(loaded, round, parts) : commitHost(loaded, round, parts)
}

async function commitZone(
  loaded: RoundTarget,
  round: WholeOrPartRound,
  { store, clock, policy }: RoundParts,
): Promise<RoundResult> {
  const before = loaded.series?.kind === 'zone' ? loaded.series : null
  const { series, observations } = foldAndMarkZoneRound(before ?? newZoneSeries(loaded.target.name), round)
  const now = clock.now()
  const hosts = currentNameServers(series, now)
  const neededBefore = before ? currentNameServers(before, now) : []
  // What the zone had already it refers to; now and then all are told again, for a reference can be lost with a process.
  const isReminder = round.number % REMINDED_ROUNDS === 0
  const news = isReminder ? hosts : hosts.filter((name) => !neededBefore.includes(name))
  // Before the commit: a process that dies in between leaves a host that is watched too early, never one that is forgotten.
  await referHosts(loaded.id, news, store, now, round.lane)
  const committed = await store.commit({
    id: loaded.id,
    tenant: loaded.tenant,
    expectedRound: loaded.round,
    series,
    at: now,
    nextDueAt: sharedDueAt(series, round, policy, now),
    earliestNextAt: now + policy.minIntervalSeconds * 1000,
    observations: storedObservations({ ...round, observations }),
    domain: null,
    still: null,
    watchOver: null,
    entries: [],
  })
  const result = committed === 'unwatched' ? 'committed' : committed
  if (result === 'gone') {
    await retire({ ...loaded, series }, store)
    return result
  }
  // Committed: what this zone had and has no more. Stale: what only this round has seen; names that the other round committed
  // too are added again by the next one.
  const needed = result === 'committed' ? hosts : neededBefore
  // Once more: a host whose turn came before the commit found no zone that lists it, and has dropped the reference.
  const added = needed.filter((name) => !neededBefore.includes(name))
  await referHosts(loaded.id, added, store, now, round.lane)
  const known = new Set([...(before ? namesOf(before) : []), ...namesOf(series)])
  const left = [...known].filter((name) => !needed.includes(name))
  await releaseHosts(loaded.id, left, store)
  if (result === 'committed' && before && hasMovedGlue(before, series)) {
    await hastenDomainsOf([loaded.id], store, now)
  }
  return result
}

/** The parent gave other addresses for a name server: resolvers may hide that for days. */
function hasMovedGlue(before: ZoneSeries, after: ZoneSeries): boolean {
  return (after.delegation?.glueChanges ?? 0) > (before.delegation?.glueChanges ?? 0)
}

async function commitHost(
  loaded: RoundTarget,
  round: WholeOrPartRound,
  parts: RoundParts,
): Promise<RoundResult> {
  const { store, clock, policy } = parts
  const before = loaded.series?.kind === 'host' ? loaded.series : null
  const { series, observations } = foldAndMarkHostRound(before ?? newHostSeries(loaded.target.name), round)
  const now = clock.now()
  const { watch } = loaded
  const intervalSeconds = isOptedOut(round) ? policy.maxIntervalSeconds : (watch?.intervalSeconds ?? null)
  const still = watch && standsStill({ loaded, watch, before, series, intervalSeconds }, parts, now)
  const judged = watch && !still ? await judge({ loaded, watch, series, intervalSeconds }, parts, now) : null
  const zoneId = zoneTarget(loaded.target.name)
  // Before the commit, both: a process that dies in between does it again in its next round, for the host is still watched.
  if (judged?.watchOver) await store.removeReference(zoneId, loaded.id)
  else if (judged) await store.addReference(zoneId, loaded.id, now, round.lane)
  if (judged) await forgetCleared(judged.agentNews, parts, now)
  const committed = await store.commit({
    id: loaded.id,
    tenant: loaded.tenant,
    expectedRound: loaded.round,
    series,
    at: now,
    earliestNextAt: now + policy.minIntervalSeconds * 1000,
    // The last look falls on the end of the watch: it ends in time, with the freshest verdict.
    nextDueAt:
      still?.nextDueAt ??
      (judged
        ? Math.min(judged.assessment.nextProbeAt, judged.lookUntil)
        : sharedDueAt(series, round, policy, now)),
    observations: storedObservations({ ...round, observations }),
    domain: judged && judged.domain,
    still,
    watchOver: judged && judged.watchOver,
    entries: judged ? judged.entries : [],
  })
  // The domain was stopped while it was probed: its reference to the zone had been taken back before we made it again.
  if ((committed === 'gone' || committed === 'unwatched') && judged) {
    await store.removeReference(zoneId, loaded.id)
  }
  if (judged && committed === 'committed') await noteFlagged(judged.agentNews, parts, now)
  const result = committed === 'unwatched' ? 'committed' : committed
  if (result !== 'committed') return result
  if (before && isNotableChange(before, series)) await hastenDomains(loaded.id, parts, now)
  return result
}

function sharedDueAt(
  series: HostSeries | ZoneSeries,
  round: WholeOrPartRound,
  policy: Policy,
  now: number,
): number {
  return isOptedOut(round) ? now + policy.maxIntervalSeconds * 1000 : nextSharedProbe(series, policy, now)
}

/**
 * Nobody may be asked, by any vantage: such a target is looked at as seldom as any, whatever interval its watch asks for. It
 * stays, so that it goes on when it is taken off the list.
 */
function isOptedOut({ isWhole, observations }: WholeOrPartRound): boolean {
  return isWhole && observations.length > 0 && observations.every(({ failure }) => failure === 'opted_out')
}

/** A name server moved: the names beneath it are worth a look soon. */
async function hastenDomains(nameServer: TargetId, { store }: RoundParts, now: number): Promise<void> {
  const zones = (await store.referrersOf(nameServer, HASTENED_ZONES)).filter((id) => id.startsWith('zone:'))
  await hastenDomainsOf(zones, store, now)
}

async function hastenDomainsOf(zones: readonly TargetId[], store: RoundStore, now: number): Promise<void> {
  const domains = (
    await Promise.all(zones.map((zone) => store.referrersOf(zone, HASTENED_DOMAINS_PER_ZONE)))
  ).flat()
  const step = HASTEN_SPREAD_MS / Math.max(1, domains.length)
  await Promise.all(domains.map((domain, index) => store.hasten(domain, now + Math.round(index * step))))
}
