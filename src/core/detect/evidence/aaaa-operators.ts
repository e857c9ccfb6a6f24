// Unrelated networks behind the AAAA set. Counts in full for names without A addresses, else as an echo.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

export const aaaaOperators: EvidenceRule = {
  id: 'aaaa-operators',
  about: 'addresses',
  feature: 'aaaa_operators_per_vantage',
  unit: 'operators',
  capNats: 3,
  source:
    'The A rule applied to AAAA; no published measurement of flux in AAAA was found; hand-set, unvalidated',
  weigh(features) {
    const operators = features.value('aaaa_operators_per_vantage')
    const support = features.support('aaaa_operators_per_vantage')
    if (operators === null || support < 2) return null
    const echo = features.count('a_addresses') === 0 ? 1 : 0.3
    const weight = stepWeight(
      operators,
      [
        [2, -2],
        [3, -1],
        [4, -0.3],
        [6, 0.7],
        [8, 1.7],
      ],
      3,
    )
    return {
      weight: echo * weight,
      text: `One vantage saw IPv6 addresses of ${countOf(operators, 'network operator')} (${support} addresses of known operator).`,
    }
  },
}
