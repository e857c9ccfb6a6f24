// A bounded set that does not depend on the order of arrival: the k entries with the smallest hash ("bottom-k", KMV
// sketch). Below k it is exact. Above, what it holds is a fair sample, every held entry is still exact (the bar only
// falls, so an entry that is held now was never dropped before), and the number of all entries can be estimated.
import { stableHash } from './stable-hash.ts'

export interface BottomK<T extends { readonly key: string }> {
  readonly limit: number
  /** True once an entry was dropped: from then on counts are estimates. */
  readonly dropped: boolean
  /** In order of (hash, key). */
  readonly entries: readonly T[]
}

export function emptyBottomK<T extends { readonly key: string }>(limit: number): BottomK<T> {
  return { limit, dropped: false, entries: [] }
}

/** Puts entries in; one with a known key is merged with it. The order of `incoming` does not matter if `merge` does not mind. */
export function addToBottomK<T extends { readonly key: string }>(
  sketch: BottomK<T>,
  incoming: readonly T[],
  merge: (held: T, fresh: T) => T,
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
  return {
    limit: sketch.limit,
    dropped: sketch.dropped || skipped || ordered.length > sketch.limit,
    entries: ordered.slice(0, sketch.limit),
  }
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

/** Share of all keys that the sketch holds, 0…1; 1 while it is exact. */
export function sampledShare<T extends { readonly key: string }>(sketch: BottomK<T>): number {
  if (!sketch.dropped) return 1
  return (stableHash(sketch.entries.at(-1)!.key) + 1) / 2 ** 32
}

/**
 * How many distinct keys were put in. Exact until something was dropped, then (k − 1) / share of the hash space below
 * the largest held hash; the relative standard error is about 1/√(k − 2).
 * Source: Bar-Yossef et al., RANDOM 2002; unbiased form by Beyer et al., SIGMOD 2007.
 */
export function estimateDistinct<T extends { readonly key: string }>(sketch: BottomK<T>): number {
  if (!sketch.dropped) return sketch.entries.length
  return Math.round((sketch.entries.length - 1) / sampledShare(sketch))
}
