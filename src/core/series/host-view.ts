// What one vantage has shown of one host in one family (A or AAAA): fresh answers, widths, TTLs, and the last few
// windows. A window is a fresh answer at least one TTL after the window before: answers of one burst tell little new.
import { stableHash } from './stable-hash.ts'
import { findCopy, rememberCopy } from './cache-memory.ts'
import type { CachedCopy } from './cache-memory.ts'

export type AddressType = 'A' | 'AAAA'

/** Windows remembered per vantage and type; older ones only count in the totals. */
export const RECENT_WINDOWS = 16
/** A longer TTL does not keep two answers from being independent looks at the pool. */
export const WINDOW_CEILING_SECONDS = 300
/** Addresses of one answer that are compared with the window before. */
const COMPARED_ADDRESSES = 64

export interface AnswerWindow {
  readonly at: number
  /** Addresses in the answer. */
  readonly width: number
  /** Of those, how many the series holds (all, until it becomes a sketch). */
  readonly sampled: number
  /** Of the sampled: never seen by this vantage before. */
  readonly fresh: number
  /** Of the sampled: in the window before too. The rest was away and has come back. */
  readonly continuing: number
}

export interface HostView {
  readonly vantage: string
  readonly type: AddressType
  readonly freshAnswers: number
  /** Cached copies that had been seen already; they prove nothing. */
  readonly repeats: number
  readonly windows: number
  readonly windowAt: number
  /** Addresses of the latest window, sorted. */
  readonly windowSet: readonly string[]
  readonly recent: readonly AnswerWindow[]
  readonly firstWidth: number
  readonly widthMin: number
  readonly widthMax: number
  readonly widthSum: number
  readonly ttlMinSeconds: number
  readonly ttlMaxSeconds: number
  /** The latest answer's expiry in its cache; until then this vantage mostly repeats itself. */
  readonly expiresAt: number
  readonly firstFreshAt: number
  readonly lastFreshAt: number
  readonly cache: readonly CachedCopy[]
}

export interface HostAnswer {
  readonly at: number
  /** Since the round began to ask; ms. */
  readonly delayMs: number
  /** Distinct, sorted, at least one. */
  readonly addresses: readonly string[]
  /** Smallest remaining TTL of the address records. */
  readonly ttlSeconds: number
}

/** What the series knew of this vantage before the answer. */
export interface Recollection {
  isSampled(address: string): boolean
  wasSeenHere(address: string): boolean
}

/** Folds one answer in; `isFresh` tells whether it counted. */
export function foldAnswer(
  view: HostView | null,
  vantage: string,
  type: AddressType,
  answer: HostAnswer,
  known: Recollection,
): { view: HostView; isFresh: boolean } {
  const copy = {
    expiresAt: answer.at + answer.ttlSeconds * 1000,
    delayMs: answer.delayMs,
    set: stableHash(answer.addresses.join(' ')),
  }
  if (view !== null && findCopy(view.cache, copy, answer.ttlSeconds) !== null) {
    return { view: { ...view, repeats: view.repeats + 1, expiresAt: copy.expiresAt }, isFresh: false }
  }
  const cache = answer.ttlSeconds > 0 ? rememberCopy(view?.cache ?? [], copy, answer.at) : (view?.cache ?? [])
  return { view: countFresh(view, vantage, type, answer, known, copy.expiresAt, cache), isFresh: true }
}

function countFresh(
  view: HostView | null,
  vantage: string,
  type: AddressType,
  answer: HostAnswer,
  known: Recollection,
  expiresAt: number,
  cache: readonly CachedCopy[],
): HostView {
  const width = answer.addresses.length
  const ttlMaxSeconds = Math.max(view?.ttlMaxSeconds ?? 0, answer.ttlSeconds)
  const spacingMs = Math.min(ttlMaxSeconds, WINDOW_CEILING_SECONDS) * 1000
  const opens = view === null || answer.at >= view.windowAt + spacingMs
  return {
    vantage,
    type,
    freshAnswers: (view?.freshAnswers ?? 0) + 1,
    repeats: view?.repeats ?? 0,
    windows: (view?.windows ?? 0) + (opens ? 1 : 0),
    windowAt: opens ? answer.at : view.windowAt,
    windowSet: opens ? answer.addresses.slice(0, COMPARED_ADDRESSES) : view.windowSet,
    recent: opens
      ? [...(view?.recent ?? []), lookAt(view, answer, known)].slice(-RECENT_WINDOWS)
      : view.recent,
    firstWidth: view?.firstWidth ?? width,
    widthMin: Math.min(view?.widthMin ?? width, width),
    widthMax: Math.max(view?.widthMax ?? width, width),
    widthSum: (view?.widthSum ?? 0) + width,
    ttlMinSeconds: Math.min(view?.ttlMinSeconds ?? answer.ttlSeconds, answer.ttlSeconds),
    ttlMaxSeconds,
    expiresAt,
    firstFreshAt: view?.firstFreshAt ?? answer.at,
    lastFreshAt: answer.at,
    cache,
  }
}

function lookAt(view: HostView | null, answer: HostAnswer, known: Recollection): AnswerWindow {
  const sampled = answer.addresses.filter((address) => known.isSampled(address))
  const before = new Set(view?.windowSet ?? [])
  return {
    at: answer.at,
    width: answer.addresses.length,
    sampled: sampled.length,
    fresh: sampled.filter((address) => !known.wasSeenHere(address)).length,
    continuing: sampled.filter((address) => before.has(address)).length,
  }
}
