// What one vantage has shown of a zone's NS or SOA RRset: how often it gave a fresh answer, and which cached copies it holds.
import { recall } from './cache-memory.ts'
import type { CachedCopy } from './cache-memory.ts'
import { stableHash } from './stable-hash.ts'
import type { ZoneAnswer } from './zone-answer.ts'

export type ZoneRecordType = 'NS' | 'SOA'

export interface ZoneView {
  readonly vantage: string
  readonly type: ZoneRecordType
  readonly freshAnswers: number
  /** Cached copies that had been seen already; they prove nothing. */
  readonly repeats: number
  /** The live copies that are remembered. */
  readonly cache: readonly CachedCopy[]
  /** The most caches that must have stood behind the vantage's address at one time; 0 when nothing was cached. */
  readonly caches: number
}

/** Folds an answer in; `firstHand`: out of zone data, so that nothing counted its TTL down. */
export function foldZoneAnswer(
  view: ZoneView | null,
  vantage: string,
  type: ZoneRecordType,
  answer: ZoneAnswer,
  firstHand: boolean,
): { view: ZoneView; isFresh: boolean } {
  const held: ZoneView = view ?? { vantage, type, freshAnswers: 0, repeats: 0, cache: [], caches: 0 }
  if (firstHand) return { view: { ...held, freshAnswers: held.freshAnswers + 1 }, isFresh: true }
  const { at, delayMs, ttlSeconds, data } = answer
  const { memory, isRepeat, caches } = recall(held.cache, {
    at,
    delayMs,
    ttlSeconds,
    set: stableHash(data.join(' ')),
  })
  return {
    view: {
      ...held,
      freshAnswers: held.freshAnswers + (isRepeat ? 0 : 1),
      repeats: held.repeats + (isRepeat ? 1 : 0),
      cache: memory,
      caches: Math.max(held.caches, caches),
    },
    isFresh: !isRepeat,
  }
}
