// Great-circle distances between the places of countries, worked out once for all pairs: spatial statistics ask for a thousand
// of them an assessment. Half a megabyte, built when first asked for.
import { COUNTRY_PLACES } from './country-places.ts'
import type { CountryPlace } from './country-places.ts'

/** Mean radius, as the released code of Stalmans has it. */
const EARTH_RADIUS_KM = 6371

let distances: Float64Array | undefined

/** Kilometres between two entries of COUNTRY_PLACES; 0 for the same point. */
export function countryDistanceKm(a: CountryPlace, b: CountryPlace): number {
  distances ??= measureAllPairs()
  return distances[a.row * COUNTRY_PLACES.size + b.row]!
}

function measureAllPairs(): Float64Array {
  const points = [...COUNTRY_PLACES.values()].map(unitVector)
  const all = new Float64Array(points.length ** 2)
  for (const [row, a] of points.entries()) {
    for (const [column, b] of points.entries()) all[row * points.length + column] = distanceKm(a, b)
  }
  return all
}

type Vector = readonly [number, number, number]

function unitVector({ latitude, longitude }: CountryPlace): Vector {
  const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180]
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)]
}

/** By the chord: exact for near points too, where the arc cosine is not. */
function distanceKm(a: Vector, b: Vector): number {
  const chord = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, chord / 2))
}
