// How large a moving set of many operators is by now. A handful of addresses in turn is what a small pool shows, however
// unrelated its networks are; that of a botnet keeps growing beyond it.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { isMoving, unrelatedNetworks } from '../network-diversity.ts'

export const aAddressCount: EvidenceRule = {
  id: 'a-address-count',
  about: 'addresses',
  feature: 'a_addresses_per_vantage',
  unit: 'addresses',
  capNats: 2,
  source:
    'FluXOR (Passerini et al., DIMVA 2008): 98 ± 37 addresses after 3 h against 2.9 ± 3.9, mirrors with 21; steps hand-set, unvalidated',
  weigh(features) {
    const addresses = features.value('a_addresses_per_vantage')
    if (addresses === null || !isMoving(features) || unrelatedNetworks(features) < 4) return null
    const weight = stepWeight(
      addresses,
      [
        [12, -2],
        [20, -1],
        [30, 0],
        [45, 0.5],
      ],
      1,
    )
    return {
      weight,
      text: `One vantage saw ${countOf(addresses, 'distinct address', 'distinct addresses')} so far, and the set moves.`,
    }
  },
}
