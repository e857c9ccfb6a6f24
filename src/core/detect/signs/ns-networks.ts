// Networks of the name servers' addresses: what is left of diversity without an ASN database.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsNetworks: Sign = {
  id: 'ns-networks',
  table: 'ns-networks',
  about: 'name_servers',
  feature: 'ns_networks_per_vantage',
  unit: 'networks',
  edges: [2, 3, 5, 8, 16],
  stage: { feature: 'ns_addresses_per_vantage', of: 'value', edges: [2, 3, 4, 5, 7, 10, 20] },
  capNats: 4,
  source: 'Nazario & Holz, MALWARE 2008 (distant name-server addresses)',
  text: (features) =>
    `The name servers’ addresses lie in ${countOf(features.count('ns_networks_per_vantage'), 'network')} (/16, IPv6 /48) as one vantage sees them.`,
}
