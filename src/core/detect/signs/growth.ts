// Growth of the set per independent look. The core of the matter, both ways.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const growthSign = ({ prefix, type }: Family): Sign => {
  const growthId = `${prefix}_growth`
  const addressesId = `${prefix}_addresses`
  return {
    id: `${prefix}-growth`,
    table: 'growth',
    about: 'addresses',
    feature: growthId,
    unit: 'new addresses per window',
    edges: [0.001, 0.02, 0.06, 0.1221, 0.3, 0.7, 1.5, 3, 6],
    stage: { feature: growthId, of: 'support', edges: [2, 4, 7, 13, 31, 100, 300] },
    capNats: 5,
    source:
      'Perdisci et al., ACSAC 2009 (φ6); FluxBuster tree: growth ≤ 0.1221 removed 1,915 of 2,040 benign clusters and no flux',
    text: (features) =>
      `Each later look brought ${features.count(growthId)} new ${type} addresses on average (${countOf(features.support(growthId), 'look')} at least a TTL apart, ${countOf(features.count(addressesId), 'address', 'addresses')} in all).`,
  }
}
