import { describe, expect, it } from 'vitest'
import { FEATURE_CATALOGUE, measureFeatures } from '../../../src/core/features/catalogue.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { networkKind } from '../../../src/core/features/network-kind.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Feature } from '../../../src/core/model/assessment.ts'
import type { DomainSeries } from '../../../src/core/series/domain-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
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
import {
  failedServer,
  ownAnswer,
  referral,
  TWO_DAYS,
  watchDelegation,
  ZONE,
} from '../series/scripted-authorities.ts'

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
  it('has unique snake-case ids, and of each a unit, a meaning, a source and a blind spot', () => {
    const ids = FEATURE_CATALOGUE.map((feature) => feature.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, unit, meaning, source, blindSpot } of FEATURE_CATALOGUE) {
      expect(id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
      expect(unit).not.toBe('')
      expect(meaning, id).toMatch(/\.$/)
      expect(source, id).not.toBe('')
      expect(blindSpot, id).toMatch(/\.$/)
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

describe('the caches of a resolver', () => {
  it('are the most that any vantage showed, and undefined where nothing was cached', () => {
    const farm: Look[][] = [
      [
        { at: 0, a: ['61.1.1.1'], ttl: 300 },
        { at: 0, vantage: 'v2', a: ['61.1.1.1'], ttl: 300 },
      ],
      [
        { at: 10, a: ['61.1.1.1'], ttl: 120 },
        { at: 10, vantage: 'v2', a: ['61.1.1.1'], ttl: 290 },
      ],
      [
        { at: 20, a: ['61.1.1.1'], ttl: 280 },
        { at: 20, vantage: 'v2', a: ['61.1.1.1'], ttl: 280 },
      ],
    ]
    expect(ofHost(farm).get('resolver_caches')).toMatchObject({ value: 2, unit: 'caches', support: 6 })
    expect(ofHost([[{ at: 0, a: ['61.1.1.1'], ttl: 0 }]]).get('resolver_caches')).toMatchObject({
      value: null,
      support: 0,
    })
  })
})

describe('the delegation', () => {
  const side = (names: Record<string, string[]>) => ({ names, ttl: TWO_DAYS })
  const parent = side({ 'ns1.evil.example': ['61.1.1.1'], 'ns2.evil.example': ['62.1.1.1'] })
  const site = watchHost(`www.${ZONE}`, [[{ at: 0, a: ['71.1.1.1'] }]])
  const of = (rounds: Parameters<typeof watchDelegation>[0], nameServers: HostSeries[] = []) =>
    featuresOf({ ...domainOf(site, nameServers), zone: watchDelegation(rounds) })

  it('is undefined while the parent was not asked, and the difference while only one side spoke', () => {
    const resolversOnly = featuresOf({
      ...domainOf(site),
      zone: watchZone('example', [{ at: 0, nameServers: ['a.x'] }]),
    })
    for (const id of [
      'delegation_changes',
      'glue_addresses',
      'lame_name_servers',
      'parent_child_ns_difference',
      'glue_mismatches',
    ]) {
      expect(resolversOnly.get(id)).toMatchObject({ value: null, support: 0 })
    }
    const features = of([[referral(0, parent)]])
    expect(value(features, 'parent_child_ns_difference')).toBeNull()
    expect(features.get('delegation_changes')).toMatchObject({ value: 0, support: 1 })
  })

  it('counts the names that one side alone lists, and lame servers', () => {
    const child = side({ 'ns1.evil.example': [], 'ns3.evil.example': [], 'ns4.evil.example': [] })
    const features = of([
      [referral(0, parent), ownAnswer(0, child), failedServer(0, 'lame', 'ns2.evil.example')],
    ])
    expect(features.get('parent_child_ns_difference')).toMatchObject({ value: 3, support: 4 })
    expect(features.get('lame_name_servers')).toMatchObject({ value: 1, support: 1 })
  })

  it('compares glue with the child’s additional records and with what authorities gave for the name, not with resolvers', () => {
    const child = side({ 'ns1.evil.example': ['61.1.1.9', '2a00::1'] })
    const differs = of([[referral(0, parent), ownAnswer(0, child)]])
    expect(differs.get('glue_mismatches')).toMatchObject({ value: 1, support: 1 })
    const asked = (vantage: string) => [
      watchHost('ns1.evil.example', [[{ at: 0, vantage, a: ['61.1.1.1'] }]]),
    ]
    expect(
      of([[referral(0, parent), ownAnswer(0, child)]], asked('direct')).get('glue_mismatches'),
    ).toMatchObject({ value: 0, support: 1 })
    expect(
      of([[referral(0, parent), ownAnswer(0, child)]], asked('quad9')).get('glue_mismatches'),
    ).toMatchObject({ value: 1, support: 1 })
  })

  it('rests the names of name servers on fresh answers, not on repeats', () => {
    const zone = watchZone('example', [
      { at: 0, nameServers: ['a.x'] },
      { at: 1, nameServers: ['a.x'] },
      { at: 90_000, nameServers: ['a.x'] },
    ])
    expect(featuresOf({ ...domainOf(site), zone }).get('ns_names')).toMatchObject({ value: 1, support: 2 })
  })

  it('adds its glue to the addresses of the name servers, each once, as a witness of its own', () => {
    const frozen = ['quad9', 'google'].map((vantage) => ({ at: 0, vantage, a: ['61.1.1.1'], ttl: TWO_DAYS }))
    const features = of(
      [0, 1, 2].map((round) => [referral(round * 600, side({ 'ns1.evil.example': [scattered(round)] }))]),
      [watchHost('ns1.evil.example', [frozen])],
    )
    expect(value(features, 'ns_addresses')).toBe(4)
    expect(value(features, 'ns_new_addresses')).toBe(2)
    expect(value(features, 'ns_changed_hosts')).toBe(1)
    // Both resolvers saw one operator; the parent, which nobody's cache stands before, gave three.
    expect(value(features, 'ns_operators_per_vantage')).toBe(3)
    expect(value(features, 'ns_networks_per_vantage')).toBe(3)
  })
})
