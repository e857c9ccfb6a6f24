// Still new addresses after many looks, or a pool that is known by now.
import { percentOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const saturationSign = ({ prefix, type }: Family): Sign => ({
  id: `${prefix}-saturation`,
  table: 'saturation',
  about: 'addresses',
  feature: `${prefix}_new_share_recent`,
  unit: 'ratio',
  edges: [0.001, 0.03, 0.08, 0.2, 0.4, 0.7],
  stage: { feature: `${prefix}_windows`, of: 'value', edges: [16, 31, 61, 150, 600] },
  capNats: 5,
  source: 'Growth curves of Holz et al., NDSS 2008, section 4 (CDNs flatten)',
  text: (features) =>
    `Of the ${type} addresses in the latest ${features.support(`${prefix}_new_share_recent`)} looks, ${features.count(`${prefix}_new_share_recent`) === 0 ? 'none' : percentOf(features.count(`${prefix}_new_share_recent`))} had never been seen before.`,
})
