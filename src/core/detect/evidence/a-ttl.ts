// TTL. Nearly worthless, and never alone: half of the benign names have 300 s or less.
import type { EvidenceRule } from '../evidence-rule.ts'

export const aTtl: EvidenceRule = {
  id: 'a-ttl',
  about: 'addresses',
  feature: 'a_ttl_max',
  unit: 'seconds',
  capNats: 0.2,
  source:
    'Holz et al., NDSS 2008, reject it as a feature; 52 % of 31,950 benign names of 2020 have 300 s or less; weight hand-set',
  weigh(features) {
    const ttl = features.value('a_ttl_max')
    if (ttl === null) return null
    if (ttl <= 300) return { weight: 0.1, text: `Answers live at most ${ttl} s; so do those of most CDNs.` }
    return ttl > 1800 ? { weight: -0.2, text: `Answers live ${ttl} s.` } : null
  },
}
