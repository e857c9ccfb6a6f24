// Growth: how many addresses an independent look brings that the same vantage had never seen. Per vantage, so that a CDN
// that shows each region its own servers does not look as if it grew; over windows, so that bursts do not dilute it.
import { inBothFamilies } from './address-family.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/**
 * New addresses per window after the first: Σ (distinct − width of the first answer) ÷ Σ (windows − 1), over the vantages
 * (and hosts) that have a second window.
 *
 * Unit: addresses per window. Undefined before some vantage has a second window. Support: Σ (windows − 1).
 * Source: IP growth ratio (φ6) of Perdisci et al., ACSAC 2009; "after the first" and "per window" are ours.
 */
export function measureGrowth(pools: readonly Pool[]): Measured {
  let grown = 0
  let looks = 0
  for (const pool of pools) {
    for (const view of pool.views) {
      if (view.windows < 2) continue
      grown += Math.max(0, pool.countSeen(view) - view.firstWidth)
      looks += view.windows - 1
    }
  }
  return looks === 0 ? { value: null, support: 0 } : { value: grown / looks, support: looks }
}

const SOURCE =
  'IP growth ratio (φ6) of Perdisci et al., ACSAC 2009; beyond the first answer and per window is ours'

export const growth: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_growth`,
      unit: 'new addresses per window',
      meaning: `${type} addresses that an independent look brings and the same vantage had never seen.`,
      direction: 'flux',
      source: SOURCE,
      blindSpot:
        'It is a mean over the whole watch: what stopped long ago still grows a little, slow flux hardly.',
      measure: (view) => measureGrowth([pool(view)]),
    },
  ]),
  {
    id: 'ns_growth',
    unit: 'new addresses per window',
    meaning: 'The same for the addresses of the name servers, all of them together.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'Name servers move within hours to days, most windows bring nothing.',
    measure: (view) => measureGrowth(view.nameServers.map(({ pool }) => pool)),
  },
]
