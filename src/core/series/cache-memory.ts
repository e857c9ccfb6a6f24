// Decides whether an answer is fresh or a cached copy that we have seen already. A cached copy of an RRset has a constant
// absolute expiry (time of the answer + remaining TTL), whichever moment it is asked at. A farm of caches behind one
// address shows several such copies in turn, so the last few live ones of a vantage are remembered.
// The same set again while a copy lives is taken for a repeat even if the expiry differs: a slow reply shifts it, and another
// cache of the farm with the same set tells nothing new of the name either.

/** Clocks tick in ms, TTLs in whole seconds, and a reply takes time: two copies may differ by this much. */
export const EXPIRY_TOLERANCE_MS = 2_000
/** Live copies remembered per vantage and type; a larger farm makes some repeats look fresh. */
export const CACHE_MEMORY = 16

/** One copy of one RRset in some cache of a resolver. */
export interface CachedCopy {
  /** ms since the epoch. */
  readonly expiresAt: number
  /** Hash of the sorted address set. */
  readonly set: number
}

/** The copy of `memory` that this answer, received `at`, repeats, if any. A TTL of 0 is never cached and always fresh. */
export function findCopy(
  memory: readonly CachedCopy[],
  answer: CachedCopy,
  ttlSeconds: number,
  at: number,
): CachedCopy | null {
  if (ttlSeconds <= 0) return null
  return (
    memory.find(
      (copy) =>
        copy.set === answer.set &&
        (at < copy.expiresAt || Math.abs(copy.expiresAt - answer.expiresAt) <= EXPIRY_TOLERANCE_MS),
    ) ?? null
  )
}

/** Remembers a fresh copy, forgets what has expired, and the earliest to expire when there are too many. */
export function rememberCopy(
  memory: readonly CachedCopy[],
  copy: CachedCopy,
  at: number,
): readonly CachedCopy[] {
  return [...memory, copy]
    .filter((held) => held.expiresAt + EXPIRY_TOLERANCE_MS >= at)
    .toSorted((a, b) => b.expiresAt - a.expiresAt || a.set - b.set)
    .slice(0, CACHE_MEMORY)
}
