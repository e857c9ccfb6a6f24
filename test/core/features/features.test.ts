import { describe, expect, it } from 'vitest'
import { FEATURE_CATALOGUE, measureFeatures } from '../../../src/core/features/catalogue.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { networkKind } from '../../../src/core/features/network-kind.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Feature } from '../../../src/core/model/assessment.ts'
import type { DomainSeries } from '../../../src/core/series/domain-series.ts'
import { estimateDistinct } from '../../../src/core/series/bottom-k.ts'
import {
  domainOf,
  enrichmentBySlash16,
  scattered,
  START,
  watchHost,
  watchZone,
} from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const NAME = 'www.example'
function featuresOf(
  series: DomainSeries,
  enrichment: Enrichment = enrichmentBySlash16(),
): Map<string, Feature> {
  return new Map(measureFeatures(viewDomain(series, enrichment, START)).map((one) => [one.id, one]))
}
const ofHost = (rounds: readonly (readonly Look[])[], enrichment?: Enrichment) =>
  featuresOf(domainOf(watchHost(NAME, rounds)), enrichment)
const value = (features: Map<string, Feature>, id: string) => features.get(id)!.value

describe('the catalogue', () => {
  it('has unique snake-case ids, a unit and a sentence each', () => {
    const ids = FEATURE_CATALOGUE.map((feature) => feature.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, unit, meaning } of FEATURE_CATALOGUE) {
      expect(id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
      expect(unit).not.toBe('')
      expect(meaning).toMatch(/\.$/)
    }
  })

  it('leaves undefined what was not measured, instead of 0', () => {
    const features = ofHost([[{ at: 0, outcome: 'failed', failure: 'timeout' }]])
    for (const id of [
      'a_growth',
      'a_asns',
      'a_operators_per_vantage',
      'a_width_mean',
      'a_ttl_max',
      'ns_watched',
    ]) {
      expect(value(features, id)).toBeNull()
    }
    expect(value(features, 'a_addresses')).toBe(0)
  })
})

describe('a series that has become a sketch', () => {
  // 2,000 addresses and 400 name-server names; 512 and 64 are held.
  const host = watchHost(
    NAME,
    Array.from({ length: 50 }, (_, round) => [
      { at: round * 61, a: Array.from({ length: 40 }, (__, seat) => scattered(round * 40 + seat)), ttl: 60 },
    ]),
  )
  const zone = watchZone(
    'example',
    Array.from({ length: 100 }, (_, round) => ({
      at: round * 60,
      nameServers: [0, 1, 2, 3].map((seat) => `ns${round * 4 + seat}.x`),
    })),
  )
  const features = featuresOf({ ...domainOf(host), zone })

  it('is counted by the sketch’s own estimate, in all features', () => {
    const estimate = estimateDistinct(host.addresses)
    expect(Math.abs(estimate - 2000)).toBeLessThan(200)
    expect(value(features, 'a_addresses')).toBe(estimate)
    expect(value(features, 'a_addresses_per_vantage')).toBe(estimate)
    expect(Math.round(value(features, 'a_growth')! * 49 + 40)).toBeCloseTo(estimate, -1)
  })

  it('does not take the names it holds for all the names there were', () => {
    expect(value(features, 'ns_names')).toBe(estimateDistinct(zone.nameServers))
    expect(value(features, 'ns_names')).toBeGreaterThan(280)
    expect(value(features, 'ns_new_names')).toBeGreaterThan(280)
    expect(value(features, 'ns_new_names')).toBeLessThanOrEqual(value(features, 'ns_names')!)
  })
})

const cdnRound = (at: number): Look[] => [
  { at, vantage: 'eu', a: ['61.1.0.1'], ttl: 20 },
  { at, vantage: 'us', a: ['62.1.0.1'], ttl: 20 },
  { at, vantage: 'asia', a: ['63.1.0.1'], ttl: 20 },
]

describe('growth', () => {
  it('is new addresses per window after the first: 3 + 1 new in two further windows of one vantage are 2', () => {
    const features = ofHost([
      [{ at: 0, a: ['61.1.0.1', '61.1.0.2'], ttl: 60 }],
      [{ at: 61, a: ['61.1.0.3', '61.1.0.4', '61.1.0.5'], ttl: 60 }],
      [{ at: 122, a: ['61.1.0.1', '61.1.0.6'], ttl: 60 }],
    ])
    expect(value(features, 'a_growth')).toBe(2)
    expect(features.get('a_growth')!.support).toBe(2)
  })

  it('is 0 for a CDN that shows each vantage its own constant servers', () => {
    const features = ofHost([cdnRound(0), cdnRound(30), cdnRound(60)])
    expect(value(features, 'a_growth')).toBe(0)
    expect(value(features, 'a_addresses')).toBe(3)
    expect(value(features, 'a_operators')).toBe(3)
    expect(value(features, 'a_operators_per_vantage')).toBe(1)
  })

  it('does not count cached copies as looks', () => {
    const features = ofHost([
      [{ at: 0, a: ['61.1.0.1'], ttl: 300 }],
      [{ at: 100, a: ['61.1.0.1'], ttl: 200 }],
      [{ at: 200, a: ['61.1.0.1'], ttl: 100 }],
    ])
    expect(value(features, 'a_growth')).toBeNull()
    expect(value(features, 'a_fresh_answers')).toBe(1)
  })
})

describe('saturation and succession', () => {
  const rolling = Array.from({ length: 6 }, (_, index): Look[] => [
    { at: index * 61, ttl: 60, a: [0, 1, 2, 3].map((seat) => `61.1.0.${1 + index + seat}`) },
  ])
  it('of a set that replaces one of four each time: a quarter new, three quarters staying, none returning', () => {
    const features = ofHost(rolling)
    expect(value(features, 'a_new_share_recent')).toBe(0.25)
    expect(value(features, 'a_continuing_share')).toBe(0.75)
    expect(value(features, 'a_returning_share')).toBe(0)
  })

  it('of two sets in turn: nothing new, nothing staying, all of it returning from the third window on', () => {
    const features = ofHost(
      [0, 1, 2, 3, 4, 5].map((index) => [
        { at: index * 61, ttl: 60, a: index % 2 === 0 ? ['61.1.0.1', '61.1.0.2'] : ['61.1.0.3', '61.1.0.4'] },
      ]),
    )
    expect(value(features, 'a_continuing_share')).toBe(0)
    expect(value(features, 'a_returning_share')).toBe(0.8)
  })
})

describe('diversity', () => {
  it('counts operators and not ASNs where one organisation has many', () => {
    const features = ofHost(
      [[{ at: 0, a: ['61.1.0.1', '62.1.0.1', '63.1.0.1', '64.1.0.1', '65.1.0.1'] }]],
      enrichmentBySlash16(() => 'One Anycast Owner'),
    )
    expect(value(features, 'a_asns')).toBe(5)
    expect(value(features, 'a_operators')).toBe(1)
    expect(value(features, 'a_asn_ratio')).toBe(1)
  })

  it('has no ASN ratio and no entropy under 5 addresses', () => {
    const features = ofHost([[{ at: 0, a: ['61.1.0.1', '62.1.0.1', '63.1.0.1', '64.1.0.1'] }]])
    expect(value(features, 'a_asn_ratio')).toBeNull()
    expect(value(features, 'a_slash16_entropy')).toBeNull()
  })

  it('measures the spread over /16s as H / log n: 4 + 4 of 8 addresses are ln 2 / ln 8 = 1/3', () => {
    const a = [1, 2, 3, 4].flatMap((host) => [`61.1.0.${host}`, `62.1.0.${host}`])
    expect(value(ofHost([[{ at: 0, a }]]), 'a_slash16_entropy')).toBe(0.3333)
  })

  it('leaves out special-purpose addresses and says how many', () => {
    const features = ofHost([[{ at: 0, a: ['0.0.0.0', '127.0.0.1', '10.0.0.1', '61.1.0.1'] }]])
    expect(value(features, 'special_addresses')).toBe(3)
    expect(value(features, 'a_addresses')).toBe(1)
  })

  it('counts IPv6 by /48', () => {
    const aaaa = ['2a00:1:1::1', '2a00:1:1:ff::2', '2a00:1:2::1']
    expect(value(ofHost([[{ at: 0, aaaa }]]), 'aaaa_slash48s')).toBe(2)
  })
})

const watchFromTwo = (eu: string[], us: string[]) =>
  ofHost(
    [0, 61, 122].map((at) => [
      { at, vantage: 'eu', a: eu, ttl: 60 },
      { at, vantage: 'us', a: us, ttl: 60 },
    ]),
  )

describe('the overlap of vantages', () => {
  it('is the Jaccard index of what they collected: 2 shared of 6 are 1/3', () => {
    const features = watchFromTwo(
      ['61.1.0.1', '61.1.0.2', '61.1.0.3', '61.1.0.4'],
      ['61.1.0.3', '61.1.0.4', '61.1.0.5', '61.1.0.6'],
    )
    expect(value(features, 'a_vantage_overlap')).toBe(0.3333)
  })
  it('is undefined with few addresses', () => {
    expect(value(watchFromTwo(['61.1.0.1'], ['61.1.0.2']), 'a_vantage_overlap')).toBeNull()
  })
})

const nameServer = (name: string, addresses: readonly string[]) =>
  watchHost(
    name,
    addresses.map((address, index) => [{ at: index * 1000, a: [address], ttl: 600 }]),
  )

describe('name servers', () => {
  const site = watchHost(NAME, [[{ at: 0, a: ['61.1.0.1', '62.1.0.1', '63.1.0.1', '64.1.0.1'] }]])

  it('count as changed by what a vantage saw after its first answer', () => {
    const features = featuresOf(
      domainOf(site, [
        nameServer('ns1.x', ['71.1.0.1', '72.1.0.1', '71.1.0.1']),
        nameServer('ns2.x', ['73.1.0.1']),
      ]),
    )
    expect(value(features, 'ns_new_addresses')).toBe(1)
    expect(value(features, 'ns_changed_hosts')).toBe(1)
    expect(value(features, 'ns_addresses')).toBe(3)
    expect(value(features, 'ns_operators_per_vantage')).toBe(3)
  })

  it('have not changed when two vantages see different addresses, each always the same', () => {
    const anycast = watchHost(
      'ns1.x',
      [0, 700].map((at) => [
        { at, vantage: 'eu', a: ['71.1.0.1'], ttl: 600 },
        { at, vantage: 'us', a: ['72.1.0.1'], ttl: 600 },
      ]),
    )
    expect(value(featuresOf(domainOf(site, [anycast])), 'ns_new_addresses')).toBe(0)
  })

  it('overlap with the name by the share of their addresses: 2 of 4 are 0.5', () => {
    const features = featuresOf(
      domainOf(site, [
        nameServer('ns1.x', ['61.1.0.1', '72.1.0.1']),
        nameServer('ns2.x', ['62.1.0.1', '73.1.0.1']),
      ]),
    )
    expect(value(features, 'ns_overlap')).toBe(0.5)
  })

  it('have no overlap to speak of when one machine serves both, as small sites do', () => {
    const home = watchHost(NAME, [[{ at: 0, a: ['61.1.0.1'] }]])
    expect(value(featuresOf(domainOf(home, [nameServer('ns1.x', ['61.1.0.1'])])), 'ns_overlap')).toBeNull()
  })

  it('were watched from the first to the last fresh answer, repeats not counted', () => {
    const quiet = watchHost('ns1.x', [
      [{ at: 0, a: ['71.1.0.1'], ttl: 600 }],
      [{ at: 610, a: ['71.1.0.1'], ttl: 600 }],
      [{ at: 900, a: ['71.1.0.1'], ttl: 310 }],
    ])
    expect(value(featuresOf(domainOf(site, [quiet])), 'ns_watched')).toBe(610)
  })

  it('have new names only after the first answered round', () => {
    const zone = watchZone('example', [
      { at: 0, nameServers: [] },
      { at: 60, nameServers: ['ns1.x', 'ns2.x'] },
      { at: 120, nameServers: ['ns1.x', 'ns3.x'] },
    ])
    const features = featuresOf({ ...domainOf(site), zone })
    expect(value(features, 'ns_names')).toBe(3)
    expect(value(features, 'ns_new_names')).toBe(1)
  })
})

describe('the kind of a network by its owner’s name', () => {
  it.each([
    ['Comcast Cable Communications, LLC', 'access'],
    ['Deutsche Telekom AG', 'access'],
    ['Some Broadband Ltd', 'access'],
    ['Amazon.com, Inc.', 'server'],
    ['Hetzner Online GmbH', 'server'],
    ['Telekom Cloud Services', 'server'],
    ['University of Somewhere', 'server'],
    ['Acme Holdings', null],
    [null, null],
  ])('%s is %s', (organisation, kind) => {
    expect(networkKind({ asn: 1, organisation, country: null })).toBe(kind)
  })
})
