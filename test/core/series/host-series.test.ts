import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import { ownFailures, targetFailures, usableOutcomes } from '../../../src/core/series/outcome-counts.ts'
import { hostRound, scattered, START, watchHost } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

const NAME = 'www.example'
const viewOf = (rounds: readonly (readonly Look[])[]) => watchHost(NAME, rounds).views[0]!

const repeatsAfter100s = (ttl: number) =>
  viewOf([[{ at: 0, a: ['61.1.1.1'], ttl: 300 }], [{ at: 100, a: ['61.1.1.1'], ttl }]]).repeats

const slow = (startedAt: number, at: number, ttl: number) => ({
  ...hostRound('n.example', 1, [{ at, a: ['192.0.2.1'], ttl }]),
  startedAt: START + startedAt * 1000,
})

describe('freshness', () => {
  it('takes a counted-down copy for a repeat and the next RRset for fresh, even with the same addresses', () => {
    const view = viewOf([
      [{ at: 0, a: ['61.1.1.1'], ttl: 300 }],
      [{ at: 100, a: ['61.1.1.1'], ttl: 200 }],
      [{ at: 299, a: ['61.1.1.1'], ttl: 1 }],
      [{ at: 301, a: ['61.1.1.1'], ttl: 300 }],
    ])
    expect([view.freshAnswers, view.repeats, view.windows]).toEqual([2, 2, 2])
  })

  it('takes other addresses with the same expiry for fresh', () => {
    const view = viewOf([[{ at: 0, a: ['61.1.1.1'], ttl: 300 }], [{ at: 100, a: ['61.1.1.2'], ttl: 200 }]])
    expect([view.freshAnswers, view.repeats]).toEqual([2, 0])
  })

  it('forgives two seconds of rounding, and no more', () => {
    expect([202, 201, 200, 199, 198].map(repeatsAfter100s)).toEqual([1, 1, 1, 1, 1])
    expect([203, 197].map(repeatsAfter100s)).toEqual([0, 0])
  })

  it('forgives what a slow reply shifts, and only in the direction in which it can', () => {
    const prompt = foldHostRound(newHostSeries('n.example'), slow(0, 0, 300))
    // Asked at 60 s, when 240 s were left; the reply took 7 s.
    const late = foldHostRound(prompt, { ...slow(60, 67, 240), number: 2 })
    expect(late.views[0]!.repeats).toBe(1)
    // Asked and answered at 67 s: 240 s left is another copy.
    const other = foldHostRound(prompt, { ...slow(67, 67, 240), number: 2 })
    expect(other.views[0]!.freshAnswers).toBe(2)
    // An expiry that lies before the known one cannot come from the delay of the answer that says so.
    const earlier = foldHostRound(prompt, { ...slow(60, 67, 200), number: 2 })
    expect(earlier.views[0]!.freshAnswers).toBe(2)
  })

  it('recognises the copies of a farm of caches behind one vantage', () => {
    const view = viewOf([
      [{ at: 0, a: ['61.1.1.1'], ttl: 300 }],
      [{ at: 10, a: ['61.1.1.1'], ttl: 120 }],
      [{ at: 20, a: ['61.1.1.1'], ttl: 280 }],
      [{ at: 30, a: ['61.1.1.1'], ttl: 100 }],
      [{ at: 40, a: ['61.1.1.1'], ttl: 260 }],
    ])
    expect([view.freshAnswers, view.repeats]).toEqual([2, 3])
  })

  it('takes every answer with TTL 0 for fresh', () => {
    const view = viewOf([0, 1, 2].map((at) => [{ at, a: ['61.1.1.1'], ttl: 0 }]))
    expect([view.freshAnswers, view.repeats, view.windows]).toEqual([3, 0, 3])
  })

  it('counts a burst of fresh answers within one TTL as one window', () => {
    const view = viewOf([0, 5, 10, 170, 181].map((at) => [{ at, a: ['61.1.1.1'], ttl: 180 }]))
    expect([view.freshAnswers, view.windows]).toEqual([5, 2])
  })
})

describe('what is counted', () => {
  it('keeps our own failures apart from those of the name', () => {
    const series = watchHost(NAME, [
      [
        { at: 0, outcome: 'failed', failure: 'timeout' },
        { at: 0, outcome: 'failed', failure: 'network', vantage: 'v2' },
        { at: 0, outcome: 'failed', failure: 'throttled', vantage: 'v3' },
        { at: 0, outcome: 'nxdomain', vantage: 'v4' },
      ],
    ])
    expect([
      targetFailures(series.outcomes),
      ownFailures(series.outcomes),
      usableOutcomes(series.outcomes),
    ]).toEqual([1, 2, 2])
    expect(series.addresses.entries).toEqual([])
  })

  it('remembers first, last, count and vantages of an address, and where a CNAME led', () => {
    const series = watchHost(NAME, [
      [
        { at: 0, a: ['61.1.1.1'], ttl: 60, alias: 'edge.cdn.example', vantage: 'v2' },
        { at: 0, a: ['61.1.1.1'], ttl: 60, alias: 'edge.cdn.example' },
      ],
      [{ at: 90, a: ['61.1.1.1'], ttl: 60 }],
    ])
    const [seen] = series.addresses.entries
    expect([seen!.last - seen!.first, seen!.count, seen!.vantages]).toEqual([90_000, 3, ['v1', 'v2']])
    expect(series.chain.entries.map((name) => name.key)).toEqual(['edge.cdn.example'])
  })

  it('counts the fresh answers that led through an alias, by vantage and type', () => {
    const series = watchHost(NAME, [
      [
        { at: 0, a: ['61.1.1.1'], ttl: 60, alias: 'edge.cdn.example', vantage: 'v2' },
        { at: 0, aaaa: ['2a00::1'], ttl: 60, alias: 'edge.cdn.example', vantage: 'v2' },
      ],
      [{ at: 30, a: ['61.1.1.1'], ttl: 30, alias: 'edge.cdn.example', vantage: 'v2' }],
      [
        { at: 90, a: ['61.1.1.1'], ttl: 60, alias: 'edge.cdn.example', vantage: 'v2' },
        { at: 90, a: ['61.1.1.1'], ttl: 60, alias: 'edge.cdn.example' },
        { at: 90, a: [], ttl: 60, alias: 'edge.cdn.example', vantage: 'v3' },
      ],
    ])
    const [alias] = series.chain.entries
    expect(alias!.count).toBe(5)
    expect(alias!.uses).toEqual([
      { vantage: 'v1', type: 'A', freshAnswers: 1 },
      { vantage: 'v2', type: 'A', freshAnswers: 2 },
      { vantage: 'v2', type: 'AAAA', freshAnswers: 1 },
    ])
  })

  it('tells in a window what is new, what stayed and what came back', () => {
    const view = viewOf([
      [{ at: 0, a: ['61.1.1.1', '61.1.1.2'], ttl: 60 }],
      [{ at: 70, a: ['61.1.1.2', '61.1.1.3'], ttl: 60 }],
      [{ at: 140, a: ['61.1.1.1', '61.1.1.3'], ttl: 60 }],
    ])
    expect(view.recent.map(({ fresh, continuing }) => [fresh, continuing])).toEqual([
      [2, 0],
      [1, 1],
      [0, 1],
    ])
  })
})

const looks = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 5 }),
    vantage: fc.constantFrom('v1', 'v2', 'v3'),
    ttl: fc.constantFrom(0, 1, 60, 300),
    alias: fc.constantFrom('x.example', 'y.example'),
    a: fc.uniqueArray(fc.nat({ max: 40 }).map(scattered), { maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
)

describe('folding a round', () => {
  it('does not depend on the order of observations or records', () => {
    fc.assert(
      fc.property(fc.array(looks, { minLength: 1, maxLength: 5 }), (rounds) => {
        const timed = rounds.map((round, index) =>
          round.map((look) => ({ ...look, at: look.at + index * 100 })),
        )
        const mirrored = timed.map((round) =>
          round.map((look) => ({ ...look, a: look.a.toReversed() })).toReversed(),
        )
        // The start of the round is the scheduler's, not the order's.
        const fold = (script: typeof timed) =>
          script.reduce(
            (series, round, index) =>
              foldHostRound(series, { ...hostRound(NAME, index + 1, round), startedAt: index * 100 }),
            newHostSeries(NAME),
          )
        expect(fold(mirrored)).toEqual(fold(timed))
      }),
    )
  })

  it('ignores a round that was delivered before', () => {
    const round = hostRound(NAME, 1, [{ at: 0, a: ['61.1.1.1'] }])
    const once = foldHostRound(newHostSeries(NAME), round)
    expect(foldHostRound(once, round)).toBe(once)
    const later = foldHostRound(once, hostRound(NAME, 2, [{ at: 90, a: ['61.1.1.2'] }]))
    expect(foldHostRound(later, round)).toBe(later)
  })
})
