// The name's own addresses serve its DNS too: the twin of ns-serves-site, for the address set.
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNameServerNetworks } from '../network-diversity.ts'
import { shareOf } from '../prose-number.ts'

export const aServesDns: EvidenceRule = {
  id: 'a-serves-dns',
  about: 'addresses',
  feature: 'ns_overlap',
  unit: 'ratio',
  capNats: 1.5,
  source: 'Derived from Konte et al., PAM 2009 (88 % against 3 %); tempered by hand, see ns-serves-site',
  weigh(features) {
    const overlap = features.value('ns_overlap')
    if (overlap === null || overlap < 0.1 || features.count('ns_new_addresses') === 0) return null
    if (unrelatedNameServerNetworks(features) < 3) return null
    return {
      weight: overlap >= 0.3 ? 1.5 : 0.8,
      text: `${shareOf(overlap, features.support('ns_overlap'), 'changing addresses of the name servers')} serve the name itself as well.`,
    }
  },
}
