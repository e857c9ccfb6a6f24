// What sensors saw of a domain: resolvers of an organisation, whose logs were imported. Counted apart: nothing else that is measured
// of a domain rests on it. Where nothing was imported, or no sensor saw the name, all of it is undefined.
import type { SensorSightings } from '../model/address-facts.ts'
import type { DomainView } from './domain-view.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/** Names of the sensors that saw the domain, sorted. */
export function sensorsOf(sightings: SensorSightings): readonly string[] {
  return [...new Set(sightings.flatMap(({ sensors }) => sensors))].toSorted()
}

/**
 * Distinct addresses (A, AAAA) that sensors saw and no vantage of ours. Unit: addresses. Support: addresses that sensors saw.
 * Undefined where no sensor saw the name, and once our own series has dropped addresses: what it does not hold it may have seen.
 *
 * Blind spot: a site that moved before we watched it, and answers for the sensor's own region, look unseen too; so what counts is
 * over how many networks they spread, and a name must be seen moving by our vantages as well.
 */
export function measureUnseen({ series, enrichment }: Pick<DomainView, 'series' | 'enrichment'>): Measured {
  const unseen = unseenOf(series, enrichment)
  if (unseen === null) return UNMEASURED
  return { value: unseen.length, support: enrichment.sensors?.length ?? 0 }
}

/**
 * Distinct ASNs of the addresses that `measureUnseen` counts. Unit: ASNs. Support: those of them with an ASN. Undefined as there, and
 * without an ASN database.
 */
export function measureUnseenAsns({
  series,
  enrichment,
}: Pick<DomainView, 'series' | 'enrichment'>): Measured {
  const unseen = enrichment.hasAsn ? unseenOf(series, enrichment) : null
  if (unseen === null) return UNMEASURED
  const asns = unseen.map(({ address }) => enrichment.factsOf(address).asn).filter((asn) => asn !== null)
  return { value: new Set(asns).size, support: asns.length }
}

function unseenOf(
  { host }: DomainView['series'],
  { sensors }: DomainView['enrichment'],
): SensorSightings | null {
  if (sensors === undefined || host.addresses.dropped) return null
  const seen = new Set(host.addresses.entries.map(({ key }) => key))
  return sensors.filter(({ address }) => !seen.has(address))
}

const SOURCE = 'ours'

export const sensors: readonly FeatureDefinition[] = [
  {
    id: 'sensors',
    unit: 'sensors',
    meaning:
      'Sensors (resolvers whose logs were imported) that saw addresses of this name in the last 30 days.',
    direction: 'none',
    source: SOURCE,
    blindSpot: 'It knows of what was imported, not of what the resolvers were asked.',
    measure: ({ enrichment: { sensors: seen } }) =>
      seen === undefined ? UNMEASURED : { value: sensorsOf(seen).length, support: seen.length },
  },
  {
    id: 'sensor_addresses',
    unit: 'addresses',
    meaning:
      'Distinct addresses (A, AAAA) of this name that sensors saw in the last 30 days; the latest 512.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'A CDN gives the clients of a large organisation hundreds.',
    measure: ({ enrichment: { sensors: seen } }) =>
      seen === undefined ? UNMEASURED : { value: seen.length, support: seen.length },
  },
  {
    id: 'sensor_unseen_addresses',
    unit: 'addresses',
    meaning: 'Of the addresses that sensors saw those that none of our vantages has seen.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'A site that moved before it was watched, or answers by region, has some.',
    measure: measureUnseen,
  },
  {
    id: 'sensor_unseen_asns',
    unit: 'ASNs',
    meaning: 'Distinct origin ASNs of the addresses that sensors saw and none of our vantages has seen.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'Volunteer pools and CDNs with caches at many providers have as many.',
    measure: measureUnseenAsns,
  },
]
