// Whether the pool is still bringing new addresses after many looks: flux keeps growing, CDNs and round robin flatten.
import { RECENT_WINDOWS } from '../series/host-view.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { PoolView } from './domain-view.ts'

/** A vantage is asked only when it has this many windows after its first. */
const LEAST_WINDOWS = 4
/** The latest windows that are looked at, per vantage. */
const LATEST = RECENT_WINDOWS / 2

/**
 * Share of the addresses in the latest windows (at most 8 a vantage, never the first) that were new to their vantage.
 *
 * Unit: ratio 0…1. Undefined while no vantage has 4 windows after its first. Support: windows looked at.
 * Source: the flattening growth curves of Holz et al., NDSS 2008, section 4; this form is ours.
 * Blind spot: a slow network adds an address an hour and reads like a CDN here.
 */
export function measureRecentNewShare(pool: PoolView): Measured {
  let fresh = 0
  let sampled = 0
  let windows = 0
  for (const view of pool.views) {
    if (view.windows - 1 < LEAST_WINDOWS) continue
    const afterFirst = view.windows > view.recent.length ? view.recent : view.recent.slice(1)
    for (const window of afterFirst.slice(-LATEST)) {
      fresh += window.fresh
      sampled += window.sampled
      windows += 1
    }
  }
  return sampled === 0 ? { value: null, support: 0 } : { value: fresh / sampled, support: windows }
}

export const saturation: readonly FeatureDefinition[] = [
  {
    id: 'a_new_share_recent',
    unit: 'ratio',
    meaning: 'Share of the A addresses in the latest windows that were new to their vantage.',
    measure: (view) => measureRecentNewShare(view.a),
  },
]
