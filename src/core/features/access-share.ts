// How many of the addresses are lines of access providers. Which owner is one, network-kind.ts decides.
import { inBothFamilies } from './address-family.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/** Addresses of known kind under which a share says nothing. */
const LEAST_KNOWN = 2

/**
 * Addresses of access networks ÷ addresses of known kind. Unit: ratio 0…1. Support: addresses of known kind.
 * Undefined under 2 of them.
 * Source: consumer-ISP share after Perdisci et al. (φ11) and the DSL remark of Holz et al.; the word list is ours.
 */
export function measureAccessShare(pool: Pool): Measured {
  const known = countKnown(pool)
  return { value: known < LEAST_KNOWN ? null : pool.kinds.access / known, support: known }
}

function countKnown({ kinds: { access, server } }: Pool): number {
  return access + server
}

const SOURCE =
  'φ11 of Perdisci et al., ACSAC 2009, and the DSL remark of Holz et al., NDSS 2008; the word list is ours'
const BLIND_SPOT =
  'No AS names (many databases carry numbers only), names in other languages, flux on rented servers.'

export const accessShare: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_access_share`,
      unit: 'ratio',
      meaning: `Share of the ${type} addresses of known network kind that sit with access providers, by AS name.`,
      direction: 'flux',
      source: SOURCE,
      blindSpot: BLIND_SPOT,
      measure: (view) => measureAccessShare(pool(view)),
    },
  ]),
  {
    id: 'a_access_known',
    unit: 'addresses',
    meaning: 'A addresses (of those held) whose network kind, access or server, is known by AS name.',
    direction: 'none',
    source: 'ours',
    blindSpot: BLIND_SPOT,
    measure: ({ a }) => ({ value: countKnown(a), support: a.members.length }),
  },
  {
    id: 'ns_access_share',
    unit: 'ratio',
    meaning:
      'Share of the name servers’ addresses of known network kind that sit with access providers, by AS name.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: (view) => measureAccessShare(view.nameServerPool),
  },
]
