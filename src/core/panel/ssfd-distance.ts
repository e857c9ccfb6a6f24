// SSFD's minimal service distance (Huang, Mao, Lee, ASIACCS 2010): how far each address is from the nearest name server.
// No cut is printed; benign names have "about 0", so that whatever is above 0 flags.
import type { CountryPlace } from '../net/country-places.ts'
import type { PanelDetector } from './panel-detector.ts'
import type { PeopledPlace } from './peopled-place.ts'

export interface ServiceDistance {
  readonly mean: number
  /** Of all addresses, not of a sample of them. */
  readonly sd: number
}

/**
 * Mean and standard deviation, over the addresses, of the Euclidean distance in latitude and longitude to the nearest name
 * server. Unit: degrees. Null when one of the two has no place. No wrap at the date line: the paper's formula is the plain one.
 */
export function minimalServiceDistance(
  addresses: readonly PeopledPlace[],
  nameServers: readonly PeopledPlace[],
): ServiceDistance | null {
  if (addresses.length === 0 || nameServers.length === 0) return null
  let total = 0
  let sum = 0
  let squares = 0
  for (const { place, count } of addresses) {
    const nearest = degreesApart(place, nearestOf(nameServers, place))
    total += count
    sum += count * nearest
    squares += count * nearest * nearest
  }
  const mean = sum / total
  // One place has no spread; the difference of two large sums would not say so exactly.
  const variance = addresses.length === 1 ? 0 : Math.max(0, squares / total - mean * mean)
  return { mean, sd: Math.sqrt(variance) }
}

/** By the square of the distance, which is as good for comparing and costs no root. */
function nearestOf(servers: readonly PeopledPlace[], { latitude, longitude }: CountryPlace): CountryPlace {
  let nearest = servers[0]!.place
  let least = Infinity
  for (let index = 0; index < servers.length; index += 1) {
    const { place } = servers[index]!
    const square = (place.latitude - latitude) ** 2 + (place.longitude - longitude) ** 2
    if (square < least) {
      least = square
      nearest = place
    }
  }
  return nearest
}

function degreesApart(a: CountryPlace, b: CountryPlace): number {
  return Math.hypot(a.latitude - b.latitude, a.longitude - b.longitude)
}

export const ssfdDistance: PanelDetector = {
  detector: 'ssfd-2010-distance',
  computes: 'The standard deviation in degrees of the distances to the nearest name server',
  threshold: 0,
  meaning:
    'Standard deviation in degrees of the distance from each A address to the nearest name server. Flags above 0: the paper prints no cut, says that benign names have about 0, and gives 66 for its flux example. A deviation above 0 implies a mean above 0. Addresses and name servers are where their countries are.',
  source:
    'Huang, Mao, Lee: Fast-flux service network detection based on spatial snapshot mechanism, ASIACCS 2010',
  blindSpot:
    'Double flux whose name servers are in every country of its agents; flux in one country. Any site served from two countries flags unless its name servers are in both.',
  leftOut: 'The Bayesian network over all features, of which this is one. Positions finer than a country.',
  measure(panelCase) {
    const { addressPlaces } = panelCase
    if (addressPlaces.length === 0) return null
    return minimalServiceDistance(addressPlaces, panelCase.nameServerPlaces)?.sd ?? null
  },
}
