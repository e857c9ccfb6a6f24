// Decides whether an answer is fresh or a cached copy that we have seen already. A cached copy of an RRset has a constant
// absolute expiry (time of the answer + remaining TTL), whichever moment it is asked at. A farm of caches behind one
// address shows several such copies in turn, so the last few live ones of a vantage are remembered.

/** Clocks tick in ms and TTLs in whole seconds: two readings of one copy may differ by this much. */
export const EXPIRY_TOLERANCE_MS = 2_000
/** A reply that took longer says too little of when its TTL was counted to tell copies apart by more than this. Hand-set. */
export const DELAY_CEILING_MS = 30_000
/** Live copies remembered per vantage and type; a larger farm makes some repeats look fresh. */
export const CACHE_MEMORY = 16

/** One copy of one RRset in some cache of a resolver. */
export interface CachedCopy {
  /** ms since the epoch; as read from the answer, so too late by at most `delayMs`. */
  readonly expiresAt: number
  /** Time from question to answer: the resolver counted the TTL at some moment in between. */
  readonly delayMs: number
  /** Hash of the sorted address set. */
  readonly set: number
}

/** The copy of `memory` that this answer repeats, if any. A TTL of 0 is never cached and always fresh. */
export function findCopy(
  memory: readonly CachedCopy[],
  answer: CachedCopy,
  ttlSeconds: number,
): CachedCopy | null {
  if (ttlSeconds <= 0) return null
  return memory.find((copy) => copy.set === answer.set && isSameExpiry(copy, answer)) ?? null
}

/** Each reading lies between the true expiry and `delayMs` after it; their difference is bounded by the later one's delay. */
function isSameExpiry(copy: CachedCopy, answer: CachedCopy): boolean {
  const later = copy.expiresAt > answer.expiresAt ? copy : answer
  const delay = Math.min(later.delayMs, DELAY_CEILING_MS)
  return Math.abs(copy.expiresAt - answer.expiresAt) <= EXPIRY_TOLERANCE_MS + delay
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
