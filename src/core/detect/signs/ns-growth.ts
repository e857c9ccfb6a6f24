// The addresses of the name servers do not only change, they keep coming.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsGrowth: Sign = {
  id: 'ns-growth',
  table: 'ns-growth',
  about: 'name_servers',
  feature: 'ns_growth',
  unit: 'new addresses per window',
  edges: [0.001, 0.01, 0.04, 0.1221, 0.3, 0.7],
  stage: { feature: 'ns_growth', of: 'support', edges: [3, 9, 25, 80] },
  capNats: 4,
  source:
    'Konte et al., PAM 2009: 2,421 name-server addresses for 384 domains in four weeks; growth after Perdisci et al., ACSAC 2009',
  text: (features) =>
    `A later look at a name server brought ${features.count('ns_growth')} new addresses on average (${countOf(features.support('ns_growth'), 'look')}, ${features.count('ns_addresses')} addresses so far).`,
}
