// A bounded set that does not depend on the order of arrival: the k entries with the smallest hash ("bottom-k", KMV
// sketch). Below k it is exact. Above, what it holds is a fair sample, every held entry is still exact (the bar only
// falls, so an entry that is held now was never dropped before), and the number of all entries can be estimated.
import { stableHash } from './stable-hash.ts'

export interface BottomK<T extends { readonly key: string }> {
  /** What the held entries may weigh together; where nothing else is said each weighs 1. */
  readonly limit: number
  /** True once an entry was dropped: from then on counts are estimates. */
  readonly dropped: boolean
  /** In order of (hash, key). */
  readonly entries: readonly T[]
}

export function emptyBottomK<T extends { readonly key: string }>(limit: number): BottomK<T> {
  return { limit, dropped: false, entries: [] }
}

/**
 * Puts entries in; one with a known key is merged with it. The order of `incoming` does not matter if `merge` does not mind.
 * `weigh`: what an entry takes of the limit, by its key alone, at most half of it; 1 where it is left out.
 */
export function addToBottomK<T extends { readonly key: string }>(
  sketch: BottomK<T>,
  incoming: readonly T[],
  merge: (held: T, fresh: T) => T,
  weigh?: (entry: T) => number,
): BottomK<T> {
  if (incoming.length === 0) return sketch
  const entries = [...sketch.entries]
  const added: T[] = []
  let skipped = false
  for (const entry of incoming) {
    // The places stand as long as nothing is put between.
    const place = findHeld(sketch.entries, entry.key)
    if (place >= 0) entries[place] = merge(entries[place]!, entry)
    else if (isSampled(sketch, entry.key)) {
      const twin = added.findIndex(({ key }) => key === entry.key)
      if (twin < 0) added.push(entry)
      else added[twin] = merge(added[twin]!, entry)
    } else skipped = true
  }
  // Mostly nothing is new, and then all that was held still fits.
  if (added.length === 0) return { limit: sketch.limit, dropped: sketch.dropped || skipped, entries }
  for (const entry of added) entries.splice(placeFor(entries, stableHash(entry.key), entry.key), 0, entry)
  const fitting = countFitting(entries, sketch.limit, weigh)
  return {
    limit: sketch.limit,
    dropped: sketch.dropped || skipped || entries.length > fitting,
    entries: entries.slice(0, fitting),
  }
}

/** As many are looked through faster than they are hashed. */
const FEW = 16

/** The place of an entry in order of (hash, key); -1 when it is not held. */
export function findHeld(entries: readonly { readonly key: string }[], key: string): number {
  if (entries.length <= FEW) {
    for (let place = 0; place < entries.length; place += 1) if (entries[place]!.key === key) return place
    return -1
  }
  const place = placeFor(entries, stableHash(key), key)
  return entries[place]?.key === key ? place : -1
}

/** The place of the first entry that does not come before this one. */
function placeFor(entries: readonly { readonly key: string }[], hash: number, key: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const one = entries[middle]!.key
    const oneHash = stableHash(one)
    if (oneHash < hash || (oneHash === hash && one < key)) low = middle + 1
    else high = middle
  }
  return low
}

/** The same sketch under another limit. */
export function limitBottomK<T extends { readonly key: string }>(
  { entries, dropped }: BottomK<T>,
  limit: number,
  weigh?: (entry: T) => number,
): BottomK<T> {
  const fitting = countFitting(entries, limit, weigh)
  return { limit, dropped: dropped || entries.length > fitting, entries: entries.slice(0, fitting) }
}

/** How many of the first entries fit. The bar is where it first gets too much, so it only ever falls. */
function countFitting<T>(
  entries: readonly T[],
  limit: number,
  weigh: ((entry: T) => number) | undefined,
): number {
  if (weigh === undefined) return Math.min(entries.length, limit)
  let weight = 0
  const end = entries.findIndex((entry) => (weight += weigh(entry)) > limit)
  return end < 0 ? entries.length : end
}

/** Whether the sketch would hold this key if it were seen: always, as long as nothing was dropped. */
export function isSampled<T extends { readonly key: string }>(sketch: BottomK<T>, key: string): boolean {
  if (!sketch.dropped) return true
  const bar = sketch.entries.at(-1)!
  const hash = stableHash(key)
  const barHash = stableHash(bar.key)
  return hash < barHash || (hash === barHash && key <= bar.key)
}

/**
 * Share of all keys that the sketch holds, 0…1; 1 while it is exact. What is held, of all keys or of some kind, is divided by
 * it (`estimateTotal`): there is no other formula for a total.
 *
 * Once something was dropped: τ · k / (k − 1), τ being the share of the hash space up to the largest held hash, so that the
 * estimate for all keys is the unbiased (k − 1) / τ. Its relative standard error is about 1/√(k − 2); `limit` must be 2 or more.
 * Source: Bar-Yossef et al., RANDOM 2002; unbiased form by Beyer et al., SIGMOD 2007.
 */
export function sampledShare<T extends { readonly key: string }>(sketch: BottomK<T>): number {
  if (!sketch.dropped) return 1
  const held = sketch.entries.length
  const hashShare = (stableHash(sketch.entries.at(-1)!.key) + 1) / 2 ** 32
  return (hashShare * held) / (held - 1)
}

/** How many keys of some kind were put in, when `held` of that kind are in a sketch that holds this share. Not rounded. */
export function estimateTotal(held: number, share: number): number {
  return held / share
}

/** How many distinct keys were put in; exact until something was dropped. */
export function estimateDistinct<T extends { readonly key: string }>(sketch: BottomK<T>): number {
  return Math.round(estimateTotal(sketch.entries.length, sampledShare(sketch)))
}
