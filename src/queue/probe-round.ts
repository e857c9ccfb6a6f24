// One round of one target, from question to commit. The whole way of an observation can be read here from top to bottom.
import { assess } from '../core/assess.ts'
import { firstFlaggedAt, type VerdictBefore } from '../core/detect/verdict-change.ts'
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import type { Assessment } from '../core/model/assessment.ts'
import {
  storedObservations,
  type Observation,
  type ProbeRound,
  type StoredObservation,
} from '../core/model/observation.ts'
import type { OutboxEntry } from '../core/model/outbox.ts'
import { targetId, type Target, type TargetId } from '../core/model/target.ts'
import type { Policy } from '../core/policy.ts'
import { nextSharedProbe } from '../core/schedule/next-probe.ts'
import { questionsFor } from '../core/schedule/questions.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import { isNotableChange } from '../core/series/watermark.ts'
import { foldHostRound, newHostSeries, type HostSeries } from '../core/series/host-series.ts'
import {
  currentNameServers,
  foldZoneRound,
  newZoneSeries,
  type ZoneSeries,
} from '../core/series/zone-series.ts'
import { verdictEntry } from './verdict-entry.ts'

export interface RoundWatch extends VerdictBefore {
  readonly watchUntil: number
  readonly intervalSeconds: number | null
}

export interface RoundTarget {
  readonly id: TargetId
  readonly target: Target
  readonly round: number
  readonly series: HostSeries | ZoneSeries | null
  readonly referenced: boolean
  readonly watch: RoundWatch | null
}

/** The live state, as a round needs it. */
export interface RoundStore {
  load(id: TargetId): Promise<RoundTarget>
  seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null>
  commit(commit: {
    readonly id: TargetId
    readonly expectedRound: number
    readonly series: HostSeries | ZoneSeries
    readonly nextDueAt: number
    readonly observations: readonly StoredObservation[]
    readonly domain: (VerdictBefore & { readonly version: number; readonly assessment: Assessment }) | null
    readonly watchOver: boolean
    readonly entries: readonly OutboxEntry[]
  }): Promise<'committed' | 'stale' | 'gone'>
  addReference(id: TargetId, referrer: TargetId, dueAt: number): Promise<void>
  removeReference(id: TargetId, referrer: TargetId): Promise<void>
  retire(id: TargetId): Promise<void>
  referrersOf(id: TargetId, limit: number): Promise<TargetId[]>
  hasten(id: TargetId, dueAt: number): Promise<void>
}

export interface RoundProber {
  probe(questions: readonly Question[], signal?: AbortSignal): Promise<Observation[]>
}

export interface RoundParts {
  readonly store: RoundStore
  readonly prober: RoundProber
  readonly enrichment: Enrichment
  readonly policy: Policy
  readonly clock: Clock
}

export type RoundResult = 'committed' | 'stale' | 'gone'

/** One name server can serve a hundred thousand names: a change there hastens this many of them, spread over a minute. */
const HASTENED_ZONES = 16
const HASTENED_DOMAINS_PER_ZONE = 16
const HASTEN_SPREAD_MS = 60_000

/** Probes a target and commits what was seen. Rejects when the signal aborts or the store fails; nothing is half done then. */
export async function probeRound(
  id: TargetId,
  parts: RoundParts,
  signal?: AbortSignal,
): Promise<RoundResult> {
  const loaded = await parts.store.load(id)
  if (!loaded.referenced) {
    await retire(loaded, parts.store)
    return 'gone'
  }
  const startedAt = parts.clock.now()
  const observations = await parts.prober.probe(questionsFor(loaded.target), signal)
  const round: ProbeRound = { target: loaded.target, number: loaded.round + 1, startedAt, observations }
  return loaded.target.kind === 'zone' ? commitZone(loaded, round, parts) : commitHost(loaded, round, parts)
}

async function commitZone(
  loaded: RoundTarget,
  round: ProbeRound,
  { store, clock, policy }: RoundParts,
): Promise<RoundResult> {
  const before = loaded.series?.kind === 'zone' ? loaded.series : null
  const series = foldZoneRound(before ?? newZoneSeries(loaded.target.name), round)
  const now = clock.now()
  const hosts = currentNameServers(series, now)
  // Before the commit: a process that dies in between leaves a host that is watched too early, never one that is forgotten.
  await Promise.all(hosts.map((name) => store.addReference(targetId({ kind: 'host', name }), loaded.id, now)))
  const result = await store.commit({
    id: loaded.id,
    expectedRound: loaded.round,
    series,
    nextDueAt: nextSharedProbe(series, policy, now),
    observations: storedObservations(round),
    domain: null,
    watchOver: false,
    entries: [],
  })
  if (result === 'gone') {
    await retire({ ...loaded, series }, store)
    return result
  }
  // Committed: what this zone had and has no more. Stale: what only this round has seen; names that the other round committed
  // too are added again by the next one.
  const needed = result === 'committed' ? hosts : before ? currentNameServers(before, now) : []
  const known = [...(before?.nameServers.entries ?? []), ...series.nameServers.entries].map(
    (seen) => seen.key,
  )
  const left = [...new Set(known)].filter((name) => !needed.includes(name))
  await releaseHosts(loaded.id, left, store)
  return result
}

async function commitHost(loaded: RoundTarget, round: ProbeRound, parts: RoundParts): Promise<RoundResult> {
  const { store, clock, policy } = parts
  const before = loaded.series?.kind === 'host' ? loaded.series : null
  const series = foldHostRound(before ?? newHostSeries(loaded.target.name), round)
  const now = clock.now()
  const judged = loaded.watch && (await judge(loaded, loaded.watch, series, parts, now))
  const zoneId = zoneTarget(loaded.target.name)
  // Before the commit, both: a process that dies in between does it again in its next round, for the host is still watched.
  if (judged?.watchOver) await store.removeReference(zoneId, loaded.id)
  else if (judged) await store.addReference(zoneId, loaded.id, now)
  const shared = nextSharedProbe(series, policy, now)
  const result = await store.commit({
    id: loaded.id,
    expectedRound: loaded.round,
    series,
    nextDueAt: judged ? judged.assessment.nextProbeAt : shared,
    observations: storedObservations(round),
    domain: judged && judged.domain,
    watchOver: judged !== null && judged.watchOver,
    entries: judged ? judged.entries : [],
  })
  // The domain was stopped while it was probed: its reference to the zone had been taken back before we made it again.
  if (result === 'gone' && judged) await store.removeReference(zoneId, loaded.id)
  if (result !== 'committed') return result
  if (before && isNotableChange(before, series)) await hastenDomains(loaded.id, parts, now)
  return result
}

async function judge(
  loaded: RoundTarget,
  watch: RoundWatch,
  host: HostSeries,
  parts: RoundParts,
  now: number,
) {
  const { store, enrichment } = parts
  const zoneId = zoneTarget(loaded.target.name)
  const shared = await store.seriesOf(zoneId)
  const zone = shared?.kind === 'zone' ? shared : null
  const hosts = zone ? currentNameServers(zone, now) : []
  const companions = await Promise.all(hosts.map((name) => store.seriesOf(targetId({ kind: 'host', name }))))
  const nameServers = companions.filter((series) => series?.kind === 'host')
  const policy: Policy =
    watch.intervalSeconds === null
      ? parts.policy
      : { ...parts.policy, intervalSeconds: watch.intervalSeconds }
  const assessment = assess(
    { domain: loaded.target.name, host, zone, nameServers },
    enrichment,
    policy,
    now,
    watch.verdict,
  )
  const version = loaded.round + 1
  const watchOver = now >= watch.watchUntil
  const change = verdictEntry(watch, assessment, version)
  const { verdict, fluxType } = assessment
  const ended: OutboxEntry = { kind: 'watch-ended', domain: loaded.target.name, verdict, version, at: now }
  return {
    assessment,
    watchOver,
    domain: { verdict, fluxType, firstFlaggedAt: firstFlaggedAt(watch, assessment), version, assessment },
    entries: [...(change ? [change] : []), ...(watchOver ? [ended] : [])] as OutboxEntry[],
  }
}

/** A name server moved: the names beneath it are worth a look soon. */
async function hastenDomains(nameServer: TargetId, { store }: RoundParts, now: number): Promise<void> {
  const zones = (await store.referrersOf(nameServer, HASTENED_ZONES)).filter((id) => id.startsWith('zone:'))
  const domains = (
    await Promise.all(zones.map((zone) => store.referrersOf(zone, HASTENED_DOMAINS_PER_ZONE)))
  ).flat()
  const step = HASTEN_SPREAD_MS / Math.max(1, domains.length)
  await Promise.all(domains.map((domain, index) => store.hasten(domain, now + Math.round(index * step))))
}

async function retire(loaded: RoundTarget, store: RoundStore): Promise<void> {
  if (loaded.series?.kind === 'zone') {
    const hosts = loaded.series.nameServers.entries.map((seen) => seen.key)
    await releaseHosts(loaded.id, hosts, store)
  }
  await store.retire(loaded.id)
}

async function releaseHosts(zone: TargetId, names: readonly string[], store: RoundStore): Promise<void> {
  await Promise.all(names.map((name) => store.removeReference(targetId({ kind: 'host', name }), zone)))
}

function zoneTarget(domain: string): TargetId {
  return targetId({ kind: 'zone', name: zoneOf(domain) })
}
