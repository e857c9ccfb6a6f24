import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CACHE_MEMORY, recall } from '../../../src/core/series/cache-memory.ts'
import type { CachedCopy } from '../../../src/core/series/cache-memory.ts'
import { foldAndMarkHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import type { Freshness } from '../../../src/core/model/observation.ts'
import { hostRound, watchHost } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

/** [at, remaining TTL] in seconds, and which data the answer carried. */
type Seen = readonly [at: number, ttl: number, set?: number]

function remember(sightings: readonly Seen[]) {
  let memory: readonly CachedCopy[] = []
  const repeats: boolean[] = []
  let caches = 0
  for (const [at, ttlSeconds, set = 1] of sightings) {
    const result = recall(memory, { at: at * 1000, ttlSeconds, delayMs: 0, set })
    memory = result.memory
    repeats.push(result.isRepeat)
    caches = Math.max(caches, result.caches)
  }
  return { memory, repeats, caches }
}

describe('the caches behind one address', () => {
  it.each<[string, number, Seen[]]>([
    [
      'one cache that counts down',
      1,
      [
        [0, 300],
        [100, 200],
        [299, 1],
        [301, 300],
      ],
    ],
    [
      'one cache that fetches anew before the TTL is over',
      1,
      [
        [0, 300],
        [270, 30],
        [280, 300],
        [290, 290],
      ],
    ],
    [
      'one cache that never counts down',
      1,
      [
        [0, 300],
        [10, 300],
        [20, 300],
        [30, 300],
      ],
    ],
    [
      'nothing that is cached',
      0,
      [
        [0, 0],
        [10, 0],
      ],
    ],
    [
      'two copies in turn',
      2,
      [
        [0, 300],
        [10, 120],
        [20, 280],
      ],
    ],
    [
      'two copies of different data in turn',
      2,
      [
        [0, 300, 1],
        [10, 120, 2],
        [20, 280, 1],
      ],
    ],
    [
      'two copies, one after the other',
      1,
      [
        [0, 300],
        [10, 120],
        [20, 110],
      ],
    ],
    [
      'three copies in turn',
      3,
      [
        [0, 300],
        [1, 200],
        [2, 100],
        [3, 297],
        [4, 197],
        [5, 95],
      ],
    ],
    [
      'two now and two others later',
      2,
      [
        [0, 30],
        [1, 20],
        [2, 28],
        [60, 30],
        [61, 20],
        [62, 28],
      ],
    ],
  ])('are counted from copies that were seen in turn: %s makes %d', (_what, expected, sightings) => {
    expect(remember(sightings).caches).toBe(expected)
  })

  it('are told apart up to the size of the memory; of more, repeats read as fresh', () => {
    const farm = (caches: number): Seen[] =>
      [0, 1].flatMap((turn) =>
        Array.from({ length: caches }, (_, cache): Seen => [turn * 10, 3600 - cache * 10 - turn * 10]),
      )
    const whole = remember(farm(CACHE_MEMORY))
    expect(whole.caches).toBe(CACHE_MEMORY)
    expect(whole.repeats.filter((repeat) => repeat)).toHaveLength(CACHE_MEMORY)
    const larger = remember(farm(CACHE_MEMORY + 6))
    expect(larger.caches).toBe(CACHE_MEMORY)
    expect(larger.repeats.filter((repeat) => repeat)).toHaveLength(CACHE_MEMORY)
    expect(larger.memory).toHaveLength(CACHE_MEMORY)
  })
})

const TTL = 300

/** A farm as it is: each cache fetches when it is asked and holds nothing, and counts down until the TTL is over. */
class Farm {
  readonly #expiries: number[]

  constructor(caches: number) {
    this.#expiries = Array.from({ length: caches }, () => 0)
  }

  /** Seconds that are left, and whether this copy has just been fetched. */
  ask(cache: number, at: number): { ttl: number; fetched: boolean } {
    const fetched = this.#expiries[cache]! <= at
    if (fetched) this.#expiries[cache] = at + TTL
    return { ttl: this.#expiries[cache]! - at, fetched }
  }
}

describe('a farm of caches', () => {
  it('is seen through: fresh is what a cache fetched, cached what it repeats, and there are never more caches than there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.record({ wait: fc.integer({ min: 4, max: 90 }), cache: fc.nat({ max: 5 }) }), {
          maxLength: 60,
        }),
        (size, asks) => {
          const farm = new Farm(size)
          let host: HostSeries = newHostSeries('www.example')
          let at = 0
          const expected: Freshness[] = []
          const found: (Freshness | undefined)[] = []
          for (const [index, { wait, cache }] of asks.entries()) {
            at += wait
            const { ttl, fetched } = farm.ask(cache % size, at)
            expected.push(fetched ? 'fresh' : 'cached')
            const look: Look = { at, a: ['61.1.1.1'], ttl }
            const { series, observations } = foldAndMarkHostRound(
              host,
              hostRound('www.example', index + 1, [look]),
            )
            host = series
            found.push(observations[0]!.freshness)
          }
          expect(found).toEqual(expected)
          const view = host.views[0]
          expect(view?.caches ?? 0).toBeLessThanOrEqual(size)
          expect(view?.freshAnswers ?? 0).toBe(expected.filter((one) => one === 'fresh').length)
        },
      ),
    )
  })

  it('is recognised whole when all of its caches are asked in turn', () => {
    const farm = new Farm(5)
    const looks = Array.from({ length: 15 }, (_, index) => {
      const at = index * 7
      return [{ at, a: ['61.1.1.1'], ttl: farm.ask(index % 5, at).ttl }]
    })
    expect(watchHost('www.example', looks).views[0]).toMatchObject({
      caches: 5,
      freshAnswers: 5,
      repeats: 10,
    })
  })

  it('of one vantage says nothing about another, nor one family about the other', () => {
    const host = watchHost('www.example', [
      [{ at: 0, a: ['61.1.1.1'], ttl: 300 }],
      [{ at: 10, a: ['61.1.1.1'], ttl: 120, vantage: 'v2' }],
      [{ at: 15, aaaa: ['2a00::1'], ttl: 200 }],
      [{ at: 20, a: ['61.1.1.1'], ttl: 280 }],
    ])
    expect(host.views.map(({ vantage, type, caches }) => [vantage, type, caches])).toEqual([
      ['v1', 'A', 1],
      ['v1', 'AAAA', 1],
      ['v2', 'A', 1],
    ])
  })
})
