import { array, assert, integer, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDice } from '../../src/lab/random.ts'
import { createRotation } from '../../src/lab/rotation.ts'

function sorted(list: readonly number[]): number[] {
  return list.toSorted((a, b) => a - b)
}

describe('the dice', () => {
  it('fall the same way for the same seed and labels on every machine', () => {
    const dice = createDice(1)
    // Pinned: another number here means that every world has changed.
    expect([dice.below(1_000_000, 'a'), dice.below(1_000_000, 'a', 1), dice.below(1_000_000, 'a1')]).toEqual([
      265_220, 131_506, 401_966,
    ])
    expect(createDice(2).below(1_000_000, 'a')).not.toBe(dice.below(1_000_000, 'a'))
  })

  it('spread evenly', () => {
    const dice = createDice('even')
    const counts = Array<number>(10).fill(0)
    for (let index = 0; index < 10_000; index++) counts[dice.below(10, 'draw', index)]! += 1
    // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9)
  })

  it('draw different integers, and all of them when more are wanted than there are', () => {
    assert(
      property(nat(), integer({ min: 1, max: 60 }), nat(80), (seed, limit, count) => {
        const drawn = createDice(seed).distinct(limit, count, 'x')
        expect(new Set(drawn).size).toBe(Math.min(limit, count))
        expect(drawn.every((number) => number >= 0 && number < limit)).toBe(true)
      }),
    )
  })

  it('permute without losing anything', () => {
    assert(
      property(nat(), array(nat()), (seed, items) => {
        expect(sorted(createDice(seed).shuffled(items, 'order'))).toEqual(sorted(items))
      }),
    )
  })
})

describe('a rotation', () => {
  it('has terms whose lengths lie in the range, and finds the term of any time', () => {
    assert(
      property(
        nat(),
        integer({ min: 60_000, max: 3_600_000 }),
        integer({ min: 0, max: 3_600_000 }),
        integer({ min: 0, max: 2_000_000_000_000 }),
        (seed, minMs, spreadMs, at) => {
          const rotation = createRotation({ minMs, maxMs: minMs + spreadMs }, createDice(seed), 'seat')
          const term = rotation.termAt(at)
          const next = rotation.nextAfter(at)
          expect(term.startedAt).toBeLessThanOrEqual(at)
          expect(next).toBeGreaterThan(at)
          expect(next - term.startedAt).toBeGreaterThanOrEqual(minMs - 1)
          expect(next - term.startedAt).toBeLessThanOrEqual(minMs + spreadMs + 1)
          expect(rotation.termAt(next)).toEqual({ index: term.index + 1, startedAt: next })
          expect(rotation.termAt(next - 1).index).toBe(term.index)
        },
      ),
    )
  })
})
