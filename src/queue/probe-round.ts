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
import { foldAndMarkHostRound, newHostSeries, type HostSeries } from '../core/series/host-series.ts'
import {
  currentNameServers,
  foldAndMarkZoneRound,
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

interface JudgedDomain extends VerdictBefore {
  /** As it was loaded. A domain that stands otherwise at the commit was watched anew, and the round is stale. */
  readonly judgedAgainst: VerdictBefore
  readonly version: number
  readonly assessment: Assessment
}

/** `stale`: another round came first, or the domain was watched anew · `gone`: nobody needs the target. Neither writes. */
export type RoundResult = 'committed' | 'stale' | 'gone'

/** The live state, as a round needs it. `unwatched`: committed, but the domain was stopped, and its verdict is not written. */
export interface RoundStore {
  load(id: TargetId): Promise<RoundTarget>
  seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null>
  commit(commit: {
    readonly id: TargetId
    readonly expectedRound: number
    readonly series: HostSeries | ZoneSeries
    readonly at: number
    readonly nextDueAt: number
    /** Nobody gets the target sooner, not even who hastens it; ms. */
    readonly earliestNextAt: number
    readonly observations: readonly StoredObservation[]
    readonly domain: JudgedDomain | null
    readonly watchOver: boolean
    readonly entries: readonly OutboxEntry[]
  }): Promise<RoundResult | 'unwatched'>
  addReference(id: TargetId, referrer: TargetId, dueAt: number): Promise<void>
  removeReference(id: TargetId, referrer: TargetId): Promise<void>
  retire(id: TargetId): Promise<void>
  referrersOf(id: TargetId, limit: number): Promise<TargetId[]>
  /** Whether the target is the host of a watched domain. */
  isWatched(id: TargetId): Promise<boolean>
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

/** One name server can serve a hundred thousand names: a change there hastens this many of them, spread over a minute. */
const HASTENED_ZONES = 16
const HASTENED_DOMAINS_PER_ZONE = 16
const HASTEN_SPREAD_MS = 60_000
/** Who refers to a target is looked into at each of its turns, this many at a time. */
const EXAMINED_REFERRERS = 16

/** Probes a target and commits what was seen. Rejects when the signal aborts or the store fails; nothing is half done then. */
export async function probeRound(
  id: TargetId,
  parts: RoundParts,
  signal?: AbortSignal,
): Promise<RoundResult> {
  let loaded = await parts.store.load(id)
  if (!loaded.watch && (await dropStaleReferrers(loaded, parts))) loaded = await parts.store.load(id)
  if (!loaded.referenced) {
    await retire(loaded, parts.store)
    return 'gone'
  }
  const startedAt = parts.clock.now()
  const observations = await parts.prober.probe(questionsFor(loaded.target), signal)
  const round: ProbeRound = { target: loaded.target, number: loaded.round + 1, startedAt, observations }
  return loaded.target.kind === 'zone' ? commitZone(loaded, round, parts) : commitHost(loaded, round, parts)
}

/**
 * A process that dies between two steps, or a domain that is stopped while it is probed, can leave a reference that nobody
 * takes back. Each unwatched target looks into some at its turn. Answers whether any was dropped. Idempotent; one that is
 * dropped a moment too early is made again by the referrer's next round.
 */
async function dropStaleReferrers(loaded: RoundTarget, { store, clock }: RoundParts): Promise<boolean> {
  const referrers = await store.referrersOf(loaded.id, EXAMINED_REFERRERS)
  const now = clock.now()
  const needs = await Promise.all(
    referrers.map((referrer) => isNeededBy(referrer, loaded.target, store, now)),
  )
  const stale = referrers.filter((_, index) => !needs[index])
  await Promise.all(stale.map((referrer) => store.removeReference(loaded.id, referrer)))
  return stale.length > 0
}

/** A host needs its zone while its domain is watched; a zone needs the hosts of its name servers while somebody needs it. */
async function isNeededBy(id: TargetId, target: Target, store: RoundStore, now: number): Promise<boolean> {
  if (id.startsWith('host:')) return store.isWatched(id)
  const { series, referenced } = await store.load(id)
  // Without a series the zone is in its first round: what it commits is not known yet.
  return referenced && (series?.kind !== 'zone' || currentNameServers(series, now).includes(target.name))
}

async function commitZone(
  loaded: RoundTarget,
  round: ProbeRound,
  { store, clock, policy }: RoundParts,
): Promise<RoundResult> {
  const before = loaded.series?.kind === 'zone' ? loaded.series : null
  const { series, observations } = foldAndMarkZoneRound(before ?? newZoneSeries(loaded.target.name), round)
  const now = clock.now()
  const hosts = currentNameServers(series, now)
  // Before the commit: a process that dies in between leaves a host that is watched too early, never one that is forgotten.
  await referHosts(loaded.id, hosts, store, now)
  const committed = await store.commit({
    id: loaded.id,
    expectedRound: loaded.round,
    series,
    at: now,
    nextDueAt: nextSharedProbe(series, policy, now),
    earliestNextAt: now + policy.minIntervalSeconds * 1000,
    observations: storedObservations({ ...round, observations }),
    domain: null,
    watchOver: false,
    entries: [],
  })
  const result = committed === 'unwatched' ? 'committed' : committed
  if (result === 'gone') {
    await retire({ ...loaded, series }, store)
    return result
  }
  // Committed: what this zone had and has no more. Stale: what only this round has seen; names that the other round committed
  // too are added again by the next one.
  const neededBefore = before ? currentNameServers(before, now) : []
  const needed = result === 'committed' ? hosts : neededBefore
  // Once more: a host whose turn came before the commit found no zone that lists it, and has dropped the reference.
  const added = needed.filter((name) => !neededBefore.includes(name))
  await referHosts(loaded.id, added, store, now)
  const known = new Set([...(before ? namesOf(before) : []), ...namesOf(series)])
  const left = [...known].filter((name) => !needed.includes(name))
  await releaseHosts(loaded.id, left, store)
  return result
}

async function commitHost(loaded: RoundTarget, round: ProbeRound, parts: RoundParts): Promise<RoundResult> {
  const { store, clock, policy } = parts
  const before = loaded.series?.kind === 'host' ? loaded.series : null
  const { series, observations } = foldAndMarkHostRound(before ?? newHostSeries(loaded.target.name), round)
  const now = clock.now()
  const judged = loaded.watch && (await judge(loaded, loaded.watch, series, parts, now))
  const zoneId = zoneTarget(loaded.target.name)
  // Before the commit, both: a process that dies in between does it again in its next round, for the host is still watched.
  if (judged?.watchOver) await store.removeReference(zoneId, loaded.id)
  else if (judged) await store.addReference(zoneId, loaded.id, now)
  const shared = nextSharedProbe(series, policy, now)
  const committed = await store.commit({
    id: loaded.id,
    expectedRound: loaded.round,
    series,
    at: now,
    earliestNextAt: now + policy.minIntervalSeconds * 1000,
    // The last look falls on the end of the watch: it ends in time, with the freshest verdict.
    nextDueAt: judged ? Math.min(judged.assessment.nextProbeAt, judged.lookUntil) : shared,
    observations: storedObservations({ ...round, observations }),
    domain: judged && judged.domain,
    watchOver: judged !== null && judged.watchOver,
    entries: judged ? judged.entries : [],
  })
  // The domain was stopped while it was probed: its reference to the zone had been taken back before we made it again.
  if ((committed === 'gone' || committed === 'unwatched') && judged) {
    await store.removeReference(zoneId, loaded.id)
  }
  const result = committed === 'unwatched' ? 'committed' : committed
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
    lookUntil: watchOver ? Infinity : watch.watchUntil,
    domain: {
      judgedAgainst: watch,
      verdict,
      fluxType,
      firstFlaggedAt: firstFlaggedAt(watch, assessment),
      version,
      assessment,
    },
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
    await releaseHosts(loaded.id, namesOf(loaded.series), store)
  }
  await store.retire(loaded.id)
}

/** Every name server that the series knows: the current ones, and those of the sketch. */
function namesOf(zone: ZoneSeries): string[] {
  return [...new Set([...zone.current, ...zone.nameServers.entries.map((seen) => seen.key)])]
}

async function referHosts(
  zone: TargetId,
  names: readonly string[],
  store: RoundStore,
  at: number,
): Promise<void> {
  await Promise.all(names.map((name) => store.addReference(targetId({ kind: 'host', name }), zone, at)))
}

async function releaseHosts(zone: TargetId, names: readonly string[], store: RoundStore): Promise<void> {
  await Promise.all(names.map((name) => store.removeReference(targetId({ kind: 'host', name }), zone)))
}

function zoneTarget(domain: string): TargetId {
  return targetId({ kind: 'zone', name: zoneOf(domain) })
}
