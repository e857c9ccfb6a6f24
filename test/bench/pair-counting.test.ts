import { describe, expect, it } from 'vitest'
import { countPairs, precision, recall, sumPairs } from '../../bench/networks/pair-counting.ts'

describe('counting pairs', () => {
  const truth = new Map<string, number | null>([
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['d', 2],
    ['stranger', null],
  ])

  it('tells what was rightly and wrongly together, and wrongly apart', () => {
    const found = new Map<string, string | null>([
      ['a', 'x'],
      ['b', 'x'],
      ['c', null],
      ['d', 'x'],
      ['stranger', 'x'],
    ])
    // Together are a-b, and wrongly a-d, b-d, and each of the three with the stranger; apart are a-c and b-c.
    const pairs = countPairs(truth, found)
    expect(pairs).toEqual({ together: 1, wronglyTogether: 5, wronglyApart: 2 })
    expect(precision(pairs)).toBeCloseTo(1 / 6)
    expect(recall(pairs)).toBeCloseTo(1 / 3)
    expect(sumPairs([pairs, pairs])).toEqual({ together: 2, wronglyTogether: 10, wronglyApart: 4 })
  })

  it('has nothing wrong where nothing is found or nothing belongs together', () => {
    const nothing = countPairs(new Map([['a', null]]), new Map())
    expect([precision(nothing), recall(nothing)]).toEqual([1, 1])
  })
})
