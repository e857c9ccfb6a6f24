// The machines behind the name servers serve the site too, and they change: the mark of double flux.
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNameServerNetworks } from '../network-diversity.ts'
import { shareOf } from '../prose-number.ts'

export const nsServesSite: EvidenceRule = {
  id: 'ns-serves-site',
  about: 'name_servers',
  feature: 'ns_overlap',
  unit: 'ratio',
  capNats: 2.5,
  source:
    'Derived from Konte et al., PAM 2009: 88 % of the scam name servers’ addresses served sites too, 3 % with Alexa (ln 29 = 3.4); tempered by hand',
  weigh(features) {
    const overlap = features.value('ns_overlap')
    if (overlap === null || overlap < 0.1 || features.count('ns_new_addresses') === 0) return null
    if (unrelatedNameServerNetworks(features) < 3) return null
    return {
      weight: overlap >= 0.3 ? 2.5 : 1.2,
      text: `${shareOf(overlap, features.support('ns_overlap'), 'name-server addresses')} serve the name itself as well.`,
    }
  },
}
