// What a listed name on the way to the addresses costs a verdict, and what it cannot buy.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, enrichmentBySlash16, scattered, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const FACTS = enrichmentBySlash16()
const judge = (host: HostSeries, nameServers: readonly HostSeries[] = []): Assessment =>
  assess(domainOf(host, nameServers), FACTS, DEFAULT_POLICY, host.lastAt ?? START)
const listsOf = (result: Assessment) => result.context.map((match) => [match.entry, match.effect])

type AliasOf = (round: number, vantage: number) => string | undefined
const CDN = 'e7.g.akamai.net'

/** Agents replaced one by one over unrelated networks, as three vantages see them; `perRound` new ones each time. */
function fluxing(rounds: number, aliasOf: AliasOf, perRound = 2, seats = 8): HostSeries {
  return watchHost(
    'shop.example',
    Array.from({ length: rounds }, (_, round) =>
      [0, 1, 2].map((vantage): Look => {
        const alias = aliasOf(round, vantage)
        return {
          at: round * 200,
          vantage: `v${vantage}`,
          ttl: 180,
          a: Array.from({ length: seats }, (__, seat) => scattered(round * perRound + seat)),
          ...(alias === undefined ? {} : { alias }),
        }
      }),
    ),
  )
}
const none: AliasOf = () => undefined
/** Led through a CDN for 18 rounds, then no more. */
const moved = (after: number) => fluxing(18 + after, (round) => (round < 18 ? CDN : undefined))

describe('a listed name on the way to the addresses', () => {
  it('lowers the score while every answer leads through it', () => {
    const result = judge(fluxing(10, () => CDN))
    expect(listsOf(result)).toEqual([['akamai.net', -2]])
    expect(result.score).toBeLessThan(judge(fluxing(10, none)).score)
  })

  it.each<[string, AliasOf]>([
    [
      'that one answer led through, and one through another',
      (round) => ['2.pool.ntp.org', CDN][round] ?? undefined,
    ],
    ['that every other answer leads through', (round) => (round % 2 === 0 ? CDN : undefined)],
    ['that takes turns with another listed one', (round) => (round % 2 === 0 ? CDN : '2.pool.ntp.org')],
    ['that one vantage of three is led through', (_round, vantage) => (vantage === 0 ? CDN : undefined)],
  ])('%s is not compared, for an odd and an even number of answers', (_case, aliasOf) => {
    for (const rounds of [10, 11]) {
      expect(judge(fluxing(rounds, aliasOf)).context).toEqual([])
      expect(judge(fluxing(rounds, aliasOf)).score).toBe(judge(fluxing(rounds, none)).score)
    }
  })

  it('is compared although one vantage of three was never led through it', () => {
    expect(listsOf(judge(fluxing(10, (_round, vantage) => (vantage === 0 ? undefined : CDN))))).toEqual([
      ['akamai.net', -2],
    ])
  })

  it('in the AAAA answers alone does not excuse the A answers', () => {
    const looks = Array.from({ length: 10 }, (_, round): Look[] => [
      { at: round * 200, ttl: 180, a: Array.from({ length: 8 }, (__, seat) => scattered(round * 2 + seat)) },
      { at: round * 200, ttl: 180, aaaa: ['2a00:1:1::1'], alias: CDN },
      { at: round * 200, ttl: 180, aaaa: ['2a00:1:1::1'], alias: CDN, vantage: 'v2' },
    ])
    expect(judge(watchHost('shop.example', looks)).context).toEqual([])
  })

  it('does not gain weight from cached copies of one answer', () => {
    const copies = Array.from({ length: 30 }, (_, index): Look[] => [
      { at: index * 10, ttl: 600 - index * 10, a: ['61.1.0.1'], alias: CDN },
    ])
    const direct = [1, 2, 3].map((index): Look[] => [{ at: 600 + index, ttl: 0, a: [scattered(index)] }])
    expect(judge(watchHost('shop.example', [...copies, ...direct])).context).toEqual([])
  })

  it('is forgotten once a ninth as many answers came without it', () => {
    expect(judge(moved(2)).context).toHaveLength(1)
    expect(judge(moved(3)).context).toEqual([])
  })

  it('is no pass for flux: strong evidence ends suspicious at least', () => {
    // Five seats in turn, and one agent replaced a round: flux, by a small margin.
    const margins = [5, 6, 7, 8, 9, 10].map((rounds) => ({
      plain: judge(fluxing(rounds, none, 1, 5)),
      covered: judge(fluxing(rounds, () => CDN, 1, 5)),
    }))
    const strong = margins.filter(({ plain }) => plain.score >= 0.97)
    expect(strong.map(({ plain }) => plain.verdict)).toContain('flux')
    for (const { covered } of strong) {
      expect(covered.context).toHaveLength(1)
      expect(['suspicious', 'flux']).toContain(covered.verdict)
    }
  })
})

const site = (alias?: string) =>
  watchHost(
    'shop.example',
    Array.from({ length: 12 }, (_, round): Look[] => [
      { at: round * 600, ttl: 300, a: ['61.1.0.1'], ...(alias === undefined ? {} : { alias }) },
    ]),
  )

describe('name servers that flux', () => {
  const moving = [1, 2, 3, 4].map((server) =>
    watchHost(
      `ns${server}.shop.example`,
      Array.from({ length: 8 }, (_, round) => [
        { at: round * 900, ttl: 600, a: [scattered(1000 + server * 20 + round)] },
      ]),
    ),
  )

  it('are not excused by where the name’s aliases lead', () => {
    const plain = judge(site(), moving)
    const covered = judge(site('2.pool.ntp.org'), moving)
    expect([covered.verdict, covered.fluxType]).toEqual(['flux', 'ns'])
    expect(covered.score).toBe(plain.score)
    expect(listsOf(covered)).toEqual([['pool.ntp.org', 0]])
  })
})
