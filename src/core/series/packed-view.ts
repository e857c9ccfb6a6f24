// What one vantage has shown of a host, as bytes, and the times in them. Which vantage and family it is, the host says.
import type { ByteReader } from './byte-reader.ts'
import { addressKind } from './byte-writer.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CachedCopy } from './cache-memory.ts'
import type { AnswerWindow } from './answer-window.ts'
import type { AddressType, HostView } from './host-view.ts'

/** A time, or that there is none, relative to a base; ms. */
export function writeTime(to: ByteWriter, time: number | null, base: number): void {
  if (time === null) {
    to.count(0)
    return
  }
  // 0 stands for none: odd numbers are times from the base on, even ones before it.
  const distance = Math.round(time - base)
  to.count(distance < 0 ? -2 * distance : 2 * distance + 1)
}

export function readTime(from: ByteReader, base: number): number | null {
  const value = from.count()
  if (value === 0) return null
  return value % 2 === 0 ? base - value / 2 : base + (value - 1) / 2
}

/** From here on a number means an address that the series holds, by its place; below it is the kind of one that is written out. */
const HELD = 3

/** `placeOf`: where the series holds an address. */
export function writeView(
  to: ByteWriter,
  view: HostView,
  base: number,
  placeOf: ReadonlyMap<string, number>,
): void {
  to.count(view.freshAnswers)
  to.count(view.repeats)
  to.count(view.windows)
  for (const time of [view.windowAt, view.expiresAt, view.firstFreshAt, view.lastFreshAt])
    to.signed(time - base)
  for (const width of [view.firstWidth, view.widthMin, view.widthMax, view.widthSum]) to.count(width)
  to.count(view.ttlMinSeconds)
  to.count(view.ttlMaxSeconds)
  to.count(view.looksWithinTtl)
  to.count(view.changesWithinTtl)
  to.count(view.caches)
  to.count(view.windowSet.length)
  for (const address of view.windowSet) {
    const place = placeOf.get(address)
    if (place === undefined) writeOut(to, address)
    else to.count(place + HELD)
  }
  to.count(view.recent.length)
  let before = base
  for (const window of view.recent) {
    to.signed(window.at - before)
    for (const count of [window.width, window.sampled, window.fresh, window.continuing]) to.count(count)
    before = window.at
  }
  writeCopies(to, view.cache, base)
  to.count(view.awaited.length)
  for (const hash of view.awaited) to.word(hash)
}

export function readView(
  from: ByteReader,
  vantage: string,
  type: AddressType,
  base: number,
  held: readonly { readonly key: string }[],
): HostView {
  const counts = () => from.count()
  const freshAnswers = counts()
  const repeats = counts()
  const windows = counts()
  const time = () => from.signed() + base
  // In the order in which they were written: the literal below is evaluated from top to bottom.
  const view = {
    vantage,
    type,
    freshAnswers,
    repeats,
    windows,
    windowAt: time(),
    expiresAt: time(),
    firstFreshAt: time(),
    lastFreshAt: time(),
    firstWidth: counts(),
    widthMin: counts(),
    widthMax: counts(),
    widthSum: counts(),
    ttlMinSeconds: counts(),
    ttlMaxSeconds: counts(),
    looksWithinTtl: counts(),
    changesWithinTtl: counts(),
    caches: counts(),
  }
  const windowSet = listOf(counts(), () => {
    const place = counts()
    return place < HELD ? from.address(place) : held[place - HELD]!.key
  })
  let before = base
  const recent = listOf(counts(), (): AnswerWindow => {
    const at = from.signed() + before
    before = at
    return { at, width: counts(), sampled: counts(), fresh: counts(), continuing: counts() }
  })
  const cache = readCopies(from, base)
  return { ...view, windowSet, recent, cache, awaited: listOf(counts(), () => from.word()) }
}

/** An address with its kind before it. */
export function writeOut(to: ByteWriter, address: string): void {
  const kind = addressKind(address)
  to.count(kind)
  to.address(address, kind)
}

export function writeCopies(to: ByteWriter, cache: readonly CachedCopy[], base: number): void {
  to.count(cache.length)
  for (const { expiresAt, delayMs, set, firstSeenAt, lastSeenAt } of cache) {
    to.signed(expiresAt - base)
    to.count(delayMs)
    to.word(set)
    to.signed(expiresAt - firstSeenAt)
    to.signed(lastSeenAt - firstSeenAt)
  }
}

export function readCopies(from: ByteReader, base: number): readonly CachedCopy[] {
  return listOf(from.count(), () => {
    const expiresAt = from.signed() + base
    const delayMs = from.count()
    const set = from.word()
    const firstSeenAt = expiresAt - from.signed()
    return { expiresAt, delayMs, set, firstSeenAt, lastSeenAt: firstSeenAt + from.signed() }
  })
}

function listOf<T>(length: number, read: () => T): T[] {
  const list: T[] = []
  for (let index = 0; index < length; index += 1) list.push(read())
  return list
}
