// Home connections or data centres, where the names of the AS owners tell.
import { shareOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const accessShareSign = ({ prefix, type }: Family): Sign => {
  const accessShareId = `${prefix}_access_share`
  return {
    id: `${prefix}-access-share`,
    table: 'access-share',
    about: 'addresses',
    feature: accessShareId,
    unit: 'ratio',
    edges: [0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97],
    stage: { feature: accessShareId, of: 'support', edges: [3, 5, 8, 16, 31, 81] },
    capNats: 7,
    source:
      'Perdisci et al., ACSAC 2009 (φ11), DSL remark of Holz et al., NDSS 2008; the word list is hand-written',
    text: (features) =>
      `${shareOf(features.count(accessShareId), features.support(accessShareId), `${type} addresses of known kind`)} sit with access providers, by the name of the AS owner.`,
  }
}
