// Over how many /16s (IPv6: /48s) the addresses spread: what is left of diversity when no ASN database is there.
import type { Member } from './domain-view.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { medianPerVantage } from './per-vantage.ts'

/**
 * Normalised Shannon entropy of the addresses over their /16s: H ÷ log n, n = addresses.
 *
 * Unit: ratio 0…1; 1 when every address has a /16 of its own. Undefined under 5 addresses.
 * Source: FluxBuster (Perdisci et al., TDSC 2012): its code normalises by log n; 0.41 is a split of its released tree.
 */
export function measurePrefixEntropy(members: readonly Member[]): Measured {
  const total = members.length
  if (total < 5) return { value: null, support: total }
  const counts = new Map<string, number>()
  for (const { network } of members) counts.set(network, (counts.get(network) ?? 0) + 1)
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total)
  return { value: Math.max(0, entropy / Math.log(total)), support: total }
}

function countNetworks(members: readonly Member[]): Measured {
  return { value: new Set(members.map((member) => member.network)).size, support: members.length }
}

/** Like the operators: the median over the vantages of the networks that one vantage saw. */
export function measureNetworksPerVantage(members: readonly Member[], apart?: ReadonlySet<string>): Measured {
  const byVantage = new Map<string, Set<string>>()
  for (const member of members) {
    for (const vantage of member.vantages) {
      const networks = byVantage.get(vantage) ?? new Set()
      byVantage.set(vantage, networks.add(member.network))
    }
  }
  return { value: medianPerVantage(byVantage, apart), support: members.length }
}

export const prefixSpread: readonly FeatureDefinition[] = [
  {
    id: 'a_slash16s',
    unit: 'networks',
    meaning: 'Distinct /16 networks of the A addresses.',
    measure: (view) => countNetworks(view.a.members),
  },
  {
    id: 'a_slash16s_per_vantage',
    unit: 'networks',
    meaning: 'Distinct /16 networks of the A addresses that one vantage saw, median over the vantages.',
    measure: (view) => measureNetworksPerVantage(view.a.members),
  },
  {
    id: 'a_slash16_entropy',
    unit: 'ratio',
    meaning: 'Entropy of the A addresses over their /16s ÷ log of their number; from 5 addresses on.',
    measure: (view) => measurePrefixEntropy(view.a.members),
  },
  {
    id: 'aaaa_slash48s',
    unit: 'networks',
    meaning: 'Distinct /48 networks of the AAAA addresses.',
    measure: (view) => countNetworks(view.aaaa.members),
  },
]
