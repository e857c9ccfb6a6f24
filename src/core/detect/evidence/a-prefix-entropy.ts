// Spread over /16s. Goes with the operators, hence the small cap.
import { countOf } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { percentOf } from '../prose-number.ts'

export const aPrefixEntropy: EvidenceRule = {
  id: 'a-prefix-entropy',
  about: 'addresses',
  feature: 'a_slash16_entropy',
  unit: 'ratio',
  capNats: 0.5,
  source: 'FluxBuster (Perdisci et al., TDSC 2012): split at 0.41; weights tempered by hand, unvalidated',
  weigh(features) {
    const entropy = features.value('a_slash16_entropy')
    if (entropy === null) return null
    return {
      weight: entropy <= 0.41 ? -0.5 : entropy > 0.8 ? 0.3 : 0,
      text: `The addresses spread over ${countOf(features.count('a_slash16s'), '/16 network')}: ${percentOf(entropy)} of the largest spread possible.`,
    }
  },
}
