// Name servers on home connections, or in data centres where they belong.
import type { EvidenceRule } from '../evidence-rule.ts'
import { shareOf } from '../prose-number.ts'

export const nsAccessShare: EvidenceRule = {
  id: 'ns-access-share',
  about: 'name_servers',
  feature: 'ns_access_share',
  unit: 'ratio',
  capNats: 1,
  source:
    'Perdisci et al., ACSAC 2009 (φ11), applied to name servers; word list and weights hand-set, unvalidated',
  weigh(features) {
    const share = features.value('ns_access_share')
    if (share === null) return null
    const addresses = shareOf(share, features.support('ns_access_share'), 'known addresses of name servers')
    const text = `${addresses} sit with access providers, by the AS owner's name.`
    if (share <= 0.3) return { weight: -0.5, text }
    return share >= 0.6 && features.count('ns_new_addresses') > 0 ? { weight: 1, text } : null
  },
}
