// Whose addresses the name servers have. Several operators and change find nearly all double flux; several operators
// that stand still are good practice.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

export const nsOperators: EvidenceRule = {
  id: 'ns-operators',
  about: 'name_servers',
  feature: 'ns_operators_per_vantage',
  unit: 'operators',
  capNats: 3,
  source:
    'Nazario & Holz, MALWARE 2008 (name servers in more than 2 ASNs); five or more ASNs and change find nearly all of a double-flux campaign of 2009; steps hand-set',
  weigh(features) {
    const operators = features.value('ns_operators_per_vantage')
    const support = features.support('ns_operators_per_vantage')
    if (operators === null || support < 2) return null
    const added = features.count('ns_new_addresses')
    const changed = added > 0
    const text = `The name servers' addresses belong to ${countOf(operators, 'network operator')} as one vantage sees them, and they ${changed ? 'change' : 'stand still'}.`
    if (!changed) return operators <= 2 ? { weight: -0.5, text } : null
    const weight = stepWeight(
      operators,
      [
        [3, -1],
        [5, 0.5],
        [8, 2.2],
      ],
      3,
    )
    // One new address is also what a renumbered server brings, and careful owners have theirs at several operators.
    return { weight: added === 1 ? weight / 2 : weight, text }
  },
}
