// Growth of the set per independent look. The core of the matter, both ways.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const growthSign = ({ prefix, type }: Family): Sign => ({
  id: `${prefix}-growth`,
  table: 'growth',
  about: 'addresses',
  feature: `${prefix}_growth`,
  unit: 'new addresses per window',
  edges: [0.001, 0.02, 0.06, 0.1221, 0.3, 0.7, 1.5, 3, 6],
  stage: { feature: `${prefix}_growth`, of: 'support', edges: [2, 4, 7, 13, 31, 100, 300] },
  capNats: 5,
  source:
    'Perdisci et al., ACSAC 2009 (φ6); FluxBuster tree: growth ≤ 0.1221 removed 1,915 of 2,040 benign clusters and no flux',
  text: (features) =>
    `Each later look brought ${features.count(`${prefix}_growth`)} new ${type} addresses on average (${countOf(features.support(`${prefix}_growth`), 'look')} at least a TTL apart, ${countOf(features.count(`${prefix}_addresses`), 'address', 'addresses')} in all).`,
})
