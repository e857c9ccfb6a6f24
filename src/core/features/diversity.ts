// Over how many networks the addresses spread. The judged form is per vantage (a CDN's caches sit in hundreds of access
// networks, but each asker sees few) and counts operators, not ASNs (one anycast owner announces from many).
import { operatorOf } from './domain-view.ts'
import type { DomainView, Member, PoolView } from './domain-view.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { medianPerVantage } from './per-vantage.ts'

/** Distinct non-null values of `read` over the members; support: members that have one. Null when none has. */
export function countDistinct(
  members: readonly Member[],
  read: (member: Member) => string | number | null,
): Measured {
  const values = members.map(read).filter((value) => value !== null)
  return { value: values.length === 0 ? null : new Set(values).size, support: values.length }
}

/**
 * Distinct operators that one vantage saw, the median over the vantages (the lower one of the two middle ones).
 *
 * Unit: operators. Undefined without an address of known operator. Support: addresses of known operator, all vantages.
 * `apart`: as for `medianPerVantage`.
 * Source: per-vantage counting after Hu et al. (DIGGER), INFOCOM 2011; operators instead of ASNs is ours.
 */
export function measureOperatorsPerVantage(
  members: readonly Member[],
  apart?: ReadonlySet<string>,
): Measured {
  const byVantage = new Map<string, Set<string>>()
  let known = 0
  for (const { facts, vantages } of members) {
    const operator = operatorOf(facts)
    if (operator === null) continue
    known += 1
    for (const vantage of vantages) {
      const operators = byVantage.get(vantage) ?? new Set()
      byVantage.set(vantage, operators.add(operator))
    }
  }
  return { value: medianPerVantage(byVantage, apart), support: known }
}

/**
 * Distinct ASNs ÷ addresses with an ASN. Unit: ratio 0…1. Undefined under 5 addresses with an ASN: below that it says nothing.
 * Source: AS diversity (φ7) of Perdisci et al., ACSAC 2009.
 */
export function measureAsnRatio(pool: PoolView): Measured {
  const { value, support } = countDistinct(pool.members, (member) => member.facts.asn)
  return value === null || support < 5 ? { value: null, support } : { value: value / support, support }
}

export const diversity: readonly FeatureDefinition[] = [
  ...familyDiversity('a', 'A', (view) => view.a),
  ...familyDiversity('aaaa', 'AAAA', (view) => view.aaaa),
  {
    id: 'a_asn_ratio',
    unit: 'ratio',
    meaning: 'Distinct ASNs of the A addresses ÷ A addresses with an ASN; from 5 addresses on.',
    measure: (view) => measureAsnRatio(view.a),
  },
  {
    id: 'a_countries',
    unit: 'countries',
    meaning: 'Distinct countries of the A addresses.',
    measure: (view) => countDistinct(view.a.members, (member) => member.facts.country),
  },
  {
    id: 'a_unmapped',
    unit: 'addresses',
    meaning: 'A addresses (of those held) without an ASN.',
    measure: (view) => ({
      value: view.a.members.filter((member) => member.facts.asn === null).length,
      support: view.a.members.length,
    }),
  },
]

function familyDiversity(
  prefix: string,
  type: string,
  pool: (view: DomainView) => PoolView,
): readonly FeatureDefinition[] {
  return [
    {
      id: `${prefix}_asns`,
      unit: 'ASNs',
      meaning: `Distinct origin ASNs of the ${type} addresses, all vantages.`,
      measure: (view) => countDistinct(pool(view).members, (member) => member.facts.asn),
    },
    {
      id: `${prefix}_operators`,
      unit: 'operators',
      meaning: `Distinct operators (organisation, else ASN) of the ${type} addresses, all vantages.`,
      measure: (view) => countDistinct(pool(view).members, (member) => operatorOf(member.facts)),
    },
    {
      id: `${prefix}_operators_per_vantage`,
      unit: 'operators',
      meaning: `Operators of the ${type} addresses that one vantage saw, median over the vantages.`,
      measure: (view) => measureOperatorsPerVantage(pool(view).members),
    },
  ]
}
