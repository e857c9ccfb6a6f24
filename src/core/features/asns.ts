// Over how many autonomous systems the addresses spread, and how many are of none that the database knows.
import { inBothFamilies } from './address-family.ts'
import { countDistinct } from './distinct.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/**
 * Distinct ASNs ÷ addresses with an ASN. Unit: ratio 0…1. Undefined under 5 addresses with an ASN: below that it says nothing.
 * Source: AS diversity (φ7) of Perdisci et al., ACSAC 2009.
 */
export function measureAsnRatio(pool: Pool): Measured {
  const { value, support } = countDistinct(pool.asns)
  return value === null || support < 5 ? { value: null, support } : { value: value / support, support }
}

export const asns: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_asns`,
      unit: 'ASNs',
      meaning: `Distinct origin ASNs of the ${type} addresses, all vantages.`,
      direction: 'flux',
      source: 'nASN of Holz et al., NDSS 2008',
      blindSpot: 'One anycast owner announces from many; a CDN’s caches sit in hundreds.',
      measure: (view) => countDistinct(pool(view).asns),
    },
  ]),
  {
    id: 'a_asn_ratio',
    unit: 'ratio',
    meaning: 'Distinct ASNs of the A addresses ÷ A addresses with an ASN; from 5 addresses on.',
    direction: 'flux',
    source: 'AS diversity (φ7) of Perdisci et al., ACSAC 2009',
    blindSpot: 'Volunteer pools reach 1; large or regional botnets fall under 0.2.',
    measure: (view) => measureAsnRatio(view.a),
  },
  {
    id: 'ns_asns',
    unit: 'ASNs',
    meaning: 'Distinct origin ASNs of the name servers’ addresses.',
    direction: 'flux',
    source: 'Nazario and Holz, MALWARE 2008, rule 8',
    blindSpot: 'Anycast DNS operators use several on purpose.',
    measure: (view) => countDistinct(view.nameServerPool.asns),
  },
  {
    id: 'a_unmapped',
    unit: 'addresses',
    meaning: 'A addresses (of those held) without an ASN.',
    direction: 'none',
    source: 'ours',
    blindSpot: 'It does not tell a gap in the database from addresses that are routed nowhere.',
    measure: ({ a }) => ({
      value: a.members.length - a.asns.known,
      support: a.members.length,
    }),
  },
]
