import { describe, expect, test } from 'vitest'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { sensors } from '../../../src/core/features/sensors.ts'
import { withSensors, type Enrichment, type SensorSightings } from '../../../src/core/model/address-facts.ts'
import { foldHostRound, newHostSeries, type HostSeries } from '../../../src/core/series/host-series.ts'

const T = 1_770_000_000_000
const DOMAIN = 'www.bad.example'

/** The second number of an address is its ASN; 0: none. */
const PLACED: Enrichment = {
  hasAsn: true,
  hasCountry: false,
  factsOf: (address) => ({ asn: Number(address.split('.')[1]) || null, organisation: null, country: null }),
}

function hostWith(addresses: readonly string[]): HostSeries {
  return foldHostRound(newHostSeries(DOMAIN), {
    target: { kind: 'host', name: DOMAIN },
    number: 1,
    startedAt: T,
    observations: [
      {
        at: T,
        vantage: 'v',
        qname: DOMAIN,
        qtype: 'A',
        outcome: 'answer',
        rcode: 'NOERROR',
        rttMs: 1,
        answer: addresses.map((data) => ({ name: DOMAIN, type: 'A', ttlSeconds: 60, data })),
        authority: [],
        additional: [],
      },
    ],
  })
}

const sensed = (address: string, ...names: string[]): SensorSightings[number] => ({
  address,
  first: T,
  last: T,
  sensors: names,
})

function measure(sightings: SensorSightings | null, addresses: readonly string[] = [], enrichment = PLACED) {
  const given = sightings === null ? enrichment : withSensors(enrichment, sightings)
  const series = { domain: DOMAIN, host: hostWith(addresses), zone: null, nameServers: [] }
  const view = viewDomain(series, given, T)
  return Object.fromEntries(sensors.map((feature) => [feature.id, feature.measure(view)]))
}

const SIGHTINGS = [
  sensed('20.1.0.1', 'corp-dns'),
  sensed('20.2.0.1', 'branch', 'corp-dns'),
  sensed('20.2.0.2', 'branch'),
  sensed('20.3.0.1', 'branch'),
  sensed('20.0.0.9', 'branch'),
]

describe('Features of sensors', () => {
  test('are undefined, all of them, where no sensor saw the name', () => {
    expect(new Set(Object.values(measure(null, ['20.1.0.1'])))).toEqual(
      new Set([{ value: null, support: 0 }]),
    )
  })

  test('count what sensors saw, and apart what none of our vantages has seen', () => {
    expect(measure(SIGHTINGS, ['20.1.0.1', '20.9.0.1'])).toEqual({
      sensors: { value: 2, support: 5 },
      sensor_addresses: { value: 5, support: 5 },
      sensor_unseen_addresses: { value: 4, support: 5 },
      sensor_unseen_asns: { value: 2, support: 3 },
    })
  })

  test('find nothing unseen where our vantages saw it all', () => {
    expect(
      measure(
        SIGHTINGS,
        SIGHTINGS.map(({ address }) => address),
      ),
    ).toMatchObject({
      sensor_unseen_addresses: { value: 0 },
      sensor_unseen_asns: { value: 0 },
    })
  })

  test('know nothing of what is unseen once our own series has dropped addresses', () => {
    const ours = Array.from({ length: 600 }, (_, index) => `20.${index >> 8}.${index & 255}.7`)
    expect(measure(SIGHTINGS, ours)).toMatchObject({
      sensor_addresses: { value: 5 },
      sensor_unseen_addresses: { value: null },
      sensor_unseen_asns: { value: null },
    })
  })

  test('count no networks without an ASN database', () => {
    expect(measure(SIGHTINGS, [], { ...PLACED, hasAsn: false })).toMatchObject({
      sensor_unseen_addresses: { value: 5 },
      sensor_unseen_asns: { value: null },
    })
  })
})
