// Everything that is remembered of one zone: its name servers' names, what its SOA said, and, where the authorities
// themselves are asked, its delegation. The addresses of its name servers are host series of their own.
import { addToBottomK, emptyBottomK } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import { CACHE_MEMORY } from './cache-memory.ts'
import { heldNames, isReferral, nameServerRecords } from './delegation-look.ts'
import { shareOfRoom } from './series-room.ts'
import { foldDelegation } from './delegation-series.ts'
import type { DelegationSeries } from './delegation-series.ts'
import { markFreshness } from './folded-round.ts'
import type { FoldedRound } from './folded-round.ts'
import { NO_OUTCOMES, countOutcome } from './outcome-counts.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import { mergeSeenName, weighName } from './seen-name.ts'
import type { SeenName } from './seen-name.ts'
import { followSoa, readSoa, soaRecords } from './soa-summary.ts'
import type { SoaSummary } from './soa-summary.ts'
import { isFirstHand, looksOf, outcomeOfLook } from './vantage-look.ts'
import type { VantageLook } from './vantage-look.ts'
import { distinctAnswers } from './zone-answer.ts'
import type { ZoneAnswer } from './zone-answer.ts'
import { foldZoneAnswer } from './zone-view.ts'
import type { ZoneRecordType, ZoneView } from './zone-view.ts'
import type { Freshness, Observation, ProbeRound } from '../model/observation.ts'

/** Room for the name-server names of a zone: 64 of up to 32 characters, fewer where they are longer. */
export const NAME_SERVER_LIMIT = 64
/** Name servers that are probed for one zone; 13 is what fits a classic referral (the root's own number). */
export const WATCHED_NAME_SERVERS = 13
/** Cached copies of NS and SOA RRsets remembered, all vantages together. */
const COPIES = 128
/** A name server that left the set is watched this much longer: fluxing sets come back. */
const LINGER_MS = 3_600_000

export interface ZoneSeries {
  readonly kind: 'zone'
  readonly name: string
  readonly rounds: number
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly previousAt: number | null
  /** Start of the first and of the latest round in which some vantage answered with name servers. */
  readonly firstAnswerAt: number | null
  readonly lastAnswerAt: number | null
  readonly outcomes: OutcomeCounts
  /** Sorted by vantage, then type. */
  readonly views: readonly ZoneView[]
  /**
   * Name servers of the latest answered round, all its vantages and both sides of the zone cut together: distinct, sorted,
   * the first 13 and the first 1,280 characters when there are more, 4 in any case.
   * Kept beside the sketch, which holds only some of the names once a zone burns through them.
   */
  readonly current: readonly string[]
  /** Every name seen so far, with the fresh answers that carried it. Times are starts of rounds. */
  readonly nameServers: BottomK<SeenName>
  readonly nsTtlMaxSeconds: number
  readonly soa: SoaSummary | null
  /** Null while no authority was asked itself. */
  readonly delegation: DelegationSeries | null
}

export function newZoneSeries(name: string): ZoneSeries {
  return {
    kind: 'zone',
    name,
    rounds: 0,
    firstAt: null,
    lastAt: null,
    previousAt: null,
    firstAnswerAt: null,
    lastAnswerAt: null,
    outcomes: NO_OUTCOMES,
    views: [],
    current: [],
    nameServers: emptyBottomK(NAME_SERVER_LIMIT),
    nsTtlMaxSeconds: 0,
    soa: null,
    delegation: null,
  }
}

/** Like `foldHostRound`: pure, and blind to repeated rounds and to order inside of a round. */
export function foldZoneRound(series: ZoneSeries, round: ProbeRound): ZoneSeries {
  return foldAndMarkZoneRound(series, round).series
}

/** Like `foldZoneRound`, and says of each NS and SOA answer whether it counted as fresh: decided here and nowhere else. */
export function foldAndMarkZoneRound(series: ZoneSeries, round: ProbeRound): FoldedRound<ZoneSeries> {
  if (round.number <= series.rounds) return { series, observations: round.observations }
  let next: ZoneSeries = {
    ...series,
    rounds: round.number,
    firstAt: series.firstAt ?? round.startedAt,
    lastAt: round.startedAt,
    previousAt: series.lastAt,
    current: namesOfRound(series.name, round) ?? series.current,
    delegation: foldDelegation(series.delegation, series.name, round),
  }
  const marks = new Map<Observation, Freshness>()
  // A referral is the parent's own word, whichever of the zone's types was asked for.
  const referrals = round.observations.filter((observation) => isReferral(series.name, observation))
  for (const referral of referrals) marks.set(referral, 'fresh')
  for (const look of looksOf(round.observations)) {
    if (look.qtype === 'NS') next = foldNameServers(next, look, round.startedAt, marks)
    else if (look.qtype === 'SOA') next = foldSoa(next, look, round.startedAt, marks)
  }
  next = { ...next, views: fitZoneViews(next.views) }
  return { series: next, observations: markFreshness(round.observations, marks) }
}

/** Of the limit of the name servers. */
export function weighNameServer({ key }: SeenName): number {
  return weighName(key, NAME_SERVER_LIMIT)
}

/** The views with their share of the copies, those that expire last. */
export function fitZoneViews(views: readonly ZoneView[]): readonly ZoneView[] {
  const caching = views.filter(({ cache }) => cache.length > 0).length
  const copies = shareOfRoom(COPIES, caching, CACHE_MEMORY)
  return views.map((view) =>
    view.cache.length <= copies ? view : { ...view, cache: view.cache.slice(0, copies) },
  )
}

/**
 * The name servers to probe: those of the latest answered round, however long ago, then those that left within the hour, the
 * latest first. At most 13. `now`: ms since the epoch.
 */
export function currentNameServers(series: ZoneSeries, now: number): string[] {
  const lingering = series.nameServers.entries
    .filter((seen) => seen.last >= now - LINGER_MS && !series.current.includes(seen.key))
    .toSorted((a, b) => b.last - a.last || (a.key < b.key ? -1 : 1))
    .map((seen) => seen.key)
  return [...series.current, ...lingering].slice(0, WATCHED_NAME_SERVERS)
}

/** Null when no vantage answered with name servers: what was current stays so. */
function namesOfRound(zone: string, { observations }: ProbeRound): readonly string[] | null {
  const records = observations.flatMap((observation) => nameServerRecords(zone, observation))
  return records.length === 0 ? null : heldNames(records).slice(0, WATCHED_NAME_SERVERS)
}

function foldNameServers(
  series: ZoneSeries,
  look: VantageLook,
  at: number,
  marks: Map<Observation, Freshness>,
): ZoneSeries {
  const { outcome, failure } = outcomeOfLook(look)
  let next: ZoneSeries = { ...series, outcomes: countOutcome(series.outcomes, outcome, failure) }
  for (const { observations, answer } of distinctAnswers(look, at, (observation) =>
    nameServerRecords(series.name, observation),
  )) {
    const { views, isFresh } = foldView(next.views, look.vantage, 'NS', answer, observations, marks)
    next = {
      ...next,
      views,
      firstAnswerAt: next.firstAnswerAt ?? at,
      lastAnswerAt: at,
      nsTtlMaxSeconds: Math.max(next.nsTtlMaxSeconds, answer.ttlMaxSeconds),
      nameServers: addToBottomK(
        next.nameServers,
        answer.data.map((key) => ({ key, first: at, last: at, count: isFresh ? 1 : 0 })),
        mergeSeenName,
        weighNameServer,
      ),
    }
  }
  return next
}

function foldSoa(
  series: ZoneSeries,
  look: VantageLook,
  at: number,
  marks: Map<Observation, Freshness>,
): ZoneSeries {
  let { views } = series
  const fresh: SoaSummary[] = []
  for (const { observations, answer } of distinctAnswers(look, at, soaRecords)) {
    const folded = foldView(views, look.vantage, 'SOA', answer, observations, marks)
    views = folded.views
    const soa = folded.isFresh ? readSoa(answer.data[0]!) : null
    if (soa !== null) fresh.push(soa)
  }
  return { ...series, views, soa: followSoa(series.soa, fresh) }
}

function foldView(
  views: readonly ZoneView[],
  vantage: string,
  type: ZoneRecordType,
  answer: ZoneAnswer,
  observations: readonly Observation[],
  marks: Map<Observation, Freshness>,
): { views: readonly ZoneView[]; isFresh: boolean } {
  const held = views.find((one) => one.vantage === vantage && one.type === type) ?? null
  const { view, isFresh } = foldZoneAnswer(held, vantage, type, answer, observations.every(isFirstHand))
  for (const observation of observations) marks.set(observation, isFresh ? 'fresh' : 'cached')
  const others = views.filter((one) => one.vantage !== vantage || one.type !== type)
  return { views: [...others, view].toSorted(byVantageAndType), isFresh }
}

function byVantageAndType(a: ZoneView, b: ZoneView): number {
  if (a.vantage !== b.vantage) return a.vantage < b.vantage ? -1 : 1
  return a.type < b.type ? -1 : 1
}
