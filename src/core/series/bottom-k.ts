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
  const places = new Map(sketch.entries.map((entry, index) => [entry.key, index]))
  const entries = [...sketch.entries]
  const added = new Map<string, T>()
  let skipped = false
  for (const entry of incoming) {
    const place = places.get(entry.key)
    if (place !== undefined) entries[place] = merge(entries[place]!, entry)
    else if (isSampled(sketch, entry.key)) {
      const twin = added.get(entry.key)
      added.set(entry.key, twin === undefined ? entry : merge(twin, entry))
    } else skipped = true
  }
  // Mostly nothing is new, and then the order stands.
  const ordered = added.size === 0 ? entries : inHashOrder([...entries, ...added.values()])
  const fitting = added.size === 0 ? ordered.length : countFitting(ordered, sketch.limit, weigh)
  return {
    limit: sketch.limit,
    dropped: sketch.dropped || skipped || ordered.length > fitting,
    entries: ordered.slice(0, fitting),
  }
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

function inHashOrder<T extends { readonly key: string }>(entries: readonly T[]): readonly T[] {
  return entries
    .map((entry) => ({ entry, hash: stableHash(entry.key) }))
    .toSorted((a, b) => a.hash - b.hash || (a.entry.key < b.entry.key ? -1 : 1))
    .map(({ entry }) => entry)
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
