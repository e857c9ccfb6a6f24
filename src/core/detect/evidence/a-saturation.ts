// Still new addresses after many looks, or a pool that is known by now.
import { stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { percentOf } from '../prose-number.ts'

export const aSaturation: EvidenceRule = {
  id: 'a-saturation',
  about: 'addresses',
  feature: 'a_new_share_recent',
  unit: 'ratio',
  capNats: 2.5,
  source: 'Growth curves of Holz et al., NDSS 2008, section 4; steps hand-set, unvalidated',
  weigh(features) {
    const share = features.value('a_new_share_recent')
    if (share === null) return null
    const windows = features.support('a_new_share_recent')
    const weight = stepWeight(
      share,
      [
        [0.001, -Math.min(2.5, 0.3 * windows)],
        [0.03, -1],
        [0.08, 0],
        [0.3, 0.7],
      ],
      1,
    )
    return {
      weight,
      text: `Of the addresses in the latest ${windows} looks, ${share === 0 ? 'none' : percentOf(share)} had never been seen before.`,
    }
  },
}
