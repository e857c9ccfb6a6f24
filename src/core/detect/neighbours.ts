// What names that were flagged on their own say of a name that shares their machines. Only of one that moves itself: a still
// site on an abused host is nobody's agent. Hand-set and capped, because no simulation of campaigns stands behind it.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { Evidence } from '../model/assessment.ts'
import { countOf } from './signs/sign.ts'

interface Neighbourhood {
  readonly about: Evidence['about']
  readonly feature: string
  readonly addresses: string
  readonly moved: readonly string[]
  readonly text: (neighbours: number, features: FeatureTable) => string
  readonly network: string
  readonly networkText: (domains: number) => string
}

const NEIGHBOURHOODS: readonly Neighbourhood[] = [
  {
    about: 'addresses',
    feature: 'a_flagged_neighbours',
    addresses: 'a_flagged_addresses',
    moved: ['a_new_addresses', 'aaaa_new_addresses'],
    text: (neighbours, features) =>
      `${countOf(neighbours, 'other domain')} that ${neighbours === 1 ? 'was' : 'were'} flagged served from ${countOf(features.count('a_flagged_addresses'), 'address', 'addresses')} of this name.`,
    network: 'a_network_domains',
    networkText: (domains) =>
      `The network of names that serve from the same addresses has ${countOf(domains, 'other domain')} that ${domains === 1 ? 'was' : 'were'} flagged.`,
  },
  {
    about: 'name_servers',
    feature: 'ns_flagged_neighbours',
    addresses: 'ns_flagged_addresses',
    moved: ['ns_new_addresses'],
    text: (neighbours, features) =>
      `The name servers of ${countOf(neighbours, 'other domain')} that ${neighbours === 1 ? 'was' : 'were'} flagged had ${countOf(features.count('ns_flagged_addresses'), 'address', 'addresses')} of this name’s name servers.`,
    network: 'ns_network_domains',
    networkText: (domains) =>
      `The network of names that share addresses of this name’s name servers has ${countOf(domains, 'other domain')} that ${domains === 1 ? 'was' : 'were'} flagged.`,
  },
]

/** One shared address may be injected, or have changed hands. */
const LEAST_SHARED = 2

const NEIGHBOURS_SOURCE =
  'FluxBuster (Perdisci et al., TDSC 2012): more than 108 domains a network were flux, 926 of 926; weight hand-set and capped'

/**
 * `capNats`: the most that others add to one half. One neighbour adds ln 2 / 2 at most; a network of n others ln(1 + n) / 3, so that it
 * takes about the 108 domains of the source to reach the cap of 1.5. Neighbours and network are one fact seen twice: of each
 * half the heavier one counts, never the sum.
 */
export function neighbourEvidence(features: FeatureTable, capNats: number): readonly Evidence[] {
  return NEIGHBOURHOODS.flatMap((half) => {
    if (half.moved.every((id) => features.count(id) === 0)) return []
    const neighbours = ofNeighbours(half, features, capNats)
    const network = ofNetwork(half, features, capNats)
    const heavier = (network?.weight ?? 0) > (neighbours?.weight ?? 0) ? network : neighbours
    return heavier ? [heavier] : []
  })
}

function ofNeighbours(
  { about, feature, addresses, text }: Neighbourhood,
  features: FeatureTable,
  capNats: number,
): Evidence | null {
  const neighbours = features.value(feature) ?? 0
  if (neighbours === 0 || features.count(addresses) < LEAST_SHARED) return null
  const weight = Math.log1p(neighbours) / 2
  return pieceOf(feature, about, neighbours, weight, capNats, text(neighbours, features))
}

function ofNetwork(
  { about, network, networkText }: Neighbourhood,
  features: FeatureTable,
  capNats: number,
): Evidence | null {
  const domains = features.value(network) ?? 0
  if (domains === 0 || features.support(network) < LEAST_SHARED) return null
  return pieceOf(network, about, domains, Math.log1p(domains) / 3, capNats, networkText(domains))
}

function pieceOf(
  feature: string,
  about: Evidence['about'],
  value: number,
  nats: number,
  capNats: number,
  text: string,
): Evidence {
  return {
    id: feature.replaceAll('_', '-'),
    pointsTo: 'flux',
    about,
    weight: Math.round(Math.min(capNats, nats) * 100) / 100,
    value,
    unit: 'domains',
    text,
    source: NEIGHBOURS_SOURCE,
  }
}
