// Everything that is remembered of one host: which addresses, when, how often and by whom they were seen.
// Exact: rounds, outcomes, answer widths, TTLs, fresh answers and windows per vantage, and the addresses up to
// ADDRESS_LIMIT. Above that the addresses are a bottom-k sketch: every held one is exact, totals are estimates.
// It holds no judgement; features/ measure it.
import { addToBottomK, emptyBottomK, isSampled } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import { foldAnswer } from './host-view.ts'
import type { AddressType, HostAnswer, HostView } from './host-view.ts'
import { NO_OUTCOMES, countOutcome } from './outcome-counts.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import { inFixedOrder } from './round-order.ts'
import { mergeSeenAlias } from './seen-alias.ts'
import type { SeenAlias } from './seen-alias.ts'
import type { Observation, ProbeRound } from '../model/observation.ts'

/** Addresses held per host (A and AAAA together); 512 of them are about 25 kB as stored. */
export const ADDRESS_LIMIT = 512
/** CNAME targets held per host. */
export const CHAIN_LIMIT = 32

export interface SeenAddress {
  /** The address itself, in canonical presentation form. */
  readonly key: string
  readonly type: AddressType
  /** ms since the epoch. */
  readonly first: number
  readonly last: number
  /** Fresh answers that carried it. */
  readonly count: number
  /** Ids of the vantages that saw it, sorted. */
  readonly vantages: readonly string[]
}

export interface HostSeries {
  readonly kind: 'host'
  readonly name: string
  /** Number of the latest round that was folded in; a round with this number or a smaller one is ignored. */
  readonly rounds: number
  /** Start of the first, the latest and the round before the latest; null until there is one. */
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly previousAt: number | null
  /** When an answer with addresses last came. */
  readonly lastAnswerAt: number | null
  readonly outcomes: OutcomeCounts
  readonly addresses: BottomK<SeenAddress>
  /** Every CNAME target on the way to the addresses. */
  readonly chain: BottomK<SeenAlias>
  /** Sorted by vantage, then type. */
  readonly views: readonly HostView[]
}

export function newHostSeries(name: string): HostSeries {
  return {
    kind: 'host',
    name,
    rounds: 0,
    firstAt: null,
    lastAt: null,
    previousAt: null,
    lastAnswerAt: null,
    outcomes: NO_OUTCOMES,
    addresses: emptyBottomK(ADDRESS_LIMIT),
    chain: emptyBottomK(CHAIN_LIMIT),
    views: [],
  }
}

/**
 * The series with one more round. Pure. A round that was folded in before (number ≤ `series.rounds`) changes nothing;
 * neither does the order of observations, vantages or records inside of the round.
 */
export function foldHostRound(series: HostSeries, round: ProbeRound): HostSeries {
  if (round.number <= series.rounds) return series
  let next: HostSeries = {
    ...series,
    rounds: round.number,
    firstAt: series.firstAt ?? round.startedAt,
    lastAt: round.startedAt,
    previousAt: series.lastAt,
  }
  for (const observation of inFixedOrder(round.observations)) {
    next = foldObservation(next, observation, round.startedAt)
  }
  return next
}

function foldObservation(series: HostSeries, observation: Observation, askedAt: number): HostSeries {
  const type = observation.qtype
  if (type !== 'A' && type !== 'AAAA') return series
  const counted = {
    ...series,
    outcomes: countOutcome(series.outcomes, observation.outcome, observation.failure),
  }
  const answer = observation.outcome === 'answer' ? readAnswer(observation, type, askedAt) : null
  return answer === null ? counted : foldAddresses(counted, observation, type, answer)
}

function readAnswer(observation: Observation, type: AddressType, askedAt: number): HostAnswer | null {
  const records = observation.answer.filter((record) => record.type === type)
  if (records.length === 0) return null
  return {
    at: observation.at,
    delayMs: Math.max(0, observation.at - askedAt),
    addresses: [...new Set(records.map((record) => record.data))].toSorted(),
    ttlSeconds: Math.min(...records.map((record) => record.ttlSeconds)),
  }
}

function foldAddresses(
  series: HostSeries,
  { at, vantage, answer: records }: Observation,
  type: AddressType,
  answer: HostAnswer,
): HostSeries {
  const held = new Map(series.addresses.entries.map((entry) => [entry.key, entry]))
  const { view, isFresh } = foldAnswer(
    series.views.find((one) => one.vantage === vantage && one.type === type) ?? null,
    vantage,
    type,
    answer,
    {
      isSampled: (address) => isSampled(series.addresses, address),
      wasSeenHere: (address) => held.get(address)?.vantages.includes(vantage) ?? false,
    },
  )
  const others = series.views.filter((one) => one.vantage !== vantage || one.type !== type)
  const targets = new Set(records.filter((record) => record.type === 'CNAME').map((record) => record.data))
  return {
    ...series,
    lastAnswerAt: Math.max(series.lastAnswerAt ?? at, at),
    views: [...others, view].toSorted((a, b) => compare(a.vantage, b.vantage) || compare(a.type, b.type)),
    addresses: addToBottomK(
      series.addresses,
      answer.addresses.map((key) => ({
        key,
        type,
        first: at,
        last: at,
        count: isFresh ? 1 : 0,
        vantages: [vantage],
      })),
      mergeSeenAddress,
    ),
    chain: addToBottomK(
      series.chain,
      [...targets].map((key) => ({
        key,
        first: at,
        last: at,
        count: 1,
        uses: isFresh ? [{ vantage, type, freshAnswers: 1 }] : [],
      })),
      mergeSeenAlias,
    ),
  }
}

function mergeSeenAddress(held: SeenAddress, fresh: SeenAddress): SeenAddress {
  return {
    key: held.key,
    type: held.type,
    first: Math.min(held.first, fresh.first),
    last: Math.max(held.last, fresh.last),
    count: held.count + fresh.count,
    vantages: held.vantages.includes(fresh.vantages[0]!)
      ? held.vantages
      : [...new Set([...held.vantages, ...fresh.vantages])].toSorted(),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
