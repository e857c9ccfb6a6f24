// Unrelated networks behind the set, as one vantage sees them: a CDN shows each region its own servers, and one anycast
// owner announces from many ASNs.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const operatorsSign = ({ prefix, type }: Family): Sign => {
  const operatorsPerVantageId = `${prefix}_operators_per_vantage`
  return {
    id: `${prefix}-operators`,
    table: 'operators',
    about: 'addresses',
    feature: operatorsPerVantageId,
    unit: 'operators',
    edges: [2, 3, 4, 5, 6, 8, 12, 20, 40],
    stage: { feature: `${prefix}_addresses_per_vantage`, of: 'value', edges: [2, 3, 5, 8, 13, 21, 41, 81] },
    capNats: 5,
    source:
      'Holz et al., NDSS 2008 (7-8 ASNs decide its score), FluXOR (38 ASNs against 1.1); per vantage after DIGGER (Hu et al., 2011)',
    text: (features) =>
      `One vantage saw ${type} addresses of ${countOf(features.count(operatorsPerVantageId), 'network operator')} (${features.support(operatorsPerVantageId)} addresses of known operator).`,
  }
}
