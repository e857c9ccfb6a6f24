// Growth of the AAAA set. Counts in full for names without A addresses, else as an echo of the A set.
import { countOf, stepWeight } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { MOVING_GROWTH } from '../network-diversity.ts'
import { toOneDecimal } from '../prose-number.ts'

export const aaaaGrowth: EvidenceRule = {
  id: 'aaaa-growth',
  about: 'addresses',
  feature: 'aaaa_growth',
  unit: 'new addresses per window',
  capNats: 2.5,
  source:
    'The A rule applied to AAAA; no published measurement of flux in AAAA was found; hand-set, unvalidated',
  weigh(features) {
    const growth = features.value('aaaa_growth')
    if (growth === null) return null
    const looks = features.support('aaaa_growth')
    const echo = features.count('a_addresses') === 0 ? 1 : 0.4
    const standing = Math.min(2.5, 0.5 * looks)
    const several = (features.value('aaaa_operators_per_vantage') ?? 0) >= 4
    const moving = several && features.count('aaaa_slash48s') >= 4 ? 2 * Math.min(1, looks / 3) : 0
    return {
      weight: echo * stepWeight(growth, [[MOVING_GROWTH, -standing]], moving),
      text: `Each later look brought ${toOneDecimal(growth)} new IPv6 addresses on average (${countOf(looks, 'look')}, ${countOf(features.count('aaaa_slash48s'), '/48 network')}).`,
    }
  },
}
