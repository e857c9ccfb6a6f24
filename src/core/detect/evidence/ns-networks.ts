// Stands in for ns-operators when no address has an ASN.
import { stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

export const nsNetworks: EvidenceRule = {
  id: 'ns-networks',
  about: 'name_servers',
  feature: 'ns_networks_per_vantage',
  unit: 'networks',
  capNats: 1.5,
  source: 'Nazario & Holz, MALWARE 2008 (distant name-server addresses); steps hand-set, unvalidated',
  weigh(features) {
    const networks = features.value('ns_networks_per_vantage')
    if (networks === null || features.value('ns_operators_per_vantage') !== null) return null
    if (features.count('ns_new_addresses') === 0) return null
    return {
      weight: stepWeight(
        networks,
        [
          [4, -0.5],
          [8, 0.5],
        ],
        1.5,
      ),
      text: `The name servers' changing addresses lie in ${networks} networks as one vantage sees them; no ASN database says whose they are.`,
    }
  },
}
