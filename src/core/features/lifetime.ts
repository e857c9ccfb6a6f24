// How long an address that is gone had been shown. Home machines are switched off; servers stay.
import { toSecond } from '../series/seen-address.ts'
import { A } from './address-family.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { lowerMedian } from './per-vantage.ts'
import type { Pool } from './pool.ts'

/** Addresses that must be gone. */
const LEAST_GONE = 3

/**
 * From the first to the last sighting of an address that is gone, the median. Gone: in neither of the two latest windows of any
 * vantage that had seen it.
 *
 * Unit: seconds; 0 for an address that was seen once. Undefined until 3 are gone. Support: addresses gone.
 * Source: lifetimes after Holz et al., NDSS 2008, figures 8 and 9.
 */
export function measureLifetime(pool: Pool): Measured {
  const { vantages, ofMember } = pool.seats
  const goneBefore = vantages.map((vantage) => {
    const view = pool.views.find((one) => one.vantage === vantage)
    const before = view === undefined || view.recent.length < 2 ? null : view.windowBeforeAt
    // Addresses are remembered to the second.
    return toSecond(before ?? -Infinity)
  })
  // One list of seats for many members: when all its vantages have done without is found once.
  const bySeats = new Map<readonly number[], number>()
  let latest: readonly number[] | null = null
  let before = Infinity
  const lifetimes: number[] = []
  for (let index = 0; index < ofMember.length; index += 1) {
    const seats = ofMember[index]!
    if (seats !== latest) {
      latest = seats
      before =
        bySeats.get(seats) ?? seats.reduce((least, seat) => Math.min(least, goneBefore[seat]!), Infinity)
      bySeats.set(seats, before)
    }
    const { first, last } = pool.members[index]!
    if (last < before) lifetimes.push(last - first)
  }
  if (lifetimes.length < LEAST_GONE) return { value: null, support: lifetimes.length }
  return { value: Math.round(lowerMedian(lifetimes)! / 1000), support: lifetimes.length }
}

export const lifetime: readonly FeatureDefinition[] = [
  {
    id: 'a_lifetime_median',
    unit: 'seconds',
    meaning:
      'From the first to the last sighting of the A addresses that are gone, median; from 3 of them on.',
    direction: 'no_flux',
    source: 'Holz et al., NDSS 2008, figures 8 and 9',
    blindSpot:
      'A large pool that is drawn from at random looks short-lived too, until its addresses come back; the watch bounds it from above.',
    measure: (view) => measureLifetime(A.pool(view)),
  },
]
