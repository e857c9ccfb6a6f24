import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Assessment, VerdictName } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY, MODEL_VERSION } from '../../../src/core/policy.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { stableHash } from '../../../src/core/series/stable-hash.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import {
  domainOf,
  enrichmentBySlash16,
  hostRound,
  scattered,
  START,
  watchHost,
} from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const NAME = 'shop.example'
const FACTS = enrichmentBySlash16()
const at = (seconds: number) => START + seconds * 1000
const judge = (host: HostSeries, nameServers: readonly HostSeries[] = []): Assessment =>
  assess(domainOf(host, nameServers), FACTS, DEFAULT_POLICY, host.lastAt ?? START)

/** Two vantages that look every `every` seconds and see what `addresses` says. */
function twoVantages(
  rounds: number,
  every: number,
  ttl: number,
  addresses: (round: number, vantage: number) => readonly string[],
): HostSeries {
  return watchHost(
    NAME,
    Array.from({ length: rounds }, (_, round) =>
      [0, 1].map((vantage): Look => ({
        at: round * every,
        vantage: `v${vantage}`,
        ttl,
        a: addresses(round, vantage),
      })),
    ),
  )
}

describe('failed lookups', () => {
  it.each(['timeout', 'servfail', 'refused', 'malformed'] as const)(
    'by %s are never flux: unresolvable',
    (failure) => {
      const host = watchHost(
        NAME,
        Array.from({ length: 100 }, (_, round) => [{ at: round * 300, outcome: 'failed', failure }] as const),
      )
      const result = judge(host)
      expect([result.verdict, result.fluxType]).toEqual(['unresolvable', null])
      expect(result.evidence).toEqual([])
    },
  )

  it('of our own doing never lead anywhere', () => {
    const kinds = ['network', 'vantage_down', 'throttled'] as const
    const host = watchHost(
      NAME,
      Array.from(
        { length: 60 },
        (_, round) => [{ at: round * 300, outcome: 'failed', failure: kinds[round % 3]! }] as const,
      ),
    )
    const result = judge(host)
    expect(result.verdict).toBe('pending')
    expect(result.notes[0]).toBe(
      'No vantage could be reached, or none may ask: nothing is known of the name yet.',
    )
  })

  it('between good answers change neither score nor evidence', () => {
    const clean = twoVantages(12, 70, 60, () => ['61.1.0.1'])
    const holed = watchHost(
      NAME,
      Array.from({ length: 12 }, (_, round) => [
        ...[0, 1].map((vantage): Look => ({
          at: round * 70,
          vantage: `v${vantage}`,
          ttl: 60,
          a: ['61.1.0.1'],
        })),
        { at: round * 70 + 1, vantage: 'v2', outcome: 'failed', failure: 'timeout' } as const,
      ]),
    )
    expect(judge(holed).evidence).toEqual(judge(clean).evidence)
    expect(judge(holed).score).toBe(judge(clean).score)
  })
})

describe('a short TTL', () => {
  it.each([0, 1, 5, 60])('of %i s alone is never flux, for one address or eight that stand still', (ttl) => {
    const one = judge(twoVantages(40, 70, ttl, () => ['61.1.0.1']))
    const eight = judge(
      twoVantages(40, 70, ttl, () => Array.from({ length: 8 }, (_, index) => scattered(index))),
    )
    expect([one.verdict, eight.verdict]).toEqual(['no_flux_seen', 'no_flux_seen'])
  })
})

describe('first looks', () => {
  it('are pending, however diverse the answer', () => {
    const result = judge(
      watchHost(NAME, [[{ at: 0, a: Array.from({ length: 10 }, (_, index) => scattered(index)) }]]),
    )
    expect(result.verdict).toBe('pending')
    expect(result.notes[0]).toMatch(/^Not decided before enough was seen: 1 of 3 rounds/)
  })

  it('of nothing at all are pending too', () => {
    const result = assess(domainOf(newHostSeries(NAME)), FACTS, DEFAULT_POLICY, START)
    expect([result.verdict, result.rounds, result.observedForSeconds]).toEqual(['pending', 0, 0])
    expect(result.nextProbeAt).toBeGreaterThan(START)
  })
})

const rolling = (round: number) => Array.from({ length: 8 }, (_, seat) => scattered(round * 2 + seat))

describe('an address set', () => {
  it('whose agents are replaced one by one over unrelated networks is single flux', () => {
    const result = judge(twoVantages(10, 200, 180, rolling))
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'single'])
    expect(result.score).toBeGreaterThan(0.95)
    expect(result.model).toBe(MODEL_VERSION)
    const weights = result.evidence.map((piece) => Math.abs(piece.weight))
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  })

  it('of the same shape under a listed name is held back, visibly', () => {
    const host = { ...twoVantages(10, 200, 180, rolling), name: '2.pool.ntp.org' }
    const result = assess(
      { ...domainOf(host), domain: '2.pool.ntp.org' },
      FACTS,
      DEFAULT_POLICY,
      host.lastAt!,
    )
    expect(result.context).toEqual([{ list: 'volunteer-pools', entry: 'pool.ntp.org', effect: -4 }])
    expect(result.score).toBeLessThan(judge(twoVantages(10, 200, 180, rolling)).score)
    expect(result.evidence.find((piece) => piece.id === 'a-growth')).toBeDefined()
  })

  it('that is round robin, permuted, is not flux', () => {
    const six = Array.from({ length: 6 }, (_, index) => scattered(index))
    const result = judge(
      twoVantages(20, 70, 60, (round) => [...six.slice(round % 6), ...six.slice(0, round % 6)]),
    )
    expect(result.verdict).toBe('no_flux_seen')
  })
})

/** What a CDN's region shows at a look: `width` servers of its own pool, as `pick` says. */
type Pick = (round: number, seat: number) => number

/** Three regions of a CDN in eight access networks each, looked at 60 times; every verdict on the way, without repeats. */
function verdictsOnCarriers(pool: number, width: number, pick: Pick): readonly string[] {
  const named = enrichmentBySlash16((asn) => `Carrier Telecom ${asn % 8}`)
  const path: VerdictName[] = []
  let host = newHostSeries(NAME)
  for (let round = 0; round < 60; round += 1) {
    const servers = [...new Set(Array.from({ length: width }, (_, seat) => pick(round, seat) % pool))]
    const looks = [60, 70, 80].map((region, index): Look => ({
      at: round * 61,
      vantage: `v${index}`,
      ttl: 60,
      a: servers.map((server) => `${region}.${server % 8}.${server}.7`),
    }))
    host = foldHostRound(host, hostRound(NAME, round + 1, looks))
    const { verdict } = assess(domainOf(host), named, DEFAULT_POLICY, host.lastAt!, path.at(-1) ?? null)
    if (path.at(-1) !== verdict) path.push(verdict)
  }
  return path
}

describe('a CDN in the access networks of eight carriers', () => {
  it.each([
    [16, 2],
    [16, 8],
    [40, 2],
    [40, 4],
  ])('with %i servers a region, %i of them drawn for an answer, is flux at no moment', (pool, width) => {
    const path = verdictsOnCarriers(pool, width, (round, seat) => stableHash(`${pool} ${round} ${seat}`))
    expect(path).not.toContain('flux')
  })

  it('that slides through its servers one by one is taken for flux until they come round again: a known limit', () => {
    const path = verdictsOnCarriers(40, 4, (round, seat) => round + seat)
    expect(path).toContain('flux')
    expect(path.at(-1)).toBe('no_flux_seen')
  })
})

describe('name servers', () => {
  const site = twoVantages(12, 600, 300, () => ['61.1.0.1'])
  const moving = [1, 2, 3, 4].map((server) =>
    watchHost(
      `ns${server}.shop.example`,
      Array.from({ length: 8 }, (_, round) => [
        { at: round * 900, ttl: 600, a: [scattered(1000 + server * 20 + round)] },
      ]),
    ),
  )
  it('whose addresses rotate over unrelated networks while the site stands still are NS flux', () => {
    const result = judge(site, moving)
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'ns'])
  })

  it('whose addresses rotate over the machines of a moving site are double flux', () => {
    const host = twoVantages(10, 200, 180, (round) =>
      Array.from({ length: 8 }, (_, seat) => scattered(round * 2 + seat)),
    )
    const shared = [1, 2, 3].map((server) =>
      watchHost(
        `ns${server}.shop.example`,
        Array.from({ length: 5 }, (_, round) => [
          { at: round * 400, ttl: 300, a: [scattered(server * 5 + round)] },
        ]),
      ),
    )
    const result = judge(host, shared)
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'double'])
    expect(result.evidence.map((piece) => piece.id)).toContain('ns-serves-site')
  })

  it('at five operators of which one is renumbered do not make a site suspicious', () => {
    const careful = [1, 2, 3, 4, 5].map((server) =>
      watchHost(`ns${server}.campus.example`, [
        [{ at: 0, ttl: 300, a: [`7${server}.1.0.1`] }],
        [{ at: 900, ttl: 300, a: [server === 3 ? '79.1.0.1' : `7${server}.1.0.1`] }],
      ]),
    )
    expect(judge(site, careful).verdict).toBe('no_flux_seen')
  })

  it('that move once within one operator change nothing', () => {
    const moved = [1, 2].map((server) =>
      watchHost(`ns${server}.host.example`, [
        [{ at: 0, ttl: 300, a: [`71.1.0.${server}`] }],
        [{ at: 900, ttl: 300, a: [`71.1.7.${server}`] }],
      ]),
    )
    expect(judge(site, moved).verdict).toBe('no_flux_seen')
  })
})

const script = fc.array(
  fc.array(
    fc.record({
      vantage: fc.constantFrom('v1', 'v2', 'v3'),
      ttl: fc.constantFrom(0, 60, 300),
      late: fc.integer({ min: 0, max: 3 }),
      a: fc.uniqueArray(fc.nat({ max: 60 }).map(scattered), { maxLength: 8 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 8 },
)

describe('an assessment', () => {
  it('does not change with the order of records and vantages, a re-delivered round, or storage', () => {
    fc.assert(
      fc.property(script, (rounds) => {
        const timed = rounds.map((round, index) => ({
          number: index + 1,
          startedAt: at(index * 100),
          looks: round.map((look): Look => ({ ...look, at: index * 100 + look.late })),
        }))
        const fold = (twice: boolean, turn: (looks: Look[]) => Look[]) =>
          timed.reduce((series, { number, startedAt, looks }) => {
            const round = { ...hostRound(NAME, number, turn(looks)), startedAt }
            const once = foldHostRound(series, round)
            return twice ? (decodeSeries(encodeSeries(foldHostRound(once, round))) as HostSeries) : once
          }, newHostSeries(NAME))
        const straight = judge(fold(false, (looks) => looks))
        const twisted = judge(
          fold(true, (looks) => looks.toReversed().map((look) => ({ ...look, a: look.a!.toReversed() }))),
        )
        expect(twisted).toEqual(straight)
      }),
    )
  })

  it('does not depend on the order of the name servers', () => {
    const host = twoVantages(4, 200, 180, () => ['61.1.0.1'])
    const servers = [1, 2, 3].map((index) =>
      watchHost(`ns${index}.x`, [
        [{ at: 0, a: [scattered(index)] }],
        [{ at: 900, a: [scattered(index + 9)] }],
      ]),
    )
    expect(judge(host, servers.toReversed())).toEqual(judge(host, servers))
  })

  it('without an ASN database says so', () => {
    const none = {
      hasAsn: false,
      hasCountry: false,
      factsOf: () => ({ asn: null, organisation: null, country: null }),
    }
    const host = twoVantages(4, 200, 180, () => ['61.1.0.1'])
    expect(assess(domainOf(host), none, DEFAULT_POLICY, at(600)).notes[0]).toMatch(
      /^No ASN database is loaded/,
    )
  })
})
