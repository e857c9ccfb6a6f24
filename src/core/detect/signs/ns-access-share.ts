// Name servers on home connections, or in data centres where they belong.
import { shareOf } from '../prose-number.ts'
import type { Sign } from './sign.ts'

export const nsAccessShare: Sign = {
  id: 'ns-access-share',
  table: 'ns-access-share',
  about: 'name_servers',
  feature: 'ns_access_share',
  unit: 'ratio',
  edges: [0.05, 0.3, 0.6, 0.9],
  stage: { feature: 'ns_access_share', of: 'support', edges: [3, 5, 8, 16, 41] },
  capNats: 5,
  source: 'Perdisci et al., ACSAC 2009 (φ11), applied to name servers; the word list is hand-written',
  text: (features) =>
    `${shareOf(features.count('ns_access_share'), features.support('ns_access_share'), 'name-server addresses of known kind')} sit with access providers, by the name of the AS owner.`,
}
