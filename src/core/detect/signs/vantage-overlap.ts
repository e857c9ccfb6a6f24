// One pool for everybody, or to each region its own.
import { percentOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const vantageOverlapSign = ({ prefix }: Family): Sign => {
  const vantageOverlapId = `${prefix}_vantage_overlap`
  return {
    id: `${prefix}-vantage-overlap`,
    table: 'vantage-overlap',
    about: 'addresses',
    feature: vantageOverlapId,
    unit: 'ratio',
    edges: [0.02, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.999],
    stage: { feature: `${prefix}_addresses`, of: 'value', edges: [8, 16, 41, 101] },
    capNats: 4,
    source: 'Idea of Hu et al. (DIGGER), INFOCOM 2011: flux shows one pool everywhere, a CDN one per region',
    text: (features) =>
      `The sets that ${features.support(vantageOverlapId)} vantages collected overlap by ${percentOf(features.count(vantageOverlapId))} (Jaccard, mean over the pairs).`,
  }
}
