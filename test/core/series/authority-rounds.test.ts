import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/core/model/observation.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { foldAndMarkHostRound, foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { targetFailures, usableOutcomes } from '../../../src/core/series/outcome-counts.ts'
import { authorityAnswer, hostRoundOf } from './scripted-authorities.ts'
import { hostRound, observe } from './scripted-rounds.ts'

const NAME = 'www.evil.example'

/** Rounds `every` seconds apart, each a list of what the authorities say. */
function watch(rounds: readonly (readonly Observation[])[], every = 400): HostSeries {
  return rounds.reduce<HostSeries>(
    (series, observations, index) =>
      foldHostRound(series, hostRoundOf(NAME, index + 1, index * every, observations)),
    newHostSeries(NAME),
  )
}

const say = (at: number, server: string, a: readonly string[], ttl = 300) =>
  authorityAnswer(NAME, { at, a, ttl }, server)
const silent = (at: number, server: string, failure: 'timeout' | 'lame' | 'throttled' = 'timeout') =>
  authorityAnswer(NAME, { at, outcome: 'failed', failure }, server)

describe('a round of several authorities', () => {
  it('counts the same answer once, whoever gave it', () => {
    const { views, addresses } = watch([
      [
        say(0, 'ns1', ['61.1.1.1', '61.1.1.2']),
        say(1, 'ns2', ['61.1.1.2', '61.1.1.1']),
        say(2, 'ns3', ['61.1.1.1', '61.1.1.2']),
      ],
    ])
    expect(views[0]).toMatchObject({ freshAnswers: 1, repeats: 0, windows: 1, widthSum: 2, firstWidth: 2 })
    expect(addresses.entries.map((seen) => seen.count)).toEqual([1, 1])
  })

  it('counts each different answer, in one window as wide as all of them', () => {
    const round = (at: number) => [say(at, 'ns1', ['61.1.1.1']), say(at, 'ns2', ['61.1.1.2', '61.1.1.3'])]
    const [view] = watch([round(0), round(400)]).views
    expect(view).toMatchObject({
      freshAnswers: 4,
      windows: 2,
      firstWidth: 3,
      widthMin: 1,
      widthMax: 2,
      widthSum: 6,
    })
    expect(view!.recent.map(({ width, fresh, continuing }) => [width, fresh, continuing])).toEqual([
      [3, 3, 0],
      [3, 0, 3],
    ])
  })

  it('is one window with TTL 0 as well: what is said at one moment is one look', () => {
    const [view] = watch([
      [say(0, 'ns1', ['61.1.1.1'], 0), say(1, 'ns2', ['61.1.1.2'], 0), say(2, 'ns3', ['61.1.1.3'], 0)],
    ]).views
    expect(view).toMatchObject({ freshAnswers: 3, windows: 1, firstWidth: 3 })
  })

  it('is fresh each time, however soon it comes again', () => {
    const first = [say(0, 'ns1', ['61.1.1.1']), say(0, 'ns2', ['61.1.1.1'])]
    const again = [say(1, 'ns1', ['61.1.1.1']), say(1, 'ns2', ['61.1.1.1'])]
    const { series } = foldAndMarkHostRound(newHostSeries(NAME), hostRoundOf(NAME, 1, 0, first))
    const { observations } = foldAndMarkHostRound(series, hostRoundOf(NAME, 2, 1, again))
    expect(observations.map(({ freshness }) => freshness)).toEqual(['fresh', 'fresh'])
  })

  it('asks the memory of caches for what no authority vouches for', () => {
    const relayed = (at: number, ttl: number): Observation => ({
      ...say(at, 'ns1', ['61.1.1.1'], ttl),
      authoritative: false,
    })
    const [view] = watch([[relayed(0, 300)], [relayed(100, 200)]], 100).views
    expect(view).toMatchObject({ freshAnswers: 1, repeats: 1 })
  })

  it('does not believe the AA bit of a resolver', () => {
    const claimed = (at: number, ttl: number): Observation => ({
      ...observe(NAME, { at, a: ['61.1.1.1'], ttl }),
      authoritative: true,
    })
    const [view] = watch([[claimed(0, 300)], [claimed(100, 200)]], 100).views
    expect(view).toMatchObject({ freshAnswers: 1, repeats: 1 })
  })

  it('counts an alias as the way only when all who gave the answer led through it', () => {
    const through = (server: string, alias?: string) =>
      authorityAnswer(NAME, { at: 0, a: ['61.1.1.1'], ...(alias === undefined ? {} : { alias }) }, server)
    const usesOf = (observations: Observation[]) =>
      watch([observations]).chain.entries.map(({ uses }) => uses.length)
    expect(usesOf([through('ns1', 'e1.akamai.net'), through('ns2', 'e1.akamai.net')])).toEqual([1])
    expect(usesOf([through('ns1', 'e1.akamai.net'), through('ns2')])).toEqual([0])
  })

  it('does not depend on who answered first', () => {
    const spoken = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 3 }),
        server: fc.constantFrom('ns1', 'ns2', 'ns3', 'ns4'),
        ttl: fc.constantFrom(0, 60, 300),
        a: fc.uniqueArray(fc.constantFrom('61.1.1.1', '61.1.1.2', '61.1.1.3'), { maxLength: 3 }),
        authoritative: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 4 }), (rounds) => {
        const observed = rounds.map((round, index) =>
          round.map(({ at, server, ttl, a, authoritative }) => ({
            ...authorityAnswer(NAME, { at: at + index * 400, a, ttl }, server),
            authoritative,
          })),
        )
        expect(watch(observed.map((round) => round.toReversed()))).toEqual(watch(observed))
      }),
    )
  })
})

describe('the outcome of a round of several authorities', () => {
  const outcomesOf = (...observations: Observation[]) => watch([observations]).outcomes

  it('is what the best of them answered: a silent or lame server is no failure of the name', () => {
    const outcomes = outcomesOf(
      silent(0, 'ns1'),
      silent(0, 'ns2', 'lame'),
      silent(0, 'ns3', 'throttled'),
      say(0, 'ns4', ['61.1.1.1']),
    )
    expect(outcomes).toEqual({ answer: 1, nodata: 0, nxdomain: 0, failures: {} })
  })

  it('is one failure when all of them failed, theirs before our own', () => {
    const outcomes = outcomesOf(silent(0, 'ns1', 'throttled'), silent(0, 'ns2'), silent(0, 'ns3'))
    expect([targetFailures(outcomes), usableOutcomes(outcomes)]).toEqual([1, 1])
    expect(outcomesOf(silent(0, 'ns1', 'throttled')).failures).toEqual({ throttled: 1 })
  })

  it('is kept apart from what resolvers say, and each resolver counts for itself', () => {
    const round = hostRound(NAME, 1, [
      { at: 0, vantage: 'v1', a: ['61.1.1.1'] },
      { at: 0, vantage: 'v2', outcome: 'failed', failure: 'timeout' },
    ])
    const { outcomes } = foldHostRound(newHostSeries(NAME), {
      ...round,
      observations: [...round.observations, silent(0, 'ns1'), silent(0, 'ns2', 'lame')],
    })
    expect([outcomes.answer, outcomes.failures]).toEqual([1, { timeout: 1, lame: 1 }])
  })

  it('takes a walk that found no server for a failure only when no server answered', () => {
    const { server: _server, side: _side, ...nowhere } = silent(0, 'none')
    const unreachable: Observation = { ...nowhere, failure: 'unreachable_zone' }
    expect(outcomesOf(unreachable, say(0, 'ns1', ['61.1.1.1'])).failures).toEqual({})
    expect(outcomesOf(unreachable).failures).toEqual({ unreachable_zone: 1 })
  })
})

describe('what a resolver shows', () => {
  it('is marked fresh or cached in the order of the round, and not marked where nothing was answered', () => {
    const first = foldAndMarkHostRound(
      newHostSeries(NAME),
      hostRound(NAME, 1, [{ at: 0, a: ['61.1.1.1'], ttl: 300 }]),
    )
    const { observations } = foldAndMarkHostRound(
      first.series,
      hostRound(NAME, 2, [
        { at: 103, vantage: 'v2', a: ['61.1.1.1'], ttl: 200 },
        { at: 102, outcome: 'failed', failure: 'timeout', vantage: 'v3' },
        { at: 101, outcome: 'nxdomain', vantage: 'v4' },
        { at: 100, a: ['61.1.1.1'], ttl: 200 },
        { at: 100, aaaa: ['2a00::1'], ttl: 200 },
      ]),
    )
    expect(observations.map(({ freshness }) => freshness)).toEqual([
      'fresh',
      undefined,
      undefined,
      'cached',
      'fresh',
    ])
    expect('freshness' in observations[1]!).toBe(false)
  })

  it('is not marked again when the round is delivered again', () => {
    const round = hostRound(NAME, 1, [{ at: 0, a: ['61.1.1.1'] }])
    const { series } = foldAndMarkHostRound(newHostSeries(NAME), round)
    expect(foldAndMarkHostRound(series, round)).toEqual({ series, observations: round.observations })
  })
})

describe('authorities that each have answers of their own', () => {
  // The servers' addresses go by the length of their names.
  const regions = { a: ['61.1.1.1'], bb: ['61.1.1.2'], ccc: ['61.1.1.3'] } as const

  it('show no change where one that was silent at first answers for the first time', () => {
    const [view] = watch([
      [say(0, 'a', regions.a), silent(1, 'bb'), silent(1, 'ccc', 'lame')],
      [say(400, 'a', regions.a), say(401, 'bb', regions.bb), silent(401, 'ccc')],
      [silent(800, 'a'), say(801, 'bb', regions.bb), say(801, 'ccc', regions.ccc)],
    ]).views
    expect(view!.firstWidth).toBe(3)
    expect(view!.awaited).toEqual([])
    expect(view!.recent.map(({ width, sampled, fresh }) => [width, sampled, fresh])).toEqual([
      [1, 1, 1],
      [2, 1, 0],
      [2, 1, 0],
    ])
  })

  it('show change with the second answer of one that was silent at first', () => {
    const [view] = watch([
      [say(0, 'a', regions.a), silent(1, 'bb')],
      [say(400, 'a', regions.a), say(401, 'bb', regions.bb)],
      [say(800, 'a', regions.a), say(801, 'bb', ['61.1.1.9'])],
    ]).views
    expect(view!.firstWidth).toBe(2)
    expect(view!.recent.map(({ fresh }) => fresh)).toEqual([1, 0, 1])
  })

  it('show change with an authority that was not asked at first, and with what others say too', () => {
    const [view] = watch([
      [say(0, 'a', regions.a), silent(1, 'bb')],
      [say(400, 'a', ['61.1.1.9']), say(400, 'bb', ['61.1.1.9']), say(401, 'ccc', regions.ccc)],
    ]).views
    expect(view!.firstWidth).toBe(1)
    expect(view!.recent.map(({ fresh }) => fresh)).toEqual([1, 2])
  })

  it('are remembered in the stored series as long as their answer is awaited', () => {
    const series = watch([[say(0, 'a', regions.a), silent(1, 'bb'), silent(1, 'bb', 'lame')]])
    expect(series.views[0]!.awaited).toHaveLength(1)
    expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
  })
})
