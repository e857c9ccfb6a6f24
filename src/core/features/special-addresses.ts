// Addresses that nobody on the Internet can have: what sinkholes, block pages and RBLs answer.
import type { FeatureDefinition } from './feature-definition.ts'

export const specialAddresses: readonly FeatureDefinition[] = [
  {
    id: 'special_addresses',
    unit: 'addresses',
    meaning:
      'Special-purpose addresses (private, loopback, …) in the answers; they are left out of everything else.',
    direction: 'none',
    source: 'IANA special-purpose address registries',
    blindSpot: 'A sinkhole at a public address is an address like any other.',
    measure: (view) => ({
      value: view.specialAddresses,
      support: view.series.host.addresses.entries.length,
    }),
  },
]
