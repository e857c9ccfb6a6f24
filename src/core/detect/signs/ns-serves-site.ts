// The machines behind the name servers serve the site too: the mark of double flux.
import { shareOf } from '../prose-number.ts'
import type { Sign } from './sign.ts'

export const nsServesSite: Sign = {
  id: 'ns-serves-site',
  table: 'ns-serves-site',
  about: 'name_servers',
  feature: 'ns_overlap',
  unit: 'ratio',
  edges: [0.001, 0.1, 0.3, 0.6, 0.9],
  stage: { feature: 'ns_addresses', of: 'value', edges: [6, 11, 31] },
  // Published for whole campaigns only: what one name shows in a few looks may be far from it.
  capNats: 2,
  source:
    'Derived from Konte et al., PAM 2009: 88 % of the scam name servers’ addresses served sites too, 3 % with Alexa',
  text: (features) =>
    `${shareOf(features.count('ns_overlap'), features.support('ns_overlap'), 'name-server addresses')} serve the name itself as well.`,
}
