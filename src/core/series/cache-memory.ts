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
  const expiresAt = at + ttlSeconds * 1000
  const held = findCopy(memory, expiresAt, delayMs, set)
  const copies: CachedCopy[] = []
  for (let index = 0; index < memory.length; index += 1) {
    const copy = memory[index]!
    if (copy.expiresAt + EXPIRY_TOLERANCE_MS < at) continue
    copies.push(index === held ? seenAgain(copy, at) : copy)
  }
  if (held < 0) copies.push({ expiresAt, delayMs, set, firstSeenAt: at, lastSeenAt: at })
  if (copies.length > 1) copies.sort((a, b) => b.expiresAt - a.expiresAt || a.set - b.set)
  if (copies.length > CACHE_MEMORY) copies.length = CACHE_MEMORY
  return { memory: copies, isRepeat: held >= 0, caches: countCaches(copies) }
}

/** The place of the copy that the answer repeats, the nearest in expiry when several could be meant; -1 for none. */
function findCopy(memory: readonly CachedCopy[], expiresAt: number, delayMs: number, set: number): number {
  let best = -1
  let least = Infinity
  for (let index = 0; index < memory.length; index += 1) {
    const copy = memory[index]!
    const distance = Math.abs(copy.expiresAt - expiresAt)
    if (copy.set !== set || distance >= least) continue
    const laterDelayMs = copy.expiresAt > expiresAt ? copy.delayMs : delayMs
    if (!isSameExpiry(distance, laterDelayMs)) continue
    best = index
    least = distance
  }
  return best
}

/** Each reading lies between the true expiry and `delayMs` after it; their difference is bounded by the later one's delay. */
function isSameExpiry(distanceMs: number, laterDelayMs: number): boolean {
  return distanceMs <= EXPIRY_TOLERANCE_MS + Math.min(laterDelayMs, DELAY_CEILING_MS)
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
  if (copies.length < 2) return copies.length
  let most = 0
  for (const { firstSeenAt: moment } of copies) {
    let held = 0
    for (const one of copies) if (one.firstSeenAt <= moment && moment <= one.lastSeenAt) held += 1
    if (held > most) most = held
  }
  return most
}
