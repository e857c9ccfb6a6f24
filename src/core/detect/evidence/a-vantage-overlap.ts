// One pool for everybody, or to each region its own.
import type { EvidenceRule } from '../evidence-rule.ts'
import { isMoving } from '../network-diversity.ts'
import { percentOf } from '../prose-number.ts'

export const aVantageOverlap: EvidenceRule = {
  id: 'a-vantage-overlap',
  about: 'addresses',
  feature: 'a_vantage_overlap',
  unit: 'ratio',
  capNats: 1,
  source: 'Idea of Hu et al. (DIGGER), INFOCOM 2011; weights hand-set, unvalidated',
  weigh(features) {
    const overlap = features.value('a_vantage_overlap')
    if (overlap === null) return null
    const vantages = features.support('a_vantage_overlap')
    if (overlap < 0.15) {
      return {
        weight: -1,
        text: `The ${vantages} vantages see different addresses (overlap ${percentOf(overlap)}), as with geographic answers.`,
      }
    }
    if (overlap < 0.5 || !isMoving(features)) return null
    return {
      weight: 0.8,
      text: `The ${vantages} vantages see one moving pool (overlap ${percentOf(overlap)}).`,
    }
  },
}
