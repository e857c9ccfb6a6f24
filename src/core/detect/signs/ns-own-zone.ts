// Name servers under the name itself, as flux runs them, or a hoster's.
import { shareOf } from '../prose-number.ts'
import type { Sign } from './sign.ts'

export const nsOwnZone: Sign = {
  id: 'ns-own-zone',
  table: 'ns-own-zone',
  about: 'name_servers',
  feature: 'ns_own_zone_share',
  unit: 'ratio',
  edges: [0.01, 0.99],
  stage: null,
  capNats: 0.7,
  source: 'Konte et al., PAM 2009 (examples); recorded double flux has its own names for its name servers',
  text: (features) =>
    `${shareOf(features.count('ns_own_zone_share'), features.support('ns_own_zone_share'), 'name servers')} have names in the zone itself.`,
}
