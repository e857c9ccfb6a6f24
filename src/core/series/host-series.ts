// Everything that is remembered of one host: which addresses, when, how often and by whom they were seen.
// Exact: rounds, outcomes, answer widths, TTLs, fresh answers and windows per vantage, and the addresses up to
// ADDRESS_LIMIT. Above that the addresses are a bottom-k sketch: every held one is exact, totals are estimates. Cut to the
// latest: the windows, and the cached copies that can still be told apart (series-room.ts). At most 16 kB as stored.
// A round folds the same in whatever order its observations and records stand, and once. Rounds have an order: what a vantage
// had seen before decides what is fresh, so a round with a smaller number comes too late.
// It holds no judgement; features/ measure it.
import { countNews, logNews } from './address-news.ts'
import type { AddressNews } from './address-news.ts'
import { awaitedAfter, awaitedAtFirst, isBelated } from './awaited-authorities.ts'
import { addToBottomK, emptyBottomK, estimateTotal, isSampled, sampledShare } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import { markFreshness } from './folded-round.ts'
import type { FoldedRound } from './folded-round.ts'
import { foldAnswer, foldAuthorityAnswers } from './host-view.ts'
import { addressAnswers, aliasesOf, oncePerSet } from './given-answer.ts'
import type { GivenAnswer } from './given-answer.ts'
import type { Recollection } from './answer-window.ts'
import type { AddressType, HostAnswer, HostView } from './host-view.ts'
import { HOURLY_FROM, countHour } from './hourly-news.ts'
import type { HourlyNews } from './hourly-news.ts'
import { NO_OUTCOMES, countOutcome } from './outcome-counts.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import { mergeSeenAddress, toSecond, weighAddress } from './seen-address.ts'
import type { SeenAddress } from './seen-address.ts'
import { mergeSeenAlias } from './seen-alias.ts'
import type { SeenAlias } from './seen-alias.ts'
import { weighName } from './seen-name.ts'
import type { SeenName } from './seen-name.ts'
import { fitViews, roomOf } from './series-room.ts'
import { isFirstHand, looksOf, outcomeOfLook } from './vantage-look.ts'
import type { VantageLook } from './vantage-look.ts'
import { isOwnFailure } from '../dns/reply.ts'
import type { Freshness, Observation, ProbeRound } from '../model/observation.ts'

/** Addresses held per host: 320 of A, half as many of AAAA, which take twice the room. */
export const ADDRESS_LIMIT = 320
/** Room for the CNAME targets of a host: 16 names of up to 32 characters, fewer where they are longer. */
export const CHAIN_LIMIT = 32

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
  readonly news: AddressNews
  /** Null while the host has shown few addresses. */
  readonly hours: HourlyNews | null
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
    news: {},
    hours: null,
  }
}

/**
 * The series with one more round. Pure. A round that was folded in before (number ≤ `series.rounds`) changes nothing;
 * neither does the order of observations, vantages or records inside of the round.
 */
export function foldHostRound(series: HostSeries, round: ProbeRound): HostSeries {
  return foldAndMarkHostRound(series, round).series
}

/** Like `foldHostRound`, and says of each observation whether it counted as a fresh answer: decided here and nowhere else. */
export function foldAndMarkHostRound(series: HostSeries, round: ProbeRound): FoldedRound<HostSeries> {
  if (round.number <= series.rounds) return { series, observations: round.observations }
  let next: HostSeries = {
    ...series,
    rounds: round.number,
    ...(round.observations.some(saysSomething) && {
      firstAt: series.firstAt ?? round.startedAt,
      lastAt: round.startedAt,
      previousAt: series.lastAt,
    }),
  }
  const marks = new Map<Observation, Freshness>()
  for (const look of looksOf(round.observations)) next = foldVantageLook(next, look, round.startedAt, marks)
  const { addresses } = next
  const weight = addresses.entries.reduce((sum, seen) => sum + weighAddress(seen), 0)
  const views = fitViews(next.views, roomOf(addresses.limit, weight))
  return { series: { ...next, views }, observations: markFreshness(round.observations, marks) }
}

/** A round of our own failures alone (no network, opted out) is no time in which the name was observed. */
function saysSomething({ failure }: Observation): boolean {
  return failure === undefined || !isOwnFailure(failure)
}

function foldVantageLook(
  series: HostSeries,
  look: VantageLook,
  askedAt: number,
  marks: Map<Observation, Freshness>,
): HostSeries {
  const { qtype: type, vantage } = look
  if (type !== 'A' && type !== 'AAAA') return series
  const { outcome, failure } = outcomeOfLook(look)
  let next: HostSeries = { ...series, outcomes: countOutcome(series.outcomes, outcome, failure) }
  const given = addressAnswers(look, type, askedAt)
  const firstHand = given.filter(({ givenBy }) => givenBy.every(isFirstHand))
  const distinct = oncePerSet(firstHand)
  if (distinct.length > 0) {
    const before = viewOf(next, vantage, type)
    const answers = distinct.map(({ answer, givenBy }) =>
      before !== null && isBelated(before.awaited, givenBy) ? { ...answer, isBelated: true } : answer,
    )
    const awaited = before === null ? awaitedAtFirst(look) : awaitedAfter(before.awaited, look)
    const view = foldAuthorityAnswers(before, vantage, type, answers, known(next, vantage), awaited)
    for (const { givenBy } of distinct) for (const observation of givenBy) marks.set(observation, 'fresh')
    next = keepAnswers(noteNews(next, type, answers, before === null), view, distinct, true)
  }
  for (const one of given) {
    if (firstHand.includes(one)) continue
    const before = viewOf(next, vantage, type)
    const { view, isFresh } = foldAnswer(before, vantage, type, one.answer, known(next, vantage))
    marks.set(one.givenBy[0]!, isFresh ? 'fresh' : 'cached')
    if (isFresh) next = noteNews(next, type, [one.answer], before === null)
    next = keepAnswers(next, view, [one], isFresh)
  }
  return next
}

function viewOf(series: HostSeries, vantage: string, type: AddressType): HostView | null {
  return series.views.find((one) => one.vantage === vantage && one.type === type) ?? null
}

function known(series: HostSeries, vantage: string): Recollection {
  const held = new Map(series.addresses.entries.map((entry) => [entry.key, entry]))
  return {
    isSampled: (address) => isSampled(series.addresses, address),
    wasSeenHere: (address) => held.get(address)?.vantages.includes(vantage) ?? false,
  }
}

/** The series with what is new in the fresh answers of one look, before they are kept. */
function noteNews(
  series: HostSeries,
  type: AddressType,
  answers: readonly HostAnswer[],
  isFirstLook: boolean,
): HostSeries {
  const { addresses, news, hours } = series
  const at = Math.max(...answers.map((answer) => answer.at))
  const brought = countNews(addresses, answers, isFirstLook)
  const counted = type === 'A' && (hours !== null || addresses.entries.length >= HOURLY_FROM)
  const estimate = Math.round(estimateTotal(brought, sampledShare(addresses)))
  return {
    ...series,
    news: { ...news, [type]: logNews(news[type], at, answers.length, brought > 0) },
    hours: counted ? countHour(hours, at, estimate) : hours,
  }
}

/** The series with a view after its answers, and what the answers carried. */
function keepAnswers(
  series: HostSeries,
  view: HostView,
  given: readonly GivenAnswer[],
  isFresh: boolean,
): HostSeries {
  const { vantage, type } = view
  const others = series.views.filter((one) => one.vantage !== vantage || one.type !== type)
  const at = Math.max(...given.map(({ answer }) => answer.at))
  return {
    ...series,
    lastAnswerAt: Math.max(series.lastAnswerAt ?? at, at),
    views: [...others, view].toSorted((a, b) => compare(a.vantage, b.vantage) || compare(a.type, b.type)),
    addresses: addToBottomK(
      series.addresses,
      given.flatMap(({ answer }) =>
        answer.addresses.map((key) => ({
          key,
          type,
          first: toSecond(answer.at),
          last: toSecond(answer.at),
          count: isFresh ? 1 : 0,
          vantages: [vantage],
        })),
      ),
      mergeSeenAddress,
      weighAddress,
    ),
    chain: addToBottomK(
      series.chain,
      given.flatMap((one) => aliasesOf(one, vantage, type, isFresh)),
      mergeSeenAlias,
      weighAlias,
    ),
  }
}

/** Of the limit of the chain: the name, and as much for who used it. */
export function weighAlias({ key }: SeenName): number {
  return Math.min(1 + weighName(key, CHAIN_LIMIT), CHAIN_LIMIT / 2)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
