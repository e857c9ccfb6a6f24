// Stands in for the operators when no address has an ASN: /16s say less, since one operator has many.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

export const aNetworks: EvidenceRule = {
  id: 'a-networks',
  about: 'addresses',
  feature: 'a_slash16s_per_vantage',
  unit: 'networks',
  capNats: 2,
  source: 'Perdisci et al., ACSAC 2009 (/16 diversity φ4); steps hand-set, unvalidated',
  weigh(features) {
    const networks = features.value('a_slash16s_per_vantage')
    const support = features.support('a_slash16s_per_vantage')
    if (networks === null || support < 2 || features.value('a_operators_per_vantage') !== null) return null
    const weight = stepWeight(
      networks,
      [
        [2, -1.5],
        [4, -0.5],
        [8, 0.5],
        [16, 1.2],
      ],
      2,
    )
    return {
      weight,
      text: `One vantage saw addresses in ${countOf(networks, '/16 network')}; no ASN database says whose they are.`,
    }
  },
}
