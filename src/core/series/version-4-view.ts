// Reads what one vantage has shown of a host as version 4 wrote it. Which vantage and family it is, the host says.
// Nothing writes it any more.
import type { Base64Reader } from './version-4-bytes.ts'
import type { CachedCopy } from './cache-memory.ts'
import type { AnswerWindow } from './answer-window.ts'
import type { AddressType, HostView } from './host-view.ts'

/** A time, or that there is none, relative to a base; ms. */
export function readTime(from: Base64Reader, base: number): number | null {
  const value = from.count()
  if (value === 0) return null
  return value % 2 === 0 ? base - value / 2 : base + (value - 1) / 2
}

/** From here on a number means an address that the series holds, by its place; below it is the kind of one that is written out. */
const HELD = 3

export function readView(
  from: Base64Reader,
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
  let latest = base
  let windowBeforeAt: number | null = null
  const recent = listOf(counts(), (index): AnswerWindow => {
    windowBeforeAt = index === 0 ? null : latest
    latest += from.signed()
    return { width: counts(), sampled: counts(), fresh: counts(), continuing: counts() }
  })
  const cache = readCopies(from, base)
  return { ...view, windowBeforeAt, windowSet, recent, cache, awaited: listOf(counts(), () => from.word()) }
}

export function readCopies(from: Base64Reader, base: number): readonly CachedCopy[] {
  return listOf(from.count(), () => {
    const expiresAt = from.signed() + base
    const delayMs = from.count()
    const set = from.word()
    const firstSeenAt = expiresAt - from.signed()
    return { expiresAt, delayMs, set, firstSeenAt, lastSeenAt: firstSeenAt + from.signed() }
  })
}

function listOf<T>(length: number, read: (index: number) => T): T[] {
  const list: T[] = []
  for (let index = 0; index < length; index += 1) list.push(read(index))
  return list
}
