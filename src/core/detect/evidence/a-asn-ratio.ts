// Whether nearly every address has an AS of its own. Goes with the operators, hence the small cap.
import { countOf } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { percentOf } from '../prose-number.ts'

export const aAsnRatio: EvidenceRule = {
  id: 'a-asn-ratio',
  about: 'addresses',
  feature: 'a_asn_ratio',
  unit: 'ratio',
  capNats: 0.5,
  source:
    'Perdisci et al., ACSAC 2009 (φ7); flux 0.5-1.0, benign mostly 0.08-0.25; tempered by hand for its correlation with the operators',
  weigh(features) {
    const ratio = features.value('a_asn_ratio')
    if (ratio === null) return null
    return {
      weight: ratio < 0.25 ? -0.5 : ratio >= 0.5 ? 0.4 : 0,
      text: `${countOf(features.count('a_asns'), 'ASN')} for ${features.support('a_asn_ratio')} addresses of known ASN: ${percentOf(ratio)}.`,
    }
  },
}
