// The features that say how a set of addresses behaves over a watch: what is new, how long it lasts, how much of it is known,
// when it stopped. Each worked by hand on a script of a few answers.
import { describe, expect, it } from 'vitest'
import { measureFeatures } from '../../../src/core/features/catalogue.ts'
import { measureDiurnalCoherence } from '../../../src/core/features/diurnal.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Feature } from '../../../src/core/model/assessment.ts'
import type { DomainSeries } from '../../../src/core/series/domain-series.ts'
import {
  domainOf,
  enrichmentBySlash16,
  scattered,
  START,
  watchHost,
  watchZone,
} from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { authorityAnswer, hostRoundOf } from '../series/scripted-authorities.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'

const NAME = 'www.example'

function featuresOf(
  series: DomainSeries,
  enrichment: Enrichment = enrichmentBySlash16(),
): (id: string) => Feature {
  const features = new Map(measureFeatures(viewDomain(series, enrichment, START)).map((one) => [one.id, one]))
  return (id) => features.get(id)!
}
const ofHost = (rounds: readonly (readonly Look[])[], enrichment?: Enrichment) =>
  featuresOf(domainOf(watchHost(NAME, rounds)), enrichment)
const ip = (n: number) => `61.1.0.${n}`
const inTurn = (sets: readonly (readonly number[])[], ttl = 60): Look[][] =>
  sets.map((set, index) => [{ at: index * (ttl + 1), a: set.map(ip), ttl }])

describe('new addresses', () => {
  it('are those beyond the first answer, the most of any vantage', () => {
    const features = ofHost([
      [
        { at: 0, vantage: 'eu', a: [ip(1), ip(2)] },
        { at: 0, vantage: 'us', a: [ip(3)] },
      ],
      [
        { at: 61, vantage: 'eu', a: [ip(1), ip(4)] },
        { at: 61, vantage: 'us', a: [ip(5)] },
      ],
      [{ at: 122, vantage: 'eu', a: [ip(6), ip(2)] }],
    ])
    expect(features('a_new_addresses')).toMatchObject({ value: 2, support: 5 })
    expect(features('aaaa_new_addresses')).toMatchObject({ value: null, support: 0 })
  })
})

describe('the pool', () => {
  it('is known by the share of sightings that were not the only one: f1 = 2 of n = 8 are 0.75', () => {
    const features = ofHost(
      inTurn([
        [1, 2],
        [1, 3],
        [1, 2],
        [2, 4],
      ]),
    )
    expect(features('a_pool_coverage')).toMatchObject({ value: 0.75, support: 8 })
  })

  it('has by Chao1 4 + 2 · 1 ÷ (2 · (0 + 1)) = 5 addresses, when 4 were seen, 2 of them once and none twice', () => {
    const features = ofHost(
      inTurn([
        [1, 2],
        [1, 3],
        [1, 2],
        [2, 4],
      ]),
    )
    expect(features('a_pool_estimate')).toMatchObject({ value: 5, support: 8 })
  })

  it('is not guessed at after one answer', () => {
    const features = ofHost(inTurn([[1, 2]]))
    expect(features('a_pool_coverage').value).toBeNull()
    expect(features('a_pool_estimate').value).toBeNull()
  })
})

describe('lifetimes', () => {
  it('are from first to last of what is gone: 1 lives 0 s, 2 and 3 live 61 s, the rest may come back', () => {
    const features = ofHost(
      inTurn([
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 5],
        [5, 6],
      ]),
    )
    expect(features('a_lifetime_median')).toMatchObject({ value: 61, support: 3 })
  })

  it('say nothing of a set that stays, nor while fewer than three are gone', () => {
    expect(
      ofHost(
        inTurn([
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
      )('a_lifetime_median'),
    ).toMatchObject({ value: null, support: 0 })
    expect(
      ofHost(
        inTurn([
          [1, 2],
          [2, 3],
          [3, 4],
          [4, 5],
        ]),
      )('a_lifetime_median'),
    ).toMatchObject({ value: null, support: 2 })
  })
})

describe('quiet', () => {
  it('is from the latest address that nobody had given before to the latest fresh answer', () => {
    const features = ofHost(inTurn([[1], [2], [1], [2], [1]]))
    expect(features('a_quiet')).toMatchObject({ value: 183, support: 3 })
    expect(features('a_quiet_answers').value).toBe(3)
  })

  it('is not broken by a vantage that answers for the first time, nor by what another vantage gave before', () => {
    const features = ofHost([
      [{ at: 0, vantage: 'eu', a: [ip(1)] }],
      [{ at: 100, vantage: 'us', a: [ip(2)] }],
      [{ at: 200, vantage: 'us', a: [ip(1)] }],
    ])
    expect(features('a_quiet')).toMatchObject({ value: 200, support: 2 })
  })

  it('does not grow while caches repeat themselves', () => {
    const features = ofHost([[{ at: 0, a: [ip(1)], ttl: 600 }], [{ at: 300, a: [ip(1)], ttl: 300 }]])
    expect(features('a_quiet')).toMatchObject({ value: 0, support: 0 })
  })

  it('of name servers starts anew with any of them', () => {
    const host = (name: string, looks: readonly (readonly [at: number, n: number])[]) =>
      watchHost(
        name,
        looks.map(([at, n]) => [{ at, a: [scattered(n)], ttl: 60 }]),
      )
    const steady = host('ns1.x', [
      [0, 1],
      [100, 1],
      [200, 1],
      [300, 1],
    ])
    const moved = host('ns2.x', [
      [0, 2],
      [100, 3],
      [200, 3],
      [300, 3],
    ])
    const features = featuresOf(domainOf(watchHost(NAME, inTurn([[1]])), [steady, moved]))
    expect(features('ns_quiet')).toMatchObject({ value: 200, support: 2 })
    expect(features('ns_quiet_answers').value).toBe(2)
  })
})

describe('changes within the TTL', () => {
  it('of a resolver are looks with an address it never gave, while an earlier copy was live: 1 of 2', () => {
    const features = ofHost([
      [{ at: 0, a: [ip(1)], ttl: 300 }],
      [{ at: 100, a: [ip(2)], ttl: 290 }],
      [{ at: 110, a: [ip(1)], ttl: 250 }],
      [{ at: 700, a: [ip(3)], ttl: 300 }],
    ])
    expect(features('a_changes_within_ttl')).toMatchObject({ value: 0.5, support: 2 })
  })

  it('are undefined at TTL 0 and where the earlier answer was over', () => {
    expect(ofHost(inTurn([[1], [2], [3]], 0))('a_changes_within_ttl').value).toBeNull()
    expect(ofHost(inTurn([[1], [2], [3]], 300))('a_changes_within_ttl').value).toBeNull()
  })

  it('of authorities are counted by looks, and taking turns is none', () => {
    const looks = [[1], [2], [1], [2], [3]]
    const series = looks.reduce(
      (held, [n], index) =>
        foldHostRound(
          held,
          hostRoundOf(NAME, index + 1, index * 30, [
            authorityAnswer(NAME, { at: index * 30, a: [ip(n!)], ttl: 300 }, 'ns1.x'),
          ]),
        ),
      newHostSeries(NAME),
    )
    expect(featuresOf(domainOf(series))('a_changes_within_ttl')).toMatchObject({ value: 0.5, support: 4 })
  })
})

describe('the hours of the day', () => {
  const since = START
  const later = START + 49 * 3_600_000
  const each = (value: (hour: number) => number) => Array.from({ length: 24 }, (_, hour) => value(hour))

  it('have no direction when addresses come evenly, and full direction when all come in one hour', () => {
    const evenly = measureDiurnalCoherence({ since, looks: each(() => 2), news: each(() => 3) }, later)
    expect(evenly.value).toBeCloseTo(0, 10)
    expect(evenly.support).toBe(72)
    const inOne = { since, looks: each(() => 2), news: each((hour) => (hour === 20 ? 30 : 0)) }
    expect(measureDiurnalCoherence(inOne, later).value).toBeCloseTo(1, 10)
  })

  it('count by rate, not by how often each hour was asked', () => {
    const looks = each((hour) => 1 + (hour % 5))
    const news = looks.map((count) => count * 2)
    expect(measureDiurnalCoherence({ since, looks, news }, later).value).toBeCloseTo(0, 10)
  })

  it('of the rate 1 + cos have the length 0.5', () => {
    const news = each((hour) => 100 + 100 * Math.cos((hour / 24) * 2 * Math.PI))
    expect(measureDiurnalCoherence({ since, looks: each(() => 1), news }, later).value).toBeCloseTo(0.5, 10)
  })

  it('say nothing before 48 h, without enough hours, or with few new addresses', () => {
    const full = { since, looks: each(() => 2), news: each(() => 3) }
    expect(measureDiurnalCoherence(full, START + 47 * 3_600_000).value).toBeNull()
    expect(
      measureDiurnalCoherence({ ...full, looks: each((hour) => (hour < 19 ? 1 : 0)) }, later).value,
    ).toBeNull()
    expect(measureDiurnalCoherence({ ...full, news: each((hour) => (hour < 23 ? 1 : 0)) }, later)).toEqual({
      value: null,
      support: 23,
    })
    expect(measureDiurnalCoherence(null, later)).toEqual({ value: null, support: 0 })
  })

  it('are counted by the fold from 16 addresses on', () => {
    const hourly = Array.from({ length: 72 }, (_, hour): Look[] => [
      // Eight new ones each hour from 18 to 23, one otherwise.
      {
        at: hour * 3600,
        ttl: 300,
        a: Array.from({ length: hour % 24 >= 18 ? 8 : 1 }, (__, seat) => scattered(hour * 10 + seat)),
      },
    ])
    const value = ofHost(hourly)('a_diurnal_coherence').value!
    expect(value).toBeGreaterThan(0.5)
    expect(value).toBeLessThan(0.8)
    expect(ofHost(hourly.slice(0, 10))('a_diurnal_coherence').value).toBeNull()
  })
})

describe('operators per address', () => {
  it('are compared at each vantage: 2 of 4 and 3 of 3 have the lower median 0.5', () => {
    const features = ofHost([
      [
        { at: 0, vantage: 'eu', a: ['61.1.0.1', '61.1.0.2', '62.1.0.1', '62.1.0.2'] },
        { at: 0, vantage: 'us', a: ['63.1.0.1', '64.1.0.1', '65.1.0.1'] },
        { at: 0, vantage: 'asia', a: ['66.1.0.1'] },
      ],
    ])
    expect(features('a_operators_ratio')).toMatchObject({ value: 0.5, support: 8 })
  })
})

describe('TTL and width', () => {
  it('spread between the extremes of the fresh answers', () => {
    const features = ofHost([
      [{ at: 0, a: [ip(1), ip(2), ip(3)], ttl: 300 }],
      [{ at: 301, a: [ip(1)], ttl: 120 }],
    ])
    expect(features('a_ttl_min').value).toBe(120)
    expect(features('a_ttl_max').value).toBe(300)
    expect(features('a_ttl_spread').value).toBe(180)
    expect(features('a_width_spread').value).toBe(2)
  })

  it('are taken from authorities where there are any: a cache counts down', () => {
    const round = hostRoundOf(NAME, 2, 10, [authorityAnswer(NAME, { at: 10, a: [ip(1)], ttl: 300 }, 'ns1.x')])
    const series = foldHostRound(watchHost(NAME, [[{ at: 0, a: [ip(1)], ttl: 17 }]]), round)
    expect(featuresOf(domainOf(series))('a_ttl_min').value).toBe(300)
    expect(featuresOf(domainOf(series))('a_ttl_spread').value).toBe(0)
  })
})

describe('name servers', () => {
  const site = watchHost(NAME, inTurn([[1]]))
  const server = (name: string, sets: readonly (readonly number[])[], ttl = 600) =>
    watchHost(
      name,
      sets.map((set, index) => [{ at: index * 1000, a: set.map(scattered), ttl }]),
    )

  it('grow, last and spread like the addresses of the name', () => {
    const features = featuresOf(
      domainOf(site, [
        server('ns1.x', [
          [1, 2],
          [2, 3],
          [3, 4],
        ]),
        server('ns2.x', [[5], [5], [5]], 86_400),
      ]),
    )
    // Two new addresses in 2 + 2 further windows; 300 s at most keep windows apart.
    expect(features('ns_growth')).toMatchObject({ value: 0.5, support: 4 })
    expect(features('ns_continuing_share')).toMatchObject({ value: 0.6667, support: 4 })
    expect(features('ns_ttl_max').value).toBe(86_400)
    expect(features('ns_slash16_entropy')).toMatchObject({ value: 1, support: 5 })
    expect(features('ns_addresses_per_vantage')).toMatchObject({ value: 5, support: 5 })
    expect(features('ns_new_share_recent').value).toBeNull()
  })

  it('lie in the own zone by the registrable domain: 1 of 2', () => {
    const zone = watchZone('shop.evil.example', [
      { at: 0, nameServers: ['ns1.evil.example', 'ns.hoster.example'] },
    ])
    expect(featuresOf({ ...domainOf(site), zone })('ns_own_zone_share')).toMatchObject({
      value: 0.5,
      support: 2,
    })
  })

  it('show consumer lines by the names of their addresses', () => {
    const enrichment: Enrichment = {
      ...enrichmentBySlash16(),
      factsOf: (address) => ({
        asn: 1,
        organisation: null,
        country: null,
        ptr: address.startsWith('61') ? 'ns.hoster.example' : 'dsl-1.isp.example',
      }),
    }
    const features = featuresOf(domainOf(site, [server('ns1.x', [[1, 2, 3, 4, 5]])]), enrichment)
    expect(features('ns_ptr_consumer_share')).toMatchObject({ value: 0.8, support: 5 })
  })
})

describe('the zone', () => {
  it('tells changes of its serial and its failures by kind', () => {
    const soa = (serial: number) => `ns.x mail.x ${serial} 1 600 3 4`
    const zone = watchZone('example', [
      { at: 0, nameServers: ['ns1.x'], soa: soa(1) },
      { at: 90_000, nameServers: ['ns1.x'], soa: soa(2) },
      { at: 180_000, nameServers: ['ns1.x'], soa: soa(2) },
    ])
    const failing = { ...zone, outcomes: { ...zone.outcomes, failures: { servfail: 1 } } }
    const features = featuresOf({ ...domainOf(watchHost(NAME, inTurn([[1]]))), zone: failing })
    expect(features('soa_serial_changes')).toMatchObject({ value: 1, support: 3 })
    expect(features('zone_servfails')).toMatchObject({ value: 1, support: 4 })
    expect(features('zone_timeouts')).toMatchObject({ value: 0, support: 4 })
    expect(features('zone_failed_share')).toMatchObject({ value: 0.25, support: 4 })
  })

  it('that was never asked has nothing to tell', () => {
    const features = ofHost(inTurn([[1]]))
    for (const id of [
      'soa_serial_changes',
      'zone_timeouts',
      'zone_failed_share',
      'ns_own_zone_share',
      'ns_quiet',
    ]) {
      expect(features(id), id).toMatchObject({ value: null, support: 0 })
    }
  })
})

describe('IPv6', () => {
  it('is measured like IPv4, networks by /48', () => {
    const v6 = (n: number) => `2a00:1:${n}::1`
    const features = ofHost(
      [0, 1, 2, 3, 4, 5].map((index) => [
        { at: index * 61, vantage: 'eu', aaaa: [v6(index), v6(index + 1)], ttl: 60 },
        { at: index * 61, vantage: 'us', aaaa: [v6(index), v6(index + 1)], ttl: 60 },
      ]),
      enrichmentBySlash16(() => 'Some Broadband Ltd'),
    )
    expect(features('aaaa_new_addresses').value).toBe(5)
    expect(features('aaaa_slash48s_per_vantage').value).toBe(7)
    expect(features('aaaa_continuing_share').value).toBe(0.5)
    expect(features('aaaa_new_share_recent').value).toBe(0.5)
    expect(features('aaaa_access_share').value).toBe(1)
    expect(features('aaaa_vantage_overlap').value).toBe(1)
    expect(features('aaaa_width_mean').value).toBe(2)
    expect(features('aaaa_ttl_max').value).toBe(60)
  })
})
