// Whether the pool is still bringing new addresses after many looks: flux keeps growing, CDNs and round robin flatten.
import { RECENT_WINDOWS } from '../series/host-view.ts'
import type { HostView } from '../series/host-view.ts'
import { inBothFamilies } from './address-family.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/** A vantage is asked only when it has this many windows after its first. */
const LEAST_WINDOWS = 4
/** The latest windows that are looked at, per vantage. */
const LATEST = RECENT_WINDOWS / 2

/**
 * Share of the addresses in the latest windows (at most 8 a vantage, never the first) that were new to their vantage.
 *
 * Unit: ratio 0…1. Undefined while no vantage has 4 windows after its first. Support: windows looked at.
 * Source: the flattening growth curves of Holz et al., NDSS 2008, section 4; this form is ours.
 */
export function measureRecentNewShare(views: readonly HostView[]): Measured {
  let fresh = 0
  let sampled = 0
  let windows = 0
  for (const view of views) {
    if (view.windows - 1 < LEAST_WINDOWS) continue
    const first = view.windows > view.recent.length ? 0 : 1
    for (let index = Math.max(first, view.recent.length - LATEST); index < view.recent.length; index += 1) {
      fresh += view.recent[index]!.fresh
      sampled += view.recent[index]!.sampled
      windows += 1
    }
  }
  return sampled === 0 ? UNMEASURED : { value: fresh / sampled, support: windows }
}

const SOURCE = 'The flattening growth curves of Holz et al., NDSS 2008, section 4; this form is ours'

export const saturation: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_new_share_recent`,
      unit: 'ratio',
      meaning: `Share of the ${type} addresses in the latest windows that were new to their vantage.`,
      direction: 'flux',
      source: SOURCE,
      blindSpot: 'A slow network adds an address an hour and reads like a CDN here.',
      measure: (view) => measureRecentNewShare(pool(view).views),
    },
  ]),
  {
    id: 'ns_new_share_recent',
    unit: 'ratio',
    meaning: 'Share of the name servers’ addresses in the latest windows that were new to their vantage.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'The latest windows span less time than NS flux takes between two changes.',
    measure: (view) => measureRecentNewShare(view.nameServerPool.views),
  },
]
