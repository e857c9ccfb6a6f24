// The name's own addresses serve its DNS too: the twin of ns-serves-site, for the address set.
import { shareOf } from '../prose-number.ts'
import type { Sign } from './sign.ts'

export const aServesDns: Sign = {
  id: 'a-serves-dns',
  table: 'a-serves-dns',
  about: 'addresses',
  feature: 'ns_overlap',
  unit: 'ratio',
  edges: [0.001, 0.1, 0.3, 0.6, 0.9],
  stage: { feature: 'ns_addresses', of: 'value', edges: [6, 11, 31] },
  // Published for whole campaigns only: what one name shows in a few looks may be far from it.
  capNats: 1.5,
  source:
    'Derived from Konte et al., PAM 2009: 88 % of the scam name servers’ addresses served sites too, 3 % with Alexa',
  text: (features) =>
    `${shareOf(features.count('ns_overlap'), features.support('ns_overlap'), 'addresses of the name servers')} are addresses of the name itself.`,
}
