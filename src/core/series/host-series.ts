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
import { addToBottomK, emptyBottomK, estimateTotal, findHeld, isSampled, sampledShare } from './bottom-k.ts'
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
  const draft: Draft = { ...series, rounds: round.number }
  if (round.observations.some(saysSomething)) {
    draft.firstAt ??= round.startedAt
    draft.lastAt = round.startedAt
    draft.previousAt = series.lastAt
  }
  const marks = new Map<Observation, Freshness>()
  for (const look of looksOf(round.observations)) foldVantageLook(draft, look, round.startedAt, marks)
  const { addresses } = draft
  let weight = 0
  for (const seen of addresses.entries) weight += weighAddress(seen)
  draft.views = fitViews(draft.views, roomOf(addresses.limit, weight))
  return { series: draft, observations: markFreshness(round.observations, marks) }
}

/** The series while a round is folded in: its own object, whose parts are replaced and never changed. */
type Draft = { -readonly [Part in keyof HostSeries]: HostSeries[Part] }

/** A round of our own failures alone (no network, opted out) is no time in which the name was observed. */
function saysSomething({ failure }: Observation): boolean {
  return failure === undefined || !isOwnFailure(failure)
}

function foldVantageLook(
  draft: Draft,
  look: VantageLook,
  askedAt: number,
  marks: Map<Observation, Freshness>,
): void {
  const { qtype: type, vantage } = look
  if (type !== 'A' && type !== 'AAAA') return
  const { outcome, failure } = outcomeOfLook(look)
  draft.outcomes = countOutcome(draft.outcomes, outcome, failure)
  const given = addressAnswers(look, type, askedAt)
  if (given.length === 0) return
  const firstHand = given.filter(({ givenBy }) => givenBy.every(isFirstHand))
  const distinct = oncePerSet(firstHand)
  if (distinct.length > 0) {
    const before = viewOf(draft, vantage, type)
    const answers = distinct.map(({ answer, givenBy }) =>
      before !== null && isBelated(before.awaited, givenBy) ? { ...answer, isBelated: true } : answer,
    )
    const awaited = before === null ? awaitedAtFirst(look) : awaitedAfter(before.awaited, look)
    const view = foldAuthorityAnswers(before, vantage, type, answers, known(draft, vantage), awaited)
    for (const { givenBy } of distinct) for (const observation of givenBy) marks.set(observation, 'fresh')
    noteNews(draft, type, answers, before === null)
    keepAnswers(draft, view, distinct, true)
  }
  for (const one of given) {
    if (firstHand.includes(one)) continue
    const before = viewOf(draft, vantage, type)
    const { view, isFresh } = foldAnswer(before, vantage, type, one.answer, known(draft, vantage))
    marks.set(one.givenBy[0]!, isFresh ? 'fresh' : 'cached')
    if (isFresh) noteNews(draft, type, [one.answer], before === null)
    keepAnswers(draft, view, [one], isFresh)
  }
}

function viewOf({ views }: Draft, vantage: string, type: AddressType): HostView | null {
  for (const view of views) if (view.vantage === vantage && view.type === type) return view
  return null
}

function known({ addresses }: Draft, vantage: string): Recollection {
  return {
    isSampled: (address) => isSampled(addresses, address),
    wasSeenHere: (address) =>
      addresses.entries[findHeld(addresses.entries, address)]?.vantages.includes(vantage) ?? false,
  }
}

/** Notes what is new in the fresh answers of one look, before they are kept. */
function noteNews(
  draft: Draft,
  type: AddressType,
  answers: readonly HostAnswer[],
  isFirstLook: boolean,
): void {
  const { addresses, news, hours } = draft
  let at = -Infinity
  for (const answer of answers) at = Math.max(at, answer.at)
  const brought = countNews(addresses, answers, isFirstLook)
  draft.news = { ...news, [type]: logNews(news[type], at, answers.length, brought > 0) }
  if (type !== 'A' || (hours === null && addresses.entries.length < HOURLY_FROM)) return
  draft.hours = countHour(hours, at, Math.round(estimateTotal(brought, sampledShare(addresses))))
}

/** Keeps a view after its answers, and what the answers carried. */
function keepAnswers(draft: Draft, view: HostView, given: readonly GivenAnswer[], isFresh: boolean): void {
  const { vantage, type } = view
  const seen: SeenAddress[] = []
  let at = draft.lastAnswerAt ?? -Infinity
  for (const { answer } of given) {
    const second = toSecond(answer.at)
    const count = isFresh ? 1 : 0
    at = Math.max(at, answer.at)
    for (const key of answer.addresses)
      seen.push({ key, type, first: second, last: second, count, vantages: [vantage] })
  }
  draft.lastAnswerAt = at
  draft.views = withView(draft.views, view)
  draft.addresses = addToBottomK(draft.addresses, seen, mergeSeenAddress, weighAddress)
  const aliases = given.flatMap((one) => aliasesOf(one, vantage, type, isFresh))
  draft.chain = addToBottomK(draft.chain, aliases, mergeSeenAlias, weighAlias)
}

/** The views with one in its place, or put in between. */
function withView(views: readonly HostView[], view: HostView): readonly HostView[] {
  let place = 0
  while (place < views.length && comesBefore(views[place]!, view)) place += 1
  const held = views[place]
  const isHeld = held !== undefined && held.vantage === view.vantage && held.type === view.type
  const next = [...views]
  next.splice(place, isHeld ? 1 : 0, view)
  return next
}

function comesBefore(a: HostView, b: HostView): boolean {
  return a.vantage < b.vantage || (a.vantage === b.vantage && a.type < b.type)
}

/** Of the limit of the chain: the name, and as much for who used it. */
export function weighAlias({ key }: SeenName): number {
  return Math.min(1 + weighName(key, CHAIN_LIMIT), CHAIN_LIMIT / 2)
}
