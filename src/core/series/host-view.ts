// What one vantage has shown of one host in one family (A or AAAA): fresh answers, widths, TTLs, and the last few
// windows. A window is a fresh look at least one TTL after the window before: answers of one burst tell little new, and
// what all authorities of a zone say at one moment is one look.
import { comparedAddresses, lookAt } from './answer-window.ts'
import type { AnswerWindow, Recollection } from './answer-window.ts'
import type { AwaitedAuthorities } from './awaited-authorities.ts'
import { distinctSorted } from './distinct-sorted.ts'
import { stableHash } from './stable-hash.ts'
import { EXPIRY_TOLERANCE_MS, recall } from './cache-memory.ts'
import type { CachedCopy } from './cache-memory.ts'

export type AddressType = 'A' | 'AAAA'

/** Windows remembered per vantage and type; older ones only count in the totals. */
export const RECENT_WINDOWS = 16
/** A longer TTL does not keep two answers from being independent looks at the pool. */
export const WINDOW_CEILING_SECONDS = 300
const NO_ADDRESSES: ReadonlySet<string> = new Set()
const NOBODY: AwaitedAuthorities = []

export interface HostView {
  readonly vantage: string
  readonly type: AddressType
  readonly freshAnswers: number
  /** Cached copies that had been seen already; they prove nothing. */
  readonly repeats: number
  readonly windows: number
  readonly windowAt: number
  /** Of the window before the latest; null while there was none. */
  readonly windowBeforeAt: number | null
  /** Addresses of the latest window in order of their hash; the first of them where there is no room for all. */
  readonly windowSet: readonly string[]
  readonly recent: readonly AnswerWindow[]
  /** Addresses of the first look, with the belated ones that belong to it. */
  readonly firstWidth: number
  readonly widthMin: number
  readonly widthMax: number
  readonly widthSum: number
  readonly ttlMinSeconds: number
  readonly ttlMaxSeconds: number
  /** Fresh looks while an earlier answer of the vantage was still valid by its own TTL; whose it was, a farm does not tell. */
  readonly looksWithinTtl: number
  /** Of those: with an address that the vantage had never given. */
  readonly changesWithinTtl: number
  /** The latest answer's expiry in its cache; until then this vantage mostly repeats itself. */
  readonly expiresAt: number
  readonly firstFreshAt: number
  readonly lastFreshAt: number
  /** The live copies that are remembered. */
  readonly cache: readonly CachedCopy[]
  /** The most caches that must have stood behind the vantage's address at one time; 0 when nothing was cached. */
  readonly caches: number
  /** Authorities of the first look whose answer is still to come; empty for a resolver. */
  readonly awaited: AwaitedAuthorities
}

export interface HostAnswer {
  readonly at: number
  /** Since the round began to ask; ms. */
  readonly delayMs: number
  /** Distinct, sorted, at least one. */
  readonly addresses: readonly string[]
  /** Smallest remaining TTL of the address records. */
  readonly ttlSeconds: number
  /** It comes only from authorities that owed it since the first look. */
  readonly isBelated?: boolean
}

/** Folds a resolver's answer in; `isFresh` tells whether it counted. */
export function foldAnswer(
  view: HostView | null,
  vantage: string,
  type: AddressType,
  answer: HostAnswer,
  known: Recollection,
): { view: HostView; isFresh: boolean } {
  const { at, ttlSeconds, delayMs, addresses } = answer
  const set = stableHash(addresses.length === 1 ? addresses[0]! : addresses.join(' '))
  const { memory, isRepeat, caches: live } = recall(view?.cache ?? [], { at, ttlSeconds, delayMs, set })
  const caches = Math.max(view?.caches ?? 0, live)
  if (view !== null && isRepeat) {
    const expiresAt = at + ttlSeconds * 1000
    return {
      view: { ...view, cache: memory, caches, repeats: view.repeats + 1, expiresAt },
      isFresh: false,
    }
  }
  const isWithinTtl = view !== null && view.cache.some((copy) => isSurelyLive(copy, at))
  const rest = { cache: memory, caches, awaited: view?.awaited ?? NOBODY }
  return { view: countFresh(view, vantage, type, [answer], known, isWithinTtl, rest), isFresh: true }
}

/** Its true expiry lies up to `delayMs` before the one that was read. */
function isSurelyLive({ expiresAt, delayMs }: CachedCopy, at: number): boolean {
  return expiresAt - delayMs - EXPIRY_TOLERANCE_MS > at
}

/**
 * Folds in what the authorities of a zone said at one moment: `answers` are their different answers, at least one, each
 * address set once. All are fresh; together they are at most one window, and the first look's width is that of all together.
 * `awaited`: the authorities whose first answer is still to come after this look.
 */
export function foldAuthorityAnswers(
  view: HostView | null,
  vantage: string,
  type: AddressType,
  answers: readonly HostAnswer[],
  known: Recollection,
  awaited: AwaitedAuthorities,
): HostView {
  const at = Math.min(...answers.map((answer) => answer.at))
  const isWithinTtl = view !== null && view.expiresAt > at
  const rest = { cache: view?.cache ?? [], caches: view?.caches ?? 0, awaited }
  return countFresh(view, vantage, type, answers, known, isWithinTtl, rest)
}

function countFresh(
  view: HostView | null,
  vantage: string,
  type: AddressType,
  answers: readonly HostAnswer[],
  known: Recollection,
  isWithinTtl: boolean,
  { cache, caches, awaited }: Pick<HostView, 'cache' | 'caches' | 'awaited'>,
): HostView {
  const belated = belatedAddresses(answers, known)
  const seen = addressesOf(answers)
  let at = Infinity
  let expiresAt = -Infinity
  let widthMin = view?.widthMin ?? Infinity
  let widthMax = view?.widthMax ?? 0
  let widthSum = view?.widthSum ?? 0
  let ttlMinSeconds = view?.ttlMinSeconds ?? Infinity
  let ttlMaxSeconds = view?.ttlMaxSeconds ?? 0
  for (const answer of answers) {
    const width = answer.addresses.length
    at = Math.min(at, answer.at)
    expiresAt = Math.max(expiresAt, answer.at + answer.ttlSeconds * 1000)
    widthMin = Math.min(widthMin, width)
    widthMax = Math.max(widthMax, width)
    widthSum += width
    ttlMinSeconds = Math.min(ttlMinSeconds, answer.ttlSeconds)
    ttlMaxSeconds = Math.max(ttlMaxSeconds, answer.ttlSeconds)
  }
  const spacingMs = Math.min(ttlMaxSeconds, WINDOW_CEILING_SECONDS) * 1000
  const isChange = isWithinTtl && seen.some((address) => isNewHere(address, belated, known))
  const opens = view === null || at >= view.windowAt + spacingMs
  return {
    vantage,
    type,
    freshAnswers: (view?.freshAnswers ?? 0) + answers.length,
    repeats: view?.repeats ?? 0,
    windows: (view?.windows ?? 0) + (opens ? 1 : 0),
    windowAt: opens ? at : view.windowAt,
    windowBeforeAt: opens ? (view?.windowAt ?? null) : view.windowBeforeAt,
    windowSet: opens ? comparedAddresses(seen, view?.windowSet ?? []) : view.windowSet,
    recent: opens ? withWindow(view?.recent ?? [], lookAt(view, seen, belated, known)) : view.recent,
    firstWidth: view === null ? seen.length : view.firstWidth + belated.size,
    widthMin,
    widthMax,
    widthSum,
    ttlMinSeconds,
    ttlMaxSeconds,
    looksWithinTtl: (view?.looksWithinTtl ?? 0) + (isWithinTtl ? 1 : 0),
    changesWithinTtl: (view?.changesWithinTtl ?? 0) + (isChange ? 1 : 0),
    expiresAt,
    firstFreshAt: view?.firstFreshAt ?? at,
    lastFreshAt: at,
    cache,
    caches,
    awaited,
  }
}

/** Distinct, sorted. */
function addressesOf(answers: readonly HostAnswer[]): readonly string[] {
  if (answers.length === 1) return answers[0]!.addresses
  return distinctSorted(answers.flatMap((answer) => answer.addresses))
}

/** The latest windows with one more. */
function withWindow(recent: readonly AnswerWindow[], window: AnswerWindow): readonly AnswerWindow[] {
  const latest = recent.slice(1 - RECENT_WINDOWS)
  latest.push(window)
  return latest
}

/** Addresses that nobody had given before, and now only those who owed their first answer. */
function belatedAddresses(answers: readonly HostAnswer[], known: Recollection): ReadonlySet<string> {
  if (!answers.some(({ isBelated }) => isBelated === true)) return NO_ADDRESSES
  const late = answers.filter(({ isBelated }) => isBelated === true)
  const timely = new Set(answers.filter((answer) => !late.includes(answer)).flatMap((one) => one.addresses))
  return new Set(
    late
      .flatMap(({ addresses }) => addresses)
      .filter((address) => !timely.has(address) && !known.wasSeenHere(address)),
  )
}

function isNewHere(address: string, belated: ReadonlySet<string>, known: Recollection): boolean {
  return known.isSampled(address) && !known.wasSeenHere(address) && !belated.has(address)
}
