// What the addresses behind the name servers are: how many, whose, and whether the name itself is served from them.
import { operatorOf, uniteMembers } from './domain-view.ts'
import type { DomainView, Member } from './domain-view.ts'
import { countDistinct, measureOperatorsPerVantage } from './diversity.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { measureNetworksPerVantage } from './prefix-spread.ts'

/** All name servers' addresses, each once. */
export function nameServerMembers(view: DomainView): readonly Member[] {
  return uniteMembers(view.nameServers.flatMap(({ pool }) => pool.members))
}

/**
 * Share of the name servers' addresses that are also addresses of the name itself.
 *
 * Unit: ratio 0…1. Undefined unless both sets have 4 addresses: small sites serve DNS and web from one machine.
 * Support: name-server addresses.
 * Source: derived from Konte et al., PAM 2009: 88 % of the scam name servers' addresses served the sites too, 3 % with Alexa.
 */
export function measureOverlap(view: DomainView): Measured {
  const servers = nameServerMembers(view)
  const addresses = new Set([...view.a.members, ...view.aaaa.members].map((member) => member.address.text))
  if (servers.length < 4 || addresses.size < 4) return { value: null, support: servers.length }
  const shared = servers.filter((member) => addresses.has(member.address.text)).length
  return { value: shared / servers.length, support: servers.length }
}

export const nameServerPool: readonly FeatureDefinition[] = [
  {
    id: 'ns_addresses',
    unit: 'addresses',
    meaning: 'Distinct addresses of the name servers, the parent’s glue included.',
    measure: (view) => ({ value: nameServerMembers(view).length, support: view.nameServers.length }),
  },
  {
    id: 'ns_asns',
    unit: 'ASNs',
    meaning: 'Distinct origin ASNs of the name servers’ addresses.',
    measure: (view) => countDistinct(nameServerMembers(view), (member) => member.facts.asn),
  },
  {
    id: 'ns_operators',
    unit: 'operators',
    meaning: 'Distinct operators (organisation, else ASN) of the name servers’ addresses.',
    measure: (view) => countDistinct(nameServerMembers(view), (member) => operatorOf(member.facts)),
  },
  {
    id: 'ns_operators_per_vantage',
    unit: 'operators',
    meaning:
      'Operators of the name servers’ addresses that one vantage saw, median over the vantages; those of the parent’s glue where they are more.',
    measure: (view) => measureOperatorsPerVantage(nameServerMembers(view), view.parentVantages),
  },
  {
    id: 'ns_networks_per_vantage',
    unit: 'networks',
    meaning:
      '/16 (IPv6: /48) networks of the name servers’ addresses that one vantage saw, median; those of the parent’s glue where they are more.',
    measure: (view) => measureNetworksPerVantage(nameServerMembers(view), view.parentVantages),
  },
  {
    id: 'ns_overlap',
    unit: 'ratio',
    meaning: 'Share of the name servers’ addresses that are addresses of the name itself; from 4 of each on.',
    measure: measureOverlap,
  },
]
