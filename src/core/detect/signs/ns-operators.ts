// Whose addresses the name servers have. Several operators and change find nearly all double flux; several operators that
// stand still are good practice.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsOperators: Sign = {
  id: 'ns-operators',
  table: 'ns-operators',
  about: 'name_servers',
  feature: 'ns_operators_per_vantage',
  unit: 'operators',
  edges: [2, 3, 4, 5, 6, 8, 12, 20],
  stage: { feature: 'ns_addresses_per_vantage', of: 'value', edges: [2, 3, 4, 5, 7, 10, 20] },
  capNats: 5,
  source:
    'Nazario & Holz, MALWARE 2008 (name servers in more than 2 ASNs); five or more ASNs and change find nearly all of a double-flux campaign of 2009',
  text: (features) =>
    `The name servers’ addresses belong to ${countOf(features.count('ns_operators_per_vantage'), 'network operator')} as one vantage sees them; ${features.count('ns_new_addresses')} of them came after the first look.`,
}
