// Many addresses of many operators, and the set moves.
import type { EvidenceRule } from '../evidence-rule.ts'
import { isMoving, unrelatedNetworks } from '../network-diversity.ts'

export const aAddressCount: EvidenceRule = {
  id: 'a-address-count',
  about: 'addresses',
  feature: 'a_addresses',
  unit: 'addresses',
  capNats: 1,
  source:
    'FluXOR (Passerini et al., DIMVA 2008): 98 ± 37 addresses after 3 h against 2.9 ± 3.9; tempered by hand',
  weigh(features) {
    const addresses = features.count('a_addresses')
    if (addresses < 15 || !isMoving(features) || unrelatedNetworks(features) < 4) return null
    return {
      weight: addresses >= 30 ? 1 : 0.5,
      text: `${addresses} distinct addresses so far, and the set moves.`,
    }
  },
}
