// What the detector says of the address set of a name, in worlds that are written by hand.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY, MODEL_VERSION } from '../../../src/core/policy.ts'
import { newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { home, hosted, NETWORKS } from './networks.ts'

const NAME = 'shop.example'
const judge = (host: HostSeries, known: Enrichment = NETWORKS): Assessment =>
  assess(domainOf(host), known, DEFAULT_POLICY, host.lastAt ?? START)

/** Two vantages that look every `every` seconds and see what `addresses` says of the round. */
function twoVantages(
  rounds: number,
  every: number,
  ttl: number,
  addresses: (round: number) => readonly string[],
): HostSeries {
  return watchHost(
    NAME,
    Array.from({ length: rounds }, (_, round) =>
      ['v0', 'v1'].map((vantage): Look => ({ at: round * every, vantage, ttl, a: addresses(round) })),
    ),
  )
}
const firstOf = (count: number, place: (n: number) => string) =>
  Array.from({ length: count }, (_, index) => place(index))
const rolling = (round: number) => firstOf(8, (seat) => home(round * 2 + seat))

describe('a short TTL', () => {
  it.each([0, 1, 5, 60])('of %i s is no flux for one server or eight that stand still', (ttl) => {
    for (const servers of [1, 8]) {
      const result = judge(twoVantages(40, 70, ttl, () => firstOf(servers, hosted)))
      expect([servers, result.verdict]).toEqual([servers, 'no_flux_seen'])
    }
  })

  it.each([0, 60])('of %i s does not even make eight home lines suspicious while they stand still', (ttl) => {
    for (const rounds of [1, 2, 5, 40]) {
      const { verdict } = judge(twoVantages(rounds, 70, ttl, () => firstOf(8, home)))
      expect(['pending', 'no_flux_seen'], `${rounds} rounds`).toContain(verdict)
    }
  })
})

describe('first looks', () => {
  it('are pending, however diverse the answer', () => {
    const result = judge(watchHost(NAME, [[{ at: 0, a: firstOf(10, home) }]]))
    expect([result.verdict, result.fluxType]).toEqual(['pending', null])
    expect(result.notes[0]).toMatch(/^Not decided before enough was seen: 1 of \d rounds/)
  })

  it('of nothing at all are pending too', () => {
    const result = assess(domainOf(newHostSeries(NAME)), NETWORKS, DEFAULT_POLICY, START)
    expect([result.verdict, result.rounds, result.observedForSeconds]).toEqual(['pending', 0, 0])
    expect(result.evidence).toEqual([])
    expect(result.nextProbeAt).toBeGreaterThan(START)
  })
})

describe('an address set', () => {
  it('of home lines that are replaced one by one is single flux', () => {
    const result = judge(twoVantages(10, 200, 180, rolling))
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'single'])
    expect(result.model).toBe(MODEL_VERSION)
  })

  it('is explained by its evidence in order of weight, in both directions', () => {
    const { evidence } = judge(twoVantages(10, 200, 180, rolling))
    const weights = evidence.map((piece) => Math.abs(piece.weight))
    expect(weights.length).toBeGreaterThan(3)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    for (const { pointsTo, weight } of evidence) expect(pointsTo).toBe(weight > 0 ? 'flux' : 'no_flux')
  })

  it('of the same shape under a listed name is held back visibly, and not hidden', () => {
    const host = { ...twoVantages(10, 200, 180, rolling), name: '2.pool.ntp.org' }
    const listed = assess(domainOf(host), NETWORKS, DEFAULT_POLICY, host.lastAt!)
    const plain = judge(twoVantages(10, 200, 180, rolling))
    expect(listed.context).toEqual([
      {
        list: 'volunteer-pools',
        entry: 'pool.ntp.org',
        matched: 'name',
        explains: 'volunteer-pool',
        effect: expect.any(Number),
      },
    ])
    expect(listed.context[0]!.effect).toBeLessThan(0)
    expect(listed.score).toBeLessThan(plain.score)
    expect(listed.features).toEqual(plain.features)
  })

  it('that is round robin over six servers, permuted, is no flux', () => {
    const six = firstOf(6, hosted)
    const turned = (round: number) => [...six.slice(round % 6), ...six.slice(0, round % 6)]
    expect(judge(twoVantages(20, 70, 60, turned)).verdict).toBe('no_flux_seen')
  })

  it('is judged without an ASN database later, and the answer says so', () => {
    const nothing: Enrichment = {
      hasAsn: false,
      hasCountry: false,
      factsOf: () => ({ asn: null, organisation: null, country: null }),
    }
    const early = judge(twoVantages(4, 200, 180, rolling), nothing)
    expect(early.verdict).toBe('pending')
    expect(early.notes).toContainEqual(expect.stringMatching(/^No ASN database is loaded/))
  })
})
