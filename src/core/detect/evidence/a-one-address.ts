// The other shape of flux: one address an answer, no caching, another one each time.
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNetworks } from '../network-diversity.ts'
import { toOneDecimal } from '../prose-number.ts'

export const aOneAddress: EvidenceRule = {
  id: 'a-one-address',
  about: 'addresses',
  feature: 'a_growth',
  unit: 'new addresses per window',
  capNats: 2,
  source:
    'Kelihos: one address at TTL 0; FluxBuster admits one address with a TTL of at most 10 s; weight hand-set, unvalidated',
  weigh(features) {
    const growth = features.value('a_growth')
    const width = features.value('a_width_mean')
    const ttl = features.value('a_ttl_max')
    if (growth === null || width === null || ttl === null) return null
    if (features.support('a_growth') < 4 || growth < 0.7 || width > 1.2 || ttl > 10) return null
    const networks = unrelatedNetworks(features)
    if (networks < 5) return null
    return {
      weight: 2,
      text: `Each answer is one address that lives at most ${ttl} s. A later look brought ${toOneDecimal(growth)} new addresses on average, ${features.count('a_addresses')} in all, of unrelated networks.`,
    }
  },
}
