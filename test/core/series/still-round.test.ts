// Which rounds brought nothing but the same again. The host: seen from two vantages, one A address, no AAAA, behind one CNAME. Its
// answers are good for 60 seconds, a round comes every 100.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { isStill } from '../../../src/core/series/still-round.ts'
import { hostRound, scattered, watchHost } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

const NAME = 'www.example'
const BOTH = ['v1', 'v2']
const usual = (at: number, vantage: string): Look[] => [
  { at, vantage, a: ['61.1.1.1'], alias: 'edge.example' },
  { at, vantage, aaaa: [] },
]
const usualRound = (at: number): Look[] => BOTH.flatMap((vantage) => usual(at, vantage))

const settled = watchHost(
  NAME,
  Array.from({ length: 5 }, (_, index) => usualRound(index * 100)),
)

function isStillAfter(before: HostSeries, looks: readonly Look[]): boolean {
  const after = foldHostRound(before, hostRound(NAME, before.rounds + 1, looks))
  const still = isStill(before, after)
  // Whether a series was stored in between makes no difference.
  const stored = [before, after].map((one) => decodeSeries(encodeSeries(one), NAME) as HostSeries)
  expect(isStill(stored[0]!, stored[1]!)).toBe(still)
  return still
}

/** The usual round, in which one look is another one. */
const but = (look: Partial<Look>): Look[] => [
  { at: 500, vantage: 'v1', ...look },
  { at: 500, vantage: 'v1', aaaa: [] },
  ...usual(500, 'v2'),
]

describe('a round is still', () => {
  it('when all vantages answered as ever', () => {
    expect(isStillAfter(settled, usualRound(500))).toBe(true)
  })

  it('when one of them was not asked', () => {
    expect(isStillAfter(settled, usual(500, 'v2'))).toBe(true)
  })

  it('when one repeats a cached copy', () => {
    expect(isStillAfter(settled, usualRound(430).map(inLongCache(30)))).toBe(true)
    const watched = foldHostRound(settled, hostRound(NAME, 6, usualRound(500).map(inLongCache(120))))
    const more = foldHostRound(watched, hostRound(NAME, 7, usualRound(550).map(inLongCache(70))))
    expect(more.views.map(({ repeats }) => repeats)).toEqual([1, 1])
    expect(isStillAfter(more, usualRound(560).map(inLongCache(60)))).toBe(true)
  })

  it('when another cache of a vantage gives the same set before a window is over', () => {
    const rounds = [0, 100, 200, 230].map((at) => usualRound(at).map(inLongCache(60)))
    const watched = watchHost(NAME, rounds)
    const next = usualRound(241).map(inLongCache(60))
    const after = foldHostRound(watched, hostRound(NAME, 5, next))
    expect(after.views.map(({ windows }) => windows)).toEqual(watched.views.map(({ windows }) => windows))
    expect(after.views[0]!.freshAnswers).toBe(watched.views[0]!.freshAnswers + 1)
    expect(after.views[0]!.caches).toBe(watched.views[0]!.caches)
    expect(isStillAfter(watched, next)).toBe(true)
  })

  it('when both families answered as ever', () => {
    const round = (at: number): Look[] =>
      BOTH.flatMap((vantage) => [
        { at, vantage, a: ['61.1.1.1'] },
        { at, vantage, aaaa: ['2a00::1', '2a00::2'] },
      ])
    const host = watchHost(NAME, [0, 100, 200].map(round))
    expect(isStillAfter(host, round(300))).toBe(true)
    expect(isStillAfter(host, round(300).slice(0, 3))).toBe(true)
    expect(isStillAfter(host, [...round(300).slice(0, 3), { at: 300, vantage: 'v2', aaaa: [] }])).toBe(false)
  })
})

function inLongCache(ttl: number): (look: Look) => Look {
  return (look) => ({ ...look, ttl })
}

describe('a round is not still', () => {
  it.each<[string, readonly Look[]]>([
    ['with a new address', but({ a: ['62.1.1.1'], alias: 'edge.example' })],
    ['with one more address', but({ a: ['61.1.1.1', '62.1.1.1'], alias: 'edge.example' })],
    [
      'with an address of the other family',
      [...usualRound(500), { at: 500, vantage: 'v1', aaaa: ['2a00::1'] }],
    ],
    ['with a new CNAME target', but({ a: ['61.1.1.1'], alias: 'other.example' })],
    ['when the usual CNAME is left out', but({ a: ['61.1.1.1'] })],
    ['when a vantage says that there is no address', but({ a: [] })],
    ['when all say that there is no address', BOTH.flatMap((vantage) => [{ at: 500, vantage, a: [] }])],
    ['when a vantage says that there is no name', but({ outcome: 'nxdomain' })],
    ['when a vantage does not answer', but({ outcome: 'failed', failure: 'timeout' })],
    ['when a vantage is down', but({ outcome: 'failed', failure: 'vantage_down' })],
    ['when nobody could be asked', [{ at: 500, outcome: 'failed', failure: 'network' }]],
    ['when a vantage answers for the first time', [...usualRound(500), ...usual(500, 'v3')]],
    ['with a longer TTL', but({ a: ['61.1.1.1'], alias: 'edge.example', ttl: 600 })],
    ['with a shorter TTL', but({ a: ['61.1.1.1'], alias: 'edge.example', ttl: 0 })],
    ['when one vantage answered twice', [...usualRound(500), ...usual(501, 'v1')]],
  ])('%s', (_what, looks) => {
    expect(isStillAfter(settled, looks)).toBe(false)
  })

  it('when it was not taken in, or is not the next one', () => {
    const again = foldHostRound(settled, hostRound(NAME, 5, usualRound(400)))
    expect(isStill(settled, again)).toBe(false)
    expect(isStill(settled, foldHostRound(settled, hostRound(NAME, 7, usualRound(500))))).toBe(false)
  })

  it('as long as nothing is known', () => {
    expect(isStillAfter(newHostSeries(NAME), usualRound(0))).toBe(false)
    const first = watchHost(NAME, [usualRound(0)])
    expect(isStillAfter(watchHost(NAME, [[{ at: 0, a: [] }]]), [{ at: 100, a: [] }])).toBe(false)
    expect(isStillAfter(first, usualRound(100))).toBe(true)
  })

  it('when another vantage sees an address that one had seen', () => {
    const round = (at: number, [one, two]: readonly [string, string]): Look[] => [
      { at, vantage: 'v1', a: [one] },
      { at, vantage: 'v2', a: [two] },
    ]
    const host = watchHost(
      NAME,
      [0, 100, 200].map((at) => round(at, ['61.1.1.1', '62.1.1.1'])),
    )
    expect(isStillAfter(host, round(300, ['61.1.1.1', '62.1.1.1']))).toBe(true)
    expect(isStillAfter(host, round(300, ['62.1.1.1', '62.1.1.1']))).toBe(false)
  })

  it('when the addresses take turns, even if all of them are known', () => {
    const turn = (at: number): Look[] => [{ at, a: [scattered((at / 100) % 2)] }]
    const host = watchHost(NAME, [0, 100, 200, 300].map(turn))
    expect(isStillAfter(host, turn(400))).toBe(false)
    // In the time of one window the copies show it; where nothing is cached, nobody can tell.
    const soon = (at: number, ttl: number): Look[] => [{ at, a: [scattered(at % 2)], ttl }]
    const long = watchHost(
      NAME,
      [0, 301, 602, 603].map((at) => soon(at, 300)),
    )
    expect(isStillAfter(long, soon(604, 300))).toBe(false)
    const uncached = watchHost(NAME, [[{ at: 0, a: ['61.1.1.1'], ttl: 600 }], soon(301, 0), soon(602, 0)])
    expect(isStillAfter(uncached, soon(603, 0))).toBe(false)
  })

  it('once the name has so many addresses that its hours are counted', () => {
    const wide = Array.from({ length: 16 }, (_, n) => scattered(n))
    const host = watchHost(NAME, [[{ at: 0, a: wide }], [{ at: 100, a: wide }]])
    expect(isStillAfter(host, [{ at: 200, a: wide }])).toBe(false)
  })
})

describe('whatever came before, a still round', () => {
  it('leaves addresses, vantages, CNAME targets, widths, TTLs and failures as they were', () => {
    const look = fc.record({
      vantage: fc.constantFrom('v1', 'v2'),
      a: fc.subarray(['61.1.1.1', '62.1.1.1'], { minLength: 0 }),
      alias: fc.constantFrom('x.example', 'y.example'),
      ttl: fc.constantFrom(60, 60, 60, 30, 0),
    })
    let still = 0
    fc.assert(
      fc.property(fc.array(fc.array(look, { minLength: 1, maxLength: 2 }), { maxLength: 6 }), (rounds) => {
        const looks = rounds.map((round, index) => round.map((one) => ({ ...one, at: index * 100 })))
        // The last round once more: mostly it is still then.
        const last = looks.at(-1)
        const all = [
          ...looks,
          ...(last === undefined ? [] : [last.map((one) => ({ ...one, at: one.at + 100 }))]),
        ]
        const series = all.map((_, index) => watchHost(NAME, all.slice(0, index + 1)))
        for (const [index, after] of series.entries()) {
          const before = series[index - 1]
          if (before === undefined || !isStill(before, after)) continue
          still += 1
          expect(picture(after)).toEqual(picture(before))
        }
      }),
      { numRuns: 300 },
    )
    expect(still).toBeGreaterThan(10)
  })
})

function picture({ addresses, chain, views, news, outcomes, hours }: HostSeries) {
  return {
    addresses: addresses.entries.map(({ key, vantages }) => [key, vantages]),
    chain: chain.entries.map(({ key }) => key),
    views: views.map((view) => [
      view.vantage,
      view.type,
      view.windowSet,
      view.widthMin,
      view.widthMax,
      view.ttlMaxSeconds,
    ]),
    news: [news.A?.at, news.AAAA?.at],
    failures: [outcomes.nxdomain, outcomes.failures],
    hours,
  }
}
