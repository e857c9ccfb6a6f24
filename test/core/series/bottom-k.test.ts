import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addToBottomK,
  emptyBottomK,
  estimateDistinct,
  estimateTotal,
  sampledShare,
} from '../../../src/core/series/bottom-k.ts'
import { stableHash } from '../../../src/core/series/stable-hash.ts'

interface Tally {
  readonly key: string
  readonly count: number
}
const merge = (a: Tally, b: Tally): Tally => ({ key: a.key, count: a.count + b.count })
const tallies = (keys: readonly string[]): Tally[] => keys.map((key) => ({ key, count: 1 }))

describe('the bottom-k sketch', () => {
  it('is exact until it is full', () => {
    const sketch = addToBottomK(emptyBottomK<Tally>(8), tallies(['a', 'b', 'a', 'c']), merge)
    expect(sketch.dropped).toBe(false)
    expect(estimateDistinct(sketch)).toBe(3)
    expect(sketch.entries.find((entry) => entry.key === 'a')!.count).toBe(2)
  })

  it('holds the same whatever the order and the batches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 3 }), { maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (keys, shuffle, batch) => {
          const one = addToBottomK(emptyBottomK<Tally>(7), tallies(keys), merge)
          const shuffled = keys
            .map((key, index) => ({ key, rank: shuffle[index] ?? 0 }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ key }) => key)
          let other = emptyBottomK<Tally>(7)
          for (let from = 0; from < shuffled.length; from += batch) {
            other = addToBottomK(other, tallies(shuffled.slice(from, from + batch)), merge)
          }
          expect(other).toEqual(one)
        },
      ),
    )
  })

  it('estimates 20,000 distinct keys within 15 % from 512 of them', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key-${index}`)
    const sketch = addToBottomK(emptyBottomK<Tally>(512), tallies(keys), merge)
    expect(sketch.entries).toHaveLength(512)
    expect(estimateDistinct(sketch)).toBeGreaterThan(17_000)
    expect(estimateDistinct(sketch)).toBeLessThan(23_000)
    expect(sampledShare(sketch)).toBeCloseTo(512 / 20_000, 2)
  })
  it('estimates without bias, for all keys and for some: 8 held of 1,000, the mean over 2,000 sketches within 3 %', () => {
    let all = 0
    let tenth = 0
    for (let trial = 0; trial < 2000; trial += 1) {
      const keys = Array.from({ length: 1000 }, (_, index) => `${trial}/${index}`)
      const sketch = addToBottomK(emptyBottomK<Tally>(8), tallies(keys), merge)
      all += estimateDistinct(sketch) / 2000
      const held = sketch.entries.filter((entry) => entry.key.endsWith('7')).length
      tenth += estimateTotal(held, sampledShare(sketch)) / 2000
    }
    expect(Math.abs(all - 1000)).toBeLessThan(30)
    expect(Math.abs(tenth - 100)).toBeLessThan(10)
  })

  it('divides by τ · k / (k − 1): three held with a bar at half of the hash space are 2 / 0.5 = 4 keys', () => {
    const entries = ['low', 'lower', keyHashedNearHalf()].map((key) => ({ key, count: 1 }))
    expect(sampledShare({ limit: 3, dropped: true, entries })).toBeCloseTo(0.75, 3)
    expect(estimateDistinct({ limit: 3, dropped: true, entries })).toBe(4)
    expect(estimateTotal(2, 0.25)).toBe(8)
  })
})

/** Its hash lies within 0.02 % of the middle. */
function keyHashedNearHalf(): string {
  for (let n = 0; ; n += 1) {
    if (Math.abs(stableHash(`key ${n}`) / 2 ** 32 - 0.5) < 0.0001) return `key ${n}`
  }
}

describe('the stable hash', () => {
  it('never changes: stored sketches rest on it', () => {
    expect([stableHash(''), stableHash('a'), stableHash('192.0.2.1')]).toEqual([
      2_872_998_923, 444_641_715, 1_941_296_713,
    ])
  })
})
