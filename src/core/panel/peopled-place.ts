// Addresses by the place of their country: what the spatial members of the panel work on. The work then grows with the
// countries (at most 250) and not with the addresses.
import { COUNTRY_PLACES } from '../net/country-places.ts'
import type { CountryPlace } from '../net/country-places.ts'
import type { Holder } from '../features/holders.ts'

export interface PeopledPlace {
  readonly place: CountryPlace
  /** Addresses there; at least 1. */
  readonly count: number
}

/** One entry a country; addresses without a known country are left out. */
export function placesOf(holders: readonly Holder[]): readonly PeopledPlace[] {
  const byCountry = new Map<string, { place: CountryPlace; count: number }>()
  for (const { owner, count } of holders) {
    if (owner.country === null) continue
    const held = byCountry.get(owner.country)
    if (held !== undefined) held.count += count
    else {
      const place = COUNTRY_PLACES.get(owner.country)
      if (place !== undefined) byCountry.set(owner.country, { place, count })
    }
  }
  return [...byCountry.values()]
}
