// How one answer follows from the one before. Agents stay until they die and do not come back: new ones replace them one
// by one. A pool that draws at random shows hardly anything twice in a row, and everything again later.
import type { HostView } from '../series/host-view.ts'
import { inBothFamilies } from './address-family.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

interface Succession {
  readonly sampled: number
  readonly continuing: number
  readonly returning: number
  readonly windows: number
}

/** Counts over the remembered windows of all vantages, the first of each left out. */
export function countSuccession(views: readonly HostView[]): Succession {
  let sampled = 0
  let continuing = 0
  let returning = 0
  let windows = 0
  for (const view of views) {
    const skipped = view.windows > view.recent.length ? 0 : 1
    for (let index = skipped; index < view.recent.length; index += 1) {
      const window = view.recent[index]!
      sampled += window.sampled
      continuing += window.continuing
      returning += window.sampled - window.continuing - window.fresh
      windows += 1
    }
  }
  return { sampled, continuing, returning, windows }
}

/**
 * Share of the addresses in a window that were in the window before too (support: windows). Undefined before a second window.
 * Source: lifetimes and recurrence after Holz et al., NDSS 2008, figures 8 and 9; this form is ours.
 */
export function measureContinuing(views: readonly HostView[]): Measured {
  const { sampled, continuing, windows } = countSuccession(views)
  return sampled === 0 ? UNMEASURED : { value: continuing / sampled, support: windows }
}

/**
 * Share of the addresses in a window that the vantage had seen before, yet not in the window before: they were away and have come back.
 * Unit: ratio 0…1. Support: windows.
 */
export function measureReturning(views: readonly HostView[]): Measured {
  const { sampled, returning, windows } = countSuccession(views)
  return sampled === 0 ? UNMEASURED : { value: returning / sampled, support: windows }
}

const SOURCE = 'Recurrence after Holz et al., NDSS 2008, figures 8 and 9; this form is ours'

export const recurrence: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }): FeatureDefinition[] => [
    {
      id: `${prefix}_continuing_share`,
      unit: 'ratio',
      meaning: `Share of the ${type} addresses in a window that were in the window before too.`,
      direction: 'either',
      source: SOURCE,
      blindSpot: 'Flux of one address an answer shows nothing twice in a row, as a volunteer pool does.',
      measure: (view) => measureContinuing(pool(view).views),
    },
    {
      id: `${prefix}_returning_share`,
      unit: 'ratio',
      meaning: `Share of the ${type} addresses in a window that had been seen, were gone, and came back.`,
      direction: 'no_flux',
      source: SOURCE,
      blindSpot:
        'Botnets with a small pool, or with machines that return each evening, show addresses again.',
      measure: (view) => measureReturning(pool(view).views),
    },
  ]),
  {
    id: 'ns_continuing_share',
    unit: 'ratio',
    meaning: 'Share of the name servers’ addresses in a window that were in the window before too.',
    direction: 'no_flux',
    source: SOURCE,
    blindSpot: 'Only the latest 16 windows of each vantage: a change a week ago is forgotten.',
    measure: (view) => measureContinuing(view.nameServerPool.views),
  },
]
