// Moran's I and Geary's C over the places of a pool: whether addresses that are near each other keep the same time.
// The two share one pass over the pairs of places; who flags on which is stalmans-moran.ts and stalmans-geary.ts.
import { countryDistanceKm } from '../net/country-distance.ts'
import type { CountryPlace } from '../net/country-places.ts'
import type { PeopledPlace } from './peopled-place.ts'

export interface Autocorrelation {
  /** Null without a place; 0 where it is not defined (all in one place, or all with the same value), as the released code has it. */
  readonly moran: number | null
  readonly geary: number | null
}

const NO_PLACES: Autocorrelation = { moran: null, geary: null }
const ONE_PLACE: Autocorrelation = { moran: 0, geary: 0 }

/**
 * With N addresses, x the value of an address, m their mean and w the inverse distance of two addresses (0 at one place):
 *
 *   I = N · Σᵢⱼ wᵢⱼ (xᵢ − m)(xⱼ − m) ÷ (Σᵢⱼ wᵢⱼ · Σᵢ (xᵢ − m)²)
 *   C = (N − 1) · Σᵢⱼ wᵢⱼ (xᵢ − xⱼ)² ÷ (2 · Σᵢⱼ wᵢⱼ · Σᵢ (xᵢ − m)²)
 *
 * No unit. Addresses of one place are taken together, so that the work grows with the places (at most 250) and not with the
 * addresses.
 * Source: Stalmans and Irwin, ISSA 2012; their released code (staaldraad/fastfluxanalysis, Geolocate.py), whose mean is an
 * integer by accident of its language; ours is exact.
 */
export function measureAutocorrelation(places: readonly PeopledPlace[]): Autocorrelation {
  if (places.length === 0) return NO_PLACES
  if (places.length === 1) return ONE_PLACE
  const values = places.map(({ place }) => timeValue(place))
  let total = 0
  let sum = 0
  for (const [index, { count }] of places.entries()) {
    total += count
    sum += count * values[index]!
  }
  const mean = sum / total
  let spread = 0
  for (const [index, { count }] of places.entries()) spread += count * (values[index]! - mean) ** 2
  if (spread === 0) return ONE_PLACE
  // Over each pair once; both directions weigh the same, so that the factor 2 falls out of I, and C has only half of it.
  let weights = 0
  let products = 0
  let differences = 0
  for (let i = 0; i < places.length; i += 1) {
    const { place, count } = places[i]!
    const value = values[i]!
    for (let j = i + 1; j < places.length; j += 1) {
      const other = places[j]!
      const distance = countryDistanceKm(place, other.place)
      if (distance === 0) continue
      const weight = (count * other.count) / distance
      const difference = value - values[j]!
      weights += weight
      products += weight * (value - mean) * (values[j]! - mean)
      differences += weight * (difference * difference)
    }
  }
  if (weights === 0) return ONE_PLACE
  return {
    moran: (total * products) / (weights * spread),
    geary: ((total - 1) * differences) / (2 * weights * spread),
  }
}

/** The released code's value of a time zone: its offset as a number hhmm without the sign, × 100. */
export function timeValue({ utcOffsetMinutes }: CountryPlace): number {
  const minutes = Math.abs(utcOffsetMinutes)
  return (Math.floor(minutes / 60) * 100 + (minutes % 60)) * 100
}
