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
}

const NEIGHBOURHOODS: readonly Neighbourhood[] = [
  {
    about: 'addresses',
    feature: 'a_flagged_neighbours',
    addresses: 'a_flagged_addresses',
    moved: ['a_new_addresses', 'aaaa_new_addresses'],
    text: (neighbours, features) =>
      `${countOf(neighbours, 'other domain')} that ${neighbours === 1 ? 'was' : 'were'} flagged served from ${countOf(features.count('a_flagged_addresses'), 'address', 'addresses')} of this name.`,
  },
  {
    about: 'name_servers',
    feature: 'ns_flagged_neighbours',
    addresses: 'ns_flagged_addresses',
    moved: ['ns_new_addresses'],
    text: (neighbours, features) =>
      `The name servers of ${countOf(neighbours, 'other domain')} that ${neighbours === 1 ? 'was' : 'were'} flagged had ${countOf(features.count('ns_flagged_addresses'), 'address', 'addresses')} of this name’s name servers.`,
  },
]

/** One shared address may be injected, or have changed hands. */
const LEAST_SHARED = 2

/** `capNats`: the most that all neighbours of one half add. One neighbour adds ln 2 / 2 at most. */
export function neighbourEvidence(features: FeatureTable, capNats: number): readonly Evidence[] {
  return NEIGHBOURHOODS.flatMap(({ about, feature, addresses, moved, text }) => {
    const neighbours = features.value(feature) ?? 0
    if (neighbours === 0) return []
    if (features.count(addresses) < LEAST_SHARED || moved.every((id) => features.count(id) === 0)) return []
    return [
      {
        id: feature.replaceAll('_', '-'),
        pointsTo: 'flux' as const,
        about,
        weight: Math.round(Math.min(capNats, Math.log1p(neighbours) / 2) * 100) / 100,
        value: neighbours,
        unit: 'domains',
        text: text(neighbours, features),
        source:
          'FluxBuster (Perdisci et al., TDSC 2012): more than 108 domains a network were flux, 926 of 926; weight hand-set and capped',
      },
    ]
  })
}
