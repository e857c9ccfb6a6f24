// What a listed name on the way to the addresses costs a verdict, and what it cannot buy.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { stableHash } from '../../../src/core/series/stable-hash.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, enrichmentBySlash16, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { home, hosted, NETWORKS } from './networks.ts'

const judge = (
  host: HostSeries,
  nameServers: readonly HostSeries[] = [],
  known: Enrichment = NETWORKS,
): Assessment => assess(domainOf(host, nameServers), known, DEFAULT_POLICY, host.lastAt ?? START)
const entriesOf = ({ context }: Assessment) => context.map(({ entry }) => entry)

type AliasOf = (round: number, vantage: number) => string | undefined
const CDN = 'e7.g.akamai.net'

/** Agents replaced one by one over unrelated home lines, as three vantages see them; `perRound` new ones each time. */
function fluxing(
  rounds: number,
  aliasOf: AliasOf,
  perRound = 2,
  seats = 8,
  always: readonly string[] = [],
): HostSeries {
  return watchHost(
    'shop.example',
    Array.from({ length: rounds }, (_, round) =>
      [0, 1, 2].map((vantage): Look => {
        const alias = aliasOf(round, vantage)
        return {
          at: round * 200,
          vantage: `v${vantage}`,
          ttl: 180,
          a: [...always, ...Array.from({ length: seats }, (__, seat) => home(round * perRound + seat))],
          ...(alias === undefined ? {} : { alias }),
        }
      }),
    ),
  )
}
const none: AliasOf = () => undefined

/** Eight access providers, each with caches of a CDN in its networks. */
const CARRIERS = enrichmentBySlash16((asn) => `Carrier Telecom ${asn % 8}`)
/** Three regions of such a CDN, 16 caches each, two of them drawn for an answer: after three looks it could be anything. */
function cdnInAccessNetworks(alias?: string): HostSeries {
  return watchHost(
    'shop.example',
    Array.from({ length: 3 }, (_, round) =>
      [60, 70, 80].map((region): Look => ({
        at: round * 61,
        vantage: `v${region}`,
        ttl: 60,
        a: [0, 1].map((seat) => {
          const cache = stableHash(`${round} ${seat}`) % 16
          return `${region}.${cache % 8}.${cache}.7`
        }),
        ...(alias === undefined ? {} : { alias }),
      })),
    ),
  )
}
/** Led through a CDN for 18 rounds, then no more. */
const moved = (after: number) => fluxing(18 + after, (round) => (round < 18 ? CDN : undefined))

describe('a listed name on the way to the addresses', () => {
  it('lowers the score of a set that may be what the list says, and says by how much', () => {
    const plain = judge(cdnInAccessNetworks(), [], CARRIERS)
    const listed = judge(cdnInAccessNetworks(CDN), [], CARRIERS)
    expect(listed.context).toEqual([
      {
        list: 'cdn-names',
        entry: 'akamai.net',
        matched: 'cname',
        explains: 'cdn',
        effect: expect.any(Number),
      },
    ])
    expect(listed.context[0]!.effect).toBeLessThan(0)
    expect(listed.score).toBeLessThan(plain.score)
  })

  it('takes less from a set that moves as no CDN does', () => {
    const [cdn] = judge(cdnInAccessNetworks(CDN), [], CARRIERS).context
    const [flux] = judge(fluxing(18, () => CDN)).context
    expect(flux!.effect).toBeLessThanOrEqual(0)
    expect(flux!.effect).toBeGreaterThan(cdn!.effect)
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
    expect(entriesOf(judge(fluxing(10, (_round, vantage) => (vantage === 0 ? undefined : CDN))))).toEqual([
      'akamai.net',
    ])
  })

  it('in the AAAA answers alone does not excuse the A answers', () => {
    const looks = Array.from({ length: 10 }, (_, round): Look[] => [
      { at: round * 200, ttl: 180, a: Array.from({ length: 8 }, (__, seat) => home(round * 2 + seat)) },
      { at: round * 200, ttl: 180, aaaa: ['2a00:1:1::1'], alias: CDN },
      { at: round * 200, ttl: 180, aaaa: ['2a00:1:1::1'], alias: CDN, vantage: 'v2' },
    ])
    expect(judge(watchHost('shop.example', looks)).context).toEqual([])
  })

  it('does not gain weight from cached copies of one answer', () => {
    const copies = Array.from({ length: 30 }, (_, index): Look[] => [
      { at: index * 10, ttl: 600 - index * 10, a: [hosted(1)], alias: CDN },
    ])
    const direct = [1, 2, 3].map((index): Look[] => [{ at: 600 + index, ttl: 0, a: [home(index)] }])
    expect(judge(watchHost('shop.example', [...copies, ...direct])).context).toEqual([])
  })

  it('is forgotten once a ninth as many answers came without it', () => {
    expect(judge(moved(2)).context).toHaveLength(1)
    expect(judge(moved(3)).context).toEqual([])
  })
})

describe('flux that is watched for an hour', () => {
  it.each([CDN, 'd111111abcdef8.cloudfront.net'])('buys no pass by a CNAME to %s', (alias) => {
    const result = judge(fluxing(19, () => alias))
    expect(result.context).toHaveLength(1)
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'single'])
  })

  it('is suspicious at least when a CNAME leads to a volunteer pool, which looks most like it', () => {
    const result = judge(fluxing(19, () => '2.pool.ntp.org'))
    expect(result.context).toHaveLength(1)
    expect(['suspicious', 'flux']).toContain(result.verdict)
  })

  it.each(['Akamai Technologies', 'Cloudflare, Inc.', 'Google LLC'])(
    'buys no pass by one address of %s among the bots',
    (organisation) => {
      const reputable = '23.1.1.1'
      const known: Enrichment = {
        ...NETWORKS,
        factsOf: (address) =>
          address === reputable ? { asn: 20_940, organisation, country: 'US' } : NETWORKS.factsOf(address),
      }
      const result = judge(fluxing(19, none, 2, 8, [reputable]), [], known)
      expect([result.verdict, result.fluxType]).toEqual(['flux', 'single'])
    },
  )
})

const site = (alias?: string) =>
  watchHost(
    'shop.example',
    Array.from({ length: 12 }, (_, round): Look[] => [
      { at: round * 600, ttl: 300, a: [hosted(1)], ...(alias === undefined ? {} : { alias }) },
    ]),
  )

describe('name servers that flux', () => {
  const moving = [1, 2, 3, 4].map((server) =>
    watchHost(
      `ns${server}.shop.example`,
      Array.from({ length: 8 }, (_, round) => [
        { at: round * 900, ttl: 600, a: [home(1000 + server * 20 + round)] },
      ]),
    ),
  )

  it('are not excused by where the name’s aliases lead', () => {
    const plain = judge(site(), moving)
    const covered = judge(site('2.pool.ntp.org'), moving)
    expect([covered.verdict, covered.fluxType]).toEqual(['flux', 'ns'])
    expect(covered.score).toBe(plain.score)
    expect(covered.context).toMatchObject([{ entry: 'pool.ntp.org', explains: 'volunteer-pool' }])
  })
})
