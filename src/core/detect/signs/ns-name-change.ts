// The name servers' names change. Alone it is what owners do when they move; with changing addresses it adds a little.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsNameChange: Sign = {
  id: 'ns-name-change',
  table: 'ns-name-change',
  about: 'name_servers',
  feature: 'ns_new_names',
  unit: 'names',
  edges: [1, 2, 3, 6],
  stage: { feature: 'ns_new_addresses', of: 'value', edges: [1, 4] },
  capNats: 2,
  source:
    'Konte et al., PAM 2009: names alone 0.8 % against 3.0 % (likelihood ratio 0.26), with both kinds of addresses 23.7 % against 0',
  text: (features) =>
    `${countOf(features.count('ns_new_names'), 'name of a name server', 'names of name servers')} came after the first look (${countOf(features.count('ns_names'), 'name')} so far).`,
}
