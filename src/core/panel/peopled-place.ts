// Addresses by the place of their country: what the spatial members of the panel work on. The work then grows with the
// countries (at most 250) and not with the addresses.
import { COUNTRY_PLACES } from '../net/country-places.ts'
import type { CountryPlace } from '../net/country-places.ts'
import type { Member } from '../features/pool.ts'

export interface PeopledPlace {
  readonly place: CountryPlace
  /** Addresses there; at least 1. */
  readonly count: number
}

/** One entry a country; addresses without a known country are left out. */
export function placesOf(members: readonly Member[]): readonly PeopledPlace[] {
  const byCountry = new Map<string, { place: CountryPlace; count: number }>()
  for (const { facts } of members) {
    if (facts.country === null) continue
    const held = byCountry.get(facts.country)
    if (held !== undefined) held.count += 1
    else {
      const place = COUNTRY_PLACES.get(facts.country)
      if (place !== undefined) byCountry.set(facts.country, { place, count: 1 })
    }
  }
  return [...byCountry.values()]
}
