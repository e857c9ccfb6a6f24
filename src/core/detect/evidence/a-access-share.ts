// Home connections or data centres, where the AS owners' names tell.
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNetworks } from '../network-diversity.ts'
import { shareOf } from '../prose-number.ts'

export const aAccessShare: EvidenceRule = {
  id: 'a-access-share',
  about: 'addresses',
  feature: 'a_access_share',
  unit: 'ratio',
  capNats: 1.5,
  source:
    'Perdisci et al., ACSAC 2009 (φ11), DSL remark of Holz et al.; word list and weights hand-set, unvalidated',
  weigh(features) {
    const share = features.value('a_access_share')
    if (share === null) return null
    const known = features.support('a_access_share')
    const text = `${shareOf(share, known, 'known addresses')} sit with access providers, by the AS owner's name.`
    if (share <= 0.3) return { weight: -1, text }
    if (share < 0.6) return null
    // A CDN's caches in one or two access networks are no botnet.
    if (unrelatedNetworks(features) < 4) return { weight: 0.3, text }
    // Nearly all of a botnet's agents are at home; of a volunteer pool's servers about half.
    return { weight: (share >= 0.85 ? 1.5 : 0.5) * Math.min(1, known / 10), text }
  },
}
