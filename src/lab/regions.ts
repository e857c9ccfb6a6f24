// Where an asker stands. Geographic answers and the simulated resolvers speak of three regions; a country belongs to one.

export type LabRegion = 'eu' | 'us' | 'asia'

export const LAB_REGIONS = ['eu', 'us', 'asia'] as const satisfies readonly LabRegion[]

const AMERICAS = new Set(['US', 'CA', 'MX', 'BR', 'AR', 'CO', 'CL', 'PE'])
const ASIA = new Set(['JP', 'KR', 'IN', 'VN', 'TH', 'ID', 'PH', 'SG', 'MY'])

/** Africa and the Near East are counted to `eu`, as their traffic mostly is. */
export function regionOfCountry(country: string): LabRegion {
  return AMERICAS.has(country) ? 'us' : ASIA.has(country) ? 'asia' : 'eu'
}

/**
 * Source prefixes of resolvers that ask the lab's authorities from a region. From the benchmarking block 198.18.0.0/15
 * (RFC 2544), which no simulated network uses. A resolver in a network namespace binds one address of these.
 */
export const RESOLVER_PREFIXES: Readonly<Record<LabRegion, string>> = {
  eu: '198.18.1.',
  us: '198.18.2.',
  asia: '198.18.3.',
}

/** The region of an asker by its source address; `eu` for everybody who is not in the table. */
export function regionOfAsker(address: string): LabRegion {
  return LAB_REGIONS.find((region) => address.startsWith(RESOLVER_PREFIXES[region])) ?? 'eu'
}
