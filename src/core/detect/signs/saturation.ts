// Still new addresses after many looks, or a pool that is known by now.
import { percentOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const saturationSign = ({ prefix, type }: Family): Sign => {
  const newShareRecentId = `${prefix}_new_share_recent`
  return {
    id: `${prefix}-saturation`,
    table: 'saturation',
    about: 'addresses',
    feature: newShareRecentId,
    unit: 'ratio',
    edges: [0.001, 0.03, 0.08, 0.2, 0.4, 0.7],
    stage: { feature: `${prefix}_windows`, of: 'value', edges: [16, 31, 61, 150, 600] },
    capNats: 5,
    source: 'Growth curves of Holz et al., NDSS 2008, section 4 (CDNs flatten)',
    text: (features) =>
      `Of the ${type} addresses in the latest ${features.support(newShareRecentId)} looks, ${features.count(newShareRecentId) === 0 ? 'none' : percentOf(features.count(newShareRecentId))} had never been seen before.`,
  }
}
