// Chance without state: a number is a function of the seed and of labels, so that the same question about the same
// moment has the same answer on any machine, in any order of asking. Not for secrets.

export type Label = string | number

export interface Dice {
  /** Uniform in [0, 1). */
  ratio(...labels: readonly Label[]): number
  /** Uniform integer in [0, limit). */
  below(limit: number, ...labels: readonly Label[]): number
  /** `count` different integers in [0, limit), in random order; all of them when `count` exceeds `limit`. */
  distinct(limit: number, count: number, ...labels: readonly Label[]): number[]
  /** A permuted copy. */
  shuffled<T>(items: readonly T[], ...labels: readonly Label[]): T[]
}

export function createDice(seed: Label): Dice {
  const seeded = hashLabel(FNV_OFFSET, seed)
  const ratio = (...labels: readonly Label[]): number => finish(labels.reduce(hashLabel, seeded)) / 2 ** 32
  const below = (limit: number, ...labels: readonly Label[]): number => Math.floor(ratio(...labels) * limit)
  return {
    ratio,
    below,
    distinct(limit, count, ...labels) {
      const drawn = new Set<number>()
      const wanted = Math.min(limit, count)
      // Rejection is cheap while few are wanted; otherwise a permutation bounds the work.
      if (wanted * 2 > limit)
        return shuffle(Array.from({ length: limit }, (_, index) => index)).slice(0, wanted)
      for (let attempt = 0; drawn.size < wanted; attempt++) drawn.add(below(limit, ...labels, attempt))
      return [...drawn]

      function shuffle(items: number[]): number[] {
        return permute(items, (bound, step) => below(bound, ...labels, step))
      }
    },
    shuffled(items, ...labels) {
      return permute([...items], (bound, step) => below(bound, ...labels, step))
    },
  }
}

/** Fisher-Yates, in place. */
function permute<T>(items: T[], below: (bound: number, step: number) => number): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(last + 1, last)
    const kept = items[last]!
    items[last] = items[other]!
    items[other] = kept
  }
  return items
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a over the labels' text, one label at a time. */
function hashLabel(before: number, label: Label): number {
  const text = String(label)
  let hash = before
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
  // A separator no label contains: ("a", "b") and ("ab") differ.
  return Math.imul(hash ^ 0xffff, FNV_PRIME)
}

/** murmur3's fmix32: FNV alone leaves the high bits of short keys poor. */
function finish(fnv: number): number {
  let hash = Math.imul(fnv ^ (fnv >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
