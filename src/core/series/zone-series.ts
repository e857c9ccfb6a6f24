// Everything that is remembered of one zone: its name servers' names and what its SOA said. The addresses of those
// name servers are host series of their own.
import { addToBottomK, emptyBottomK } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import { NO_OUTCOMES, countOutcome } from './outcome-counts.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import { inFixedOrder } from './round-order.ts'
import { mergeSeenName } from './seen-name.ts'
import type { SeenName } from './seen-name.ts'
import type { Observation, ProbeRound } from '../model/observation.ts'

/** Name-server names held per zone. */
export const NAME_SERVER_LIMIT = 64
/** Name servers that are probed for one zone; 13 is what fits a classic referral (the root's own number). */
export const WATCHED_NAME_SERVERS = 13
/** A name server that left the set is watched this much longer: fluxing sets come back. */
const LINGER_MS = 3_600_000

export interface SoaSummary {
  /** SERIAL of the latest answer and how often it was another than before. */
  readonly serial: number
  readonly serialChanges: number
  /** RETRY of the latest answer (RFC 1035, section 3.3.13). */
  readonly retrySeconds: number
  /** MNAME of the latest answer. */
  readonly primary: string
}

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
  /**
   * Name servers of the latest answered round, all its vantages together: distinct, sorted, the first 13 when there are more.
   * Kept beside the sketch, which holds only some of the names once a zone burns through them.
   */
  readonly current: readonly string[]
  /** Every name seen so far, for counting and for lingering. Times are starts of rounds. */
  readonly nameServers: BottomK<SeenName>
  readonly nsTtlMaxSeconds: number
  readonly soa: SoaSummary | null
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
    current: [],
    nameServers: emptyBottomK(NAME_SERVER_LIMIT),
    nsTtlMaxSeconds: 0,
    soa: null,
  }
}

/** Like `foldHostRound`: pure, and blind to repeated rounds and to order inside of a round. */
export function foldZoneRound(series: ZoneSeries, round: ProbeRound): ZoneSeries {
  if (round.number <= series.rounds) return series
  let next: ZoneSeries = {
    ...series,
    rounds: round.number,
    firstAt: series.firstAt ?? round.startedAt,
    lastAt: round.startedAt,
    previousAt: series.lastAt,
    current: namesOfRound(round) ?? series.current,
  }
  for (const observation of inFixedOrder(round.observations)) {
    if (observation.qtype === 'NS') next = foldNameServers(next, observation, round.startedAt)
    else if (observation.qtype === 'SOA') next = foldSoa(next, observation)
  }
  return next
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
function namesOfRound(round: ProbeRound): readonly string[] | null {
  const names = new Set(round.observations.flatMap(nameServersOf))
  return names.size === 0 ? null : [...names].toSorted().slice(0, WATCHED_NAME_SERVERS)
}

function nameServersOf(observation: Observation): string[] {
  if (observation.qtype !== 'NS' || observation.outcome !== 'answer') return []
  return observation.answer.filter((record) => record.type === 'NS').map((record) => record.data)
}

function foldNameServers(series: ZoneSeries, observation: Observation, at: number): ZoneSeries {
  const outcomes = countOutcome(series.outcomes, observation.outcome, observation.failure)
  const records = observation.answer.filter((record) => record.type === 'NS')
  if (observation.outcome !== 'answer' || records.length === 0) return { ...series, outcomes }
  const names = [...new Set(records.map((record) => record.data))]
  return {
    ...series,
    outcomes,
    firstAnswerAt: series.firstAnswerAt ?? at,
    lastAnswerAt: at,
    nsTtlMaxSeconds: Math.max(series.nsTtlMaxSeconds, ...records.map((record) => record.ttlSeconds)),
    nameServers: addToBottomK(
      series.nameServers,
      names.map((key) => ({ key, first: at, last: at, count: 1 })),
      mergeSeenName,
    ),
  }
}

function foldSoa(series: ZoneSeries, observation: Observation): ZoneSeries {
  const record = observation.answer.find((one) => one.type === 'SOA')
  const [primary, , serial, , retry] = record?.data.split(' ') ?? []
  if (primary === undefined || serial === undefined || retry === undefined) return series
  const moved = series.soa !== null && series.soa.serial !== Number(serial)
  return {
    ...series,
    soa: {
      serial: Number(serial),
      serialChanges: (series.soa?.serialChanges ?? 0) + (moved ? 1 : 0),
      retrySeconds: Number(retry),
      primary,
    },
  }
}
