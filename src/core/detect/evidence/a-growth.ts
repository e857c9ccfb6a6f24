// Growth of the A set per independent look. The core of the matter, both ways.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { MOVING_GROWTH } from '../network-diversity.ts'
import { toOneDecimal } from '../prose-number.ts'

export const aGrowth: EvidenceRule = {
  id: 'a-growth',
  about: 'addresses',
  feature: 'a_growth',
  unit: 'new addresses per window',
  capNats: 2.5,
  source:
    'Perdisci et al., ACSAC 2009 (φ6), FluxBuster tree: growth ≤ 0.1221 removed 1,915 of 2,040 benign clusters and no flux; steps tempered by hand, unvalidated',
  weigh(features) {
    const growth = features.value('a_growth')
    if (growth === null) return null
    const looks = features.support('a_growth')
    const standing = Math.min(2.5, 0.5 * looks)
    // Vantages that see one pool are no independent witnesses of its growth: it takes two looks at each.
    const trust = Math.min(1, looks / (2 * Math.max(1, features.count('a_vantages'))))
    const weight = stepWeight(
      growth,
      [
        [0.02, -standing],
        [MOVING_GROWTH, -standing / 2],
        [0.7, 0.8 * trust],
      ],
      2 * trust,
    )
    return {
      weight,
      text: `Each later look brought ${toOneDecimal(growth)} new addresses on average (${countOf(looks, 'look')} at least a TTL apart, ${countOf(features.count('a_addresses'), 'address', 'addresses')} in all).`,
    }
  },
}
