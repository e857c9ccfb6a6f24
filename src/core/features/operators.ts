// Over how many owners' networks the addresses spread. The judged form is per vantage (a CDN's caches sit in hundreds of access
// networks, but each asker sees few) and counts operators, not ASNs (one anycast owner announces from many).
import { inBothFamilies } from './address-family.ts'
import { countDistinct, countDistinctPerVantage } from './distinct.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { lowerMedian } from './per-vantage.ts'
import type { Pool } from './pool.ts'

/** Addresses of known operator that a vantage must have seen for a ratio. */
const LEAST_FOR_RATIO = 3

/**
 * Operators that a vantage saw ÷ addresses of known operator that it saw, the lower median over the vantages with 3 such addresses.
 *
 * Unit: ratio 0…1; 1 when every address has an owner of its own. Undefined without such a vantage. Support: addresses of known
 * operator, all vantages.
 */
export function measureOperatorsRatio(pool: Pool): Measured {
  const { distinctAt, known, knownAt } = pool.operators
  const ratios: number[] = []
  for (let seat = 0; seat < knownAt.length; seat += 1) {
    if (knownAt[seat]! >= LEAST_FOR_RATIO) ratios.push(distinctAt[seat]! / knownAt[seat]!)
  }
  return { value: lowerMedian(ratios), support: known }
}

export const operators: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }): FeatureDefinition[] => [
    {
      id: `${prefix}_operators`,
      unit: 'operators',
      meaning: `Distinct operators (organisation, else ASN) of the ${type} addresses, all vantages.`,
      direction: 'flux',
      source: 'FluXOR (Passerini et al., DIMVA 2008), feature F9',
      blindSpot: 'Summed over vantages a CDN with caches in access networks has many.',
      measure: (view) => countDistinct(pool(view).operators),
    },
    {
      id: `${prefix}_operators_per_vantage`,
      unit: 'operators',
      meaning: `Operators of the ${type} addresses that one vantage saw, median over the vantages.`,
      direction: 'flux',
      source: 'Per vantage after Hu et al. (DIGGER), INFOCOM 2011; operators instead of ASNs is ours',
      blindSpot: 'Volunteer pools and mirrors have as many; flux within one provider or cloud has one.',
      measure: (view) => countDistinctPerVantage(pool(view), 'operators'),
    },
  ]),
  {
    id: 'a_operators_ratio',
    unit: 'ratio',
    meaning:
      'Operators ÷ A addresses of known operator that one vantage saw, median over the vantages; from 3 such addresses on.',
    direction: 'flux',
    source: 'Organisation diversity (φ9) of Perdisci et al., ACSAC 2009; per vantage is ours',
    blindSpot: 'It falls as a network grows, for home machines crowd in a few large providers.',
    measure: (view) => measureOperatorsRatio(view.a),
  },
  {
    id: 'ns_operators',
    unit: 'operators',
    meaning: 'Distinct operators (organisation, else ASN) of the name servers’ addresses.',
    direction: 'flux',
    source: 'Nazario and Holz, MALWARE 2008, rule 8',
    blindSpot: 'Good practice spreads name servers over networks too (RFC 2182, section 3.1).',
    measure: (view) => countDistinct(view.nameServerPool.operators),
  },
  {
    id: 'ns_operators_per_vantage',
    unit: 'operators',
    meaning:
      'Operators of the name servers’ addresses that one vantage saw, median over the vantages; those of the parent’s glue where they are more.',
    direction: 'flux',
    source: 'Nazario and Holz, MALWARE 2008, rule 8; per vantage is ours',
    blindSpot: 'Good practice spreads name servers over networks too (RFC 2182, section 3.1).',
    measure: (view) => countDistinctPerVantage(view.nameServerPool, 'operators', view.parentVantages),
  },
]
