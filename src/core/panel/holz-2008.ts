// The flux score of Holz, Gorecki, Rieck and Freiling, "Measuring and Detecting Fast-Flux Service Networks", NDSS 2008.
import type { PanelOpinion } from '../model/assessment.ts'
import type { FeatureTable } from '../features/feature-definition.ts'

const ADDRESS_WEIGHT = 1.32
const ASN_WEIGHT = 18.54
export const HOLZ_THRESHOLD = 142.38

/**
 * f = 1.32 · nA + 18.54 · nASN (the weight of nNS is 0); flux if f > 142.38. No unit.
 *
 * Rounded to two decimals, as the constants are.
 */
export function holzScore(addresses: number, asns: number): number {
  return Math.round((ADDRESS_WEIGHT * addresses + ASN_WEIGHT * asns) * 100) / 100
}

/**
 * The score over all A addresses and all their ASNs so far. Null without an ASN.
 * The paper's pre-filter (TTL under 1,800 s) is left out: through a cache the authority's TTL is not known.
 */
export function holz2008(features: FeatureTable): PanelOpinion {
  const asns = features.value('a_asns')
  const value = asns === null ? null : holzScore(features.count('a_addresses'), asns)
  return {
    detector: 'holz-2008',
    value,
    threshold: HOLZ_THRESHOLD,
    flags: value !== null && value > HOLZ_THRESHOLD,
  }
}
