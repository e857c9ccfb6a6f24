// Decides whether an answer is fresh or a cached copy that we have seen already, and how many caches stand behind one
// address. A cached copy of an RRset has a constant absolute expiry (time of the answer + remaining TTL), whichever moment
// it is asked at. A farm of caches shows several such copies in turn, so the live ones of a vantage are remembered.

/** Clocks tick in ms and TTLs in whole seconds: two readings of one copy may differ by this much. */
export const EXPIRY_TOLERANCE_MS = 2_000
/** A reply that took longer says too little of when its TTL was counted to tell copies apart by more than this. Hand-set. */
export const DELAY_CEILING_MS = 30_000
/**
 * Live copies remembered per vantage and type. Of a larger farm those that expire last are kept: a repeat of another one
 * reads as fresh, and the caches are counted up to this number.
 */
export const CACHE_MEMORY = 64

/** One copy of one RRset in some cache of a resolver. */
export interface CachedCopy {
  /** ms since the epoch; as read from the answer, so too late by at most `delayMs`. */
  readonly expiresAt: number
  /** Time from question to answer: the resolver counted the TTL at some moment in between. */
  readonly delayMs: number
  /** Hash of the data, sorted. */
  readonly set: number
  /** When it was seen for the first and for the last time, ms: some cache held it all the while. */
  readonly firstSeenAt: number
  readonly lastSeenAt: number
}

/** An RRset as a resolver answered it. */
export interface Sighting {
  readonly at: number
  readonly ttlSeconds: number
  /** Since the round began to ask; ms. */
  readonly delayMs: number
  /** Hash of the data, sorted. */
  readonly set: number
}

export interface Recall {
  /** The memory with this sighting in it. */
  readonly memory: readonly CachedCopy[]
  /** The answer must be a copy that had been seen. */
  readonly isRepeat: boolean
  /** Caches that must stand behind the address, as far as the live copies show; 0 when nothing is held in a cache. */
  readonly caches: number
}

/** Compares a sighting with the copies that are remembered, and remembers it. A TTL of 0 is never cached and always fresh. */
export function recall(memory: readonly CachedCopy[], sighting: Sighting): Recall {
  const { at, ttlSeconds, delayMs, set } = sighting
  if (ttlSeconds <= 0) return { memory, isRepeat: false, caches: 0 }
  const copy = { expiresAt: at + ttlSeconds * 1000, delayMs, set, firstSeenAt: at, lastSeenAt: at }
  const held = findCopy(memory, copy)
  const copies = (
    held === null ? [...memory, copy] : memory.map((one) => (one === held ? seenAgain(one, at) : one))
  )
    .filter((one) => one.expiresAt + EXPIRY_TOLERANCE_MS >= at)
    .toSorted((a, b) => b.expiresAt - a.expiresAt || a.set - b.set)
    .slice(0, CACHE_MEMORY)
  return { memory: copies, isRepeat: held !== null, caches: countCaches(copies) }
}

/** The copy that the answer repeats; the nearest in expiry when several could be meant. */
function findCopy(memory: readonly CachedCopy[], answer: CachedCopy): CachedCopy | null {
  const distance = (copy: CachedCopy): number => Math.abs(copy.expiresAt - answer.expiresAt)
  return memory
    .filter((copy) => copy.set === answer.set && isSameExpiry(copy, answer))
    .reduce<CachedCopy | null>(
      (best, copy) => (best === null || distance(copy) < distance(best) ? copy : best),
      null,
    )
}

/** Each reading lies between the true expiry and `delayMs` after it; their difference is bounded by the later one's delay. */
function isSameExpiry(copy: CachedCopy, answer: CachedCopy): boolean {
  const later = copy.expiresAt > answer.expiresAt ? copy : answer
  const delay = Math.min(later.delayMs, DELAY_CEILING_MS)
  return Math.abs(copy.expiresAt - answer.expiresAt) <= EXPIRY_TOLERANCE_MS + delay
}

function seenAgain(copy: CachedCopy, at: number): CachedCopy {
  return { ...copy, lastSeenAt: Math.max(copy.lastSeenAt, at) }
}

/**
 * The most copies that were held at one moment. A cache holds one copy of an RRset at a time, and from the first to the
 * last time that we saw a copy it was held: as many such spans as lie over each other, so many caches there are at least. A copy that was
 * replaced early (prefetched, evicted) is not seen again and so counts for nothing, however long its TTL would have run.
 */
function countCaches(copies: readonly CachedCopy[]): number {
  const heldAt = (moment: number): number =>
    copies.filter((one) => one.firstSeenAt <= moment && moment <= one.lastSeenAt).length
  return copies.reduce((most, { firstSeenAt }) => Math.max(most, heldAt(firstSeenAt)), 0)
}
