// The flux score of Holz, Gorecki, Rieck and Freiling, "Measuring and Detecting Fast-Flux Service Networks", NDSS 2008.
import type { PanelDetector } from './panel-detector.ts'

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

export const holz2008: PanelDetector = {
  detector: 'holz-2008',
  computes: 'The score 1.32 × addresses + 18.54 × ASNs',
  threshold: HOLZ_THRESHOLD,
  meaning: '1.32 × A addresses + 18.54 × their ASNs, over everything seen so far. Flags above 142.38.',
  source: 'Holz et al.: Measuring and Detecting Fast-Flux Service Networks, NDSS 2008',
  blindSpot:
    'In effect "eight ASNs, or seven and ten addresses": flags volunteer pools, misses flux inside of a few ASNs. Never weighs time or name servers.',
  leftOut:
    'The pre-filter by a TTL under 1,800 s, because through a cache the authority’s TTL is not known; and the two look-ups one TTL apart: all look-ups count.',
  measure({ table }) {
    const asns = table.value('a_asns')
    return asns === null ? null : holzScore(table.count('a_addresses'), asns)
  },
}
