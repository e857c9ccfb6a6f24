// Unrelated networks behind the A set, as one vantage sees them.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

/** A diverse set has this weight when it stands still too, so it can never decide alone. */
export const aOperators: EvidenceRule = {
  id: 'a-operators',
  about: 'addresses',
  feature: 'a_operators_per_vantage',
  unit: 'operators',
  capNats: 3.5,
  source:
    'Holz et al., NDSS 2008 (7-8 ASNs decide its score), FluXOR (38 ASNs against 1.1); per vantage after DIGGER; steps tempered by hand, unvalidated',
  weigh(features) {
    const operators = features.value('a_operators_per_vantage')
    const support = features.support('a_operators_per_vantage')
    if (operators === null || support < 2) return null
    const weight = stepWeight(
      operators,
      [
        [2, -2],
        [3, -1],
        [4, -0.3],
        [6, 0.7],
        [8, 1.7],
        [12, 2.5],
        [20, 3],
      ],
      3.5,
    )
    return {
      weight,
      text: `One vantage saw addresses of ${countOf(operators, 'network operator')} (${support} addresses of known operator).`,
    }
  },
}
