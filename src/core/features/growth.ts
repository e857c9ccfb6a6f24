// Growth: how many addresses an independent look brings that the same vantage had never seen. Per vantage, so that a CDN
// that shows each region its own servers does not look as if it grew; over windows, so that bursts do not dilute it.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { PoolView } from './domain-view.ts'
import { estimateTotal } from '../series/bottom-k.ts'

/**
 * New addresses per window after the first: Σ (distinct − width of the first answer) ÷ Σ (windows − 1), over the vantages.
 *
 * Unit: addresses per window. Undefined before some vantage has a second window. Support: Σ (windows − 1).
 * Source: IP growth ratio (φ6) of Perdisci et al., ACSAC 2009; "after the first" and "per window" are ours.
 */
export function measureGrowth(pool: PoolView): Measured {
  let grown = 0
  let looks = 0
  for (const view of pool.views) {
    if (view.windows < 2) continue
    const held = pool.members.filter((member) => sawIt(member.vantages, view.vantage)).length
    grown += Math.max(0, estimateTotal(held, pool.sampledShare) - view.firstWidth)
    looks += view.windows - 1
  }
  return looks === 0 ? { value: null, support: 0 } : { value: grown / looks, support: looks }
}

function sawIt(vantages: readonly string[], vantage: string): boolean {
  return vantages.includes(vantage)
}

export const growth: readonly FeatureDefinition[] = [
  {
    id: 'a_growth',
    unit: 'new addresses per window',
    meaning: 'A addresses that an independent look brings and the same vantage had never seen.',
    measure: (view) => measureGrowth(view.a),
  },
  {
    id: 'aaaa_growth',
    unit: 'new addresses per window',
    meaning: 'The same for AAAA addresses.',
    measure: (view) => measureGrowth(view.aaaa),
  },
]
