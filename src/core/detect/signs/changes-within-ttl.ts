// Answers that differ although the earlier one was still valid: the zone itself rotates, no cache ran out.
import { percentOf } from '../prose-number.ts'
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const changesWithinTtlSign = ({ prefix, type }: Family): Sign => {
  const changesWithinTtlId = `${prefix}_changes_within_ttl`
  return {
    id: `${prefix}-changes-within-ttl`,
    table: 'changes-within-ttl',
    about: 'addresses',
    feature: changesWithinTtlId,
    unit: 'ratio',
    edges: [0.001, 0.1, 0.3, 0.6, 0.9],
    stage: { feature: changesWithinTtlId, of: 'support', edges: [3, 8, 20] },
    capNats: 3,
    source: 'Konte et al., PAM 2009: fluxing sets change faster than their TTL',
    text: (features) =>
      `${percentOf(features.count(changesWithinTtlId))} of ${countOf(features.support(changesWithinTtlId), 'comparison')} showed other ${type} addresses while the answer before was still valid.`,
  }
}
