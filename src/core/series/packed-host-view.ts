// The views of a host as bytes. Those of one host mostly agree: each is written as the difference to the view before it, and of what
// follows from the rest (a window opened with the latest fresh answer, the one copy in the cache is that answer) nothing is written.
import { copiesInWholeMs, isSameCopy, readCopies, writeCopies } from './packed-copies.ts'
import { readAddress, writeAddress } from './packed-address.ts'
import { areSameWindows, isStillWindows, readWindows, stillWindows, writeWindows } from './packed-windows.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CachedCopy } from './cache-memory.ts'
import type { AddressType, HostView } from './host-view.ts'
import { stableHash } from './stable-hash.ts'

/** What the reader knows of the host before its views. Times: whole ms. */
export interface ViewsOrigin {
  readonly rounds: number
  readonly firstAt: number
  readonly lastAt: number
  readonly previousAt: number
  /** Sorted; the bytes name them by their place. */
  readonly ids: readonly string[]
  /** In order of their hash. */
  readonly addresses: readonly { readonly key: string; readonly type: AddressType }[]
}

/** Of the copies: the one that follows from the view. Otherwise their number follows, plus 1. */
const ONE_AS_EXPECTED = 0
/** Of the windows: those of the view before; all of one kind. Otherwise their number follows, plus 2. */
const WINDOWS_AS_BEFORE = 0
const WINDOWS_STILL = 1
/** Of the latest window's addresses: all that the series holds of the type; those of the view before of the type. Otherwise plus 2. */
const SET_OF_ALL = 0
const SET_AS_BEFORE = 1

/** How many views there are the reader knows. */
export function writeViews(to: ByteWriter, views: readonly HostView[], origin: ViewsOrigin): void {
  const before = new ViewsBefore(origin)
  for (const one of views) {
    const view = inWholeMs(one)
    writeView(to, view, before, origin)
    before.add(view)
  }
}

export function readViews(from: ByteReader, size: number, origin: ViewsOrigin): readonly HostView[] {
  const before = new ViewsBefore(origin)
  const views: HostView[] = []
  for (let index = 0; index < size; index += 1) {
    const view = readView(from, before, origin)
    before.add(view)
    views.push(view)
  }
  return views
}

/** What of the views before is near to the next one; the same for writer and reader. */
class ViewsBefore {
  /** The latest of the same type where there is one, else the latest, else what the host tells. */
  latest: HostView
  latestA: HostView | null = null
  latestAaaa: HostView | null = null
  readonly #origin: ViewsOrigin
  #allA: readonly string[] | null = null
  #allAaaa: readonly string[] | null = null
  /** Of the latest view: twice the place of the vantage's id, plus 1 for AAAA. */
  #head = -1
  #step = 1

  constructor(origin: ViewsOrigin) {
    this.latest = viewOfOrigin(origin)
    this.#origin = origin
  }

  nextHead(): number {
    return this.#head + this.#step
  }

  headOf({ vantage, type }: HostView): number {
    const { ids } = this.#origin
    let place = Math.max(0, this.#head >> 1)
    while (ids[place] !== vantage) place = (place + 1) % ids.length
    return place * 2 + (type === 'A' ? 0 : 1)
  }

  ofType(type: AddressType): HostView | null {
    return type === 'A' ? this.latestA : this.latestAaaa
  }

  /** The addresses of a type that the series holds. */
  all(type: AddressType): readonly string[] {
    if (type === 'A') return (this.#allA ??= this.#collect('A'))
    return (this.#allAaaa ??= this.#collect('AAAA'))
  }

  add(view: HostView): void {
    const head = this.headOf(view)
    this.#step = this.#head < 0 ? 1 : head - this.#head
    this.#head = head
    this.latest = view
    if (view.type === 'A') this.latestA = view
    else this.latestAaaa = view
  }

  #collect(type: AddressType): readonly string[] {
    const keys: string[] = []
    for (const seen of this.#origin.addresses) if (seen.type === type) keys.push(seen.key)
    return keys
  }
}

function viewOfOrigin({ rounds, firstAt, lastAt, previousAt }: ViewsOrigin): HostView {
  return {
    vantage: '',
    type: 'A',
    freshAnswers: rounds,
    repeats: 0,
    windows: rounds,
    windowAt: lastAt,
    windowBeforeAt: previousAt,
    windowSet: [],
    recent: [],
    firstWidth: 1,
    widthMin: 1,
    widthMax: 1,
    widthSum: rounds,
    ttlMinSeconds: 0,
    ttlMaxSeconds: 0,
    looksWithinTtl: 0,
    changesWithinTtl: 0,
    expiresAt: lastAt,
    firstFreshAt: firstAt,
    lastFreshAt: lastAt,
    cache: [],
    caches: 1,
    awaited: [],
  }
}

function writeView(to: ByteWriter, view: HostView, before: ViewsBefore, origin: ViewsOrigin): void {
  const ofType = before.ofType(view.type)
  const near = ofType ?? before.latest
  const { lastFreshAt, windowAt, freshAnswers, widthMax, widthMin, ttlMaxSeconds, recent, cache } = view
  const { windowSet, awaited, windowBeforeAt } = view
  const windows = areSameWindows(recent, near.recent)
    ? WINDOWS_AS_BEFORE
    : isStillWindows(recent, view.windows, widthMax)
      ? WINDOWS_STILL
      : recent.length + 2
  const set = isSetOfAll(view, origin)
    ? SET_OF_ALL
    : ofType !== null && areSameTexts(windowSet, ofType.windowSet)
      ? SET_AS_BEFORE
      : windowSet.length + 2
  const copy = expectedCopy(lastFreshAt, view.expiresAt, windowSet, near, ofType)
  const copies = cache.length === 1 && isSameCopy(cache[0]!, copy) ? ONE_AS_EXPECTED : cache.length + 1
  // In the order in which readView asks for them: what mostly differs comes first.
  to.row([
    lastFreshAt - near.lastFreshAt,
    view.firstFreshAt - near.firstFreshAt,
    windowBeforeAt === null ? 0 : windowAt - windowBeforeAt - gapOf(near),
    freshAnswers - near.freshAnswers,
    view.repeats - near.repeats,
    view.expiresAt - (lastFreshAt + ttlMaxSeconds * 1000),
    copies,
    view.ttlMaxSeconds - near.ttlMaxSeconds,
    view.ttlMinSeconds - near.ttlMinSeconds,
    windows,
    set,
    before.headOf(view) - before.nextHead(),
    view.widthSum - freshAnswers * widthMax,
    view.windows - (freshAnswers - near.freshAnswers + near.windows),
    windowAt - lastFreshAt,
    widthMax - near.widthMax,
    widthMin - widthMax,
    view.firstWidth - widthMax,
    view.looksWithinTtl - near.looksWithinTtl,
    view.changesWithinTtl - near.changesWithinTtl,
    view.caches - near.caches,
    awaited.length,
    windowBeforeAt === null ? 1 : 0,
  ])
  if (set > SET_AS_BEFORE) writeSet(to, windowSet, origin)
  if (windows > WINDOWS_STILL) writeWindows(to, recent, widthMax)
  if (copies !== ONE_AS_EXPECTED) writeCopies(to, cache, copy, near.cache)
  for (const hash of awaited) to.word(hash)
}

function readView(from: ByteReader, before: ViewsBefore, origin: ViewsOrigin): HostView {
  // The head tells the type, and with it what the view is near to; so the numbers are read first.
  const mask = from.count()
  const lastFresh = from.rest(mask, 0)
  const firstFresh = from.rest(mask, 1)
  const gap = from.rest(mask, 2)
  const fresh = from.rest(mask, 3)
  const repeats = from.rest(mask, 4)
  const expiry = from.rest(mask, 5)
  const copies = from.rest(mask, 6)
  const ttlMax = from.rest(mask, 7)
  const ttlMin = from.rest(mask, 8)
  const windows = from.rest(mask, 9)
  const set = from.rest(mask, 10)
  const head = before.nextHead() + from.rest(mask, 11)
  const type: AddressType = head % 2 === 0 ? 'A' : 'AAAA'
  const ofType = before.ofType(type)
  const near = ofType ?? before.latest
  const lastFreshAt = near.lastFreshAt + lastFresh
  const freshAnswers = near.freshAnswers + fresh
  const ttlMaxSeconds = near.ttlMaxSeconds + ttlMax
  const moreWidth = from.rest(mask, 12)
  const windowCount = freshAnswers - near.freshAnswers + near.windows + from.rest(mask, 13)
  const windowAt = lastFreshAt + from.rest(mask, 14)
  const widthMax = near.widthMax + from.rest(mask, 15)
  const widthMin = widthMax + from.rest(mask, 16)
  const firstWidth = widthMax + from.rest(mask, 17)
  const looksWithinTtl = near.looksWithinTtl + from.rest(mask, 18)
  const changesWithinTtl = near.changesWithinTtl + from.rest(mask, 19)
  const caches = near.caches + from.rest(mask, 20)
  const awaited = from.rest(mask, 21)
  const windowBeforeAt = from.rest(mask, 22) === 1 ? null : windowAt - (gapOf(near) + gap)
  const windowSet =
    set === SET_OF_ALL
      ? before.all(type)
      : set === SET_AS_BEFORE
        ? ofType!.windowSet
        : readSet(from, set - 2, origin)
  const recent =
    windows === WINDOWS_AS_BEFORE
      ? near.recent
      : windows === WINDOWS_STILL
        ? stillWindows(windowCount, widthMax)
        : readWindows(from, windows - 2, widthMax)
  const expiresAt = lastFreshAt + ttlMaxSeconds * 1000 + expiry
  const copy = expectedCopy(lastFreshAt, expiresAt, windowSet, near, ofType)
  return {
    vantage: origin.ids[head >> 1]!,
    type,
    freshAnswers,
    repeats: near.repeats + repeats,
    windows: windowCount,
    windowAt,
    windowBeforeAt,
    windowSet,
    recent,
    firstWidth,
    widthMin,
    widthMax,
    widthSum: freshAnswers * widthMax + moreWidth,
    ttlMinSeconds: near.ttlMinSeconds + ttlMin,
    ttlMaxSeconds,
    looksWithinTtl,
    changesWithinTtl,
    expiresAt,
    firstFreshAt: near.firstFreshAt + firstFresh,
    lastFreshAt,
    cache: copies === ONE_AS_EXPECTED ? [copy] : readCopies(from, copies - 1, copy, near.cache),
    caches,
    awaited: awaited === 0 ? NONE_AWAITED : Array.from({ length: awaited }, () => from.word()),
  }
}

const NONE_AWAITED: readonly number[] = []

/** From the window before to the latest. */
function gapOf({ windowAt, windowBeforeAt }: HostView): number {
  return windowBeforeAt === null ? 0 : windowAt - windowBeforeAt
}

/** The copy that a view holds when its latest fresh answer is the only one that is cached. */
function expectedCopy(
  lastFreshAt: number,
  expiresAt: number,
  windowSet: readonly string[],
  near: HostView,
  ofType: HostView | null,
): CachedCopy {
  const copy = near.cache[0]
  // Both answered in one round: what one answered later, it took longer.
  const delayMs = copy === undefined ? 0 : Math.max(0, copy.delayMs + lastFreshAt - near.lastFreshAt)
  const span = copy === undefined ? 0 : copy.lastSeenAt - copy.firstSeenAt
  const set = ofType?.cache[0]?.set ?? hashOfSet(windowSet)
  return { expiresAt, delayMs, set, firstSeenAt: lastFreshAt, lastSeenAt: lastFreshAt + span }
}

/** As the copy of an answer with these addresses has it. */
function hashOfSet(addresses: readonly string[]): number {
  return stableHash(addresses.length === 1 ? addresses[0]! : addresses.toSorted().join(' '))
}

function writeSet(to: ByteWriter, windowSet: readonly string[], { addresses }: ViewsOrigin): void {
  // Both stand in order of the hash.
  let place = -1
  for (const address of windowSet) {
    let next = place + 1
    while (next < addresses.length && addresses[next]!.key !== address) next += 1
    if (next === addresses.length) {
      to.count(0)
      writeAddress(to, address)
    } else {
      to.count(next - place)
      place = next
    }
  }
}

function readSet(from: ByteReader, size: number, { addresses }: ViewsOrigin): readonly string[] {
  const windowSet: string[] = []
  let place = -1
  while (windowSet.length < size) {
    const distance = from.count()
    place += distance
    windowSet.push(distance === 0 ? readAddress(from) : addresses[place]!.key)
  }
  return windowSet
}

function isSetOfAll({ type, windowSet }: HostView, { addresses }: ViewsOrigin): boolean {
  let place = 0
  for (const seen of addresses) {
    if (seen.type !== type) continue
    if (seen.key !== windowSet[place]) return false
    place += 1
  }
  return place === windowSet.length
}

function areSameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}

function inWholeMs(view: HostView): HostView {
  const { windowAt, windowBeforeAt, expiresAt, firstFreshAt, lastFreshAt, cache } = view
  const copies = copiesInWholeMs(cache)
  const isWhole =
    copies === cache &&
    Number.isInteger(windowAt) &&
    Number.isInteger(windowBeforeAt ?? 0) &&
    Number.isInteger(expiresAt) &&
    Number.isInteger(firstFreshAt) &&
    Number.isInteger(lastFreshAt)
  if (isWhole) return view
  return {
    ...view,
    windowAt: Math.round(windowAt),
    windowBeforeAt: windowBeforeAt === null ? null : Math.round(windowBeforeAt),
    expiresAt: Math.round(expiresAt),
    firstFreshAt: Math.round(firstFreshAt),
    lastFreshAt: Math.round(lastFreshAt),
    cache: copies,
  }
}
