// Wide answers of a moving set.
import type { EvidenceRule } from '../evidence-rule.ts'
import { isMoving, unrelatedNetworks } from '../network-diversity.ts'
import { toOneDecimal } from '../prose-number.ts'

export const aWidth: EvidenceRule = {
  id: 'a-width',
  about: 'addresses',
  feature: 'a_width_mean',
  unit: 'addresses',
  capNats: 0.5,
  source:
    'Flux mostly 5-10 addresses an answer (live rows of 2011), 6.3 % of benign names of 2020 have 5 or more; tempered by hand',
  weigh(features) {
    const width = features.value('a_width_mean')
    if (width === null || width < 5 || !isMoving(features) || unrelatedNetworks(features) < 4) return null
    return {
      weight: 0.5,
      text: `An answer carries ${toOneDecimal(width)} addresses on average, and the set moves.`,
    }
  },
}
