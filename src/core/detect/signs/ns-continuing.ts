// How an answer for a name server follows from the one before.
import { percentOf } from '../prose-number.ts'
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsContinuing: Sign = {
  id: 'ns-continuing',
  table: 'ns-continuing',
  about: 'name_servers',
  feature: 'ns_continuing_share',
  unit: 'ratio',
  edges: [0.1, 0.4, 0.7, 0.9, 0.98],
  stage: { feature: 'ns_continuing_share', of: 'support', edges: [5, 13, 41] },
  capNats: 3,
  source: 'Lifetimes after Holz et al., NDSS 2008, applied to name servers',
  text: (features) =>
    `${percentOf(features.count('ns_continuing_share'))} of the addresses of a look at a name server were in the look before (${countOf(features.support('ns_continuing_share'), 'look')}).`,
}
