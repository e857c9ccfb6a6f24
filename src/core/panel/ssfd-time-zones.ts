// SSFD's time-zone entropy (Huang, Mao, Lee, ASIACCS 2010). The paper feeds it into a Bayesian network whose tables it does not
// print; we flag above 1.00, the value that it gives for a benign multi-zone CDN as its counter-example.
import type { PanelDetector } from './panel-detector.ts'
import type { PeopledPlace } from './peopled-place.ts'

const CDN_EXAMPLE = 1

/** Shannon entropy of the addresses over their UTC offsets. Unit: bit. Null without an address. */
export function timeZoneEntropy(places: readonly PeopledPlace[]): number | null {
  if (places.length === 0) return null
  if (places.length === 1) return 0
  const byOffset = new Map<number, number>()
  let total = 0
  for (const { place, count } of places) {
    total += count
    byOffset.set(place.utcOffsetMinutes, (byOffset.get(place.utcOffsetMinutes) ?? 0) + count)
  }
  let entropy = 0
  for (const count of byOffset.values()) entropy -= (count / total) * Math.log2(count / total)
  return Math.max(0, entropy)
}

export const ssfdTimeZones: PanelDetector = {
  detector: 'ssfd-2010-time-zones',
  computes: 'The time-zone entropy of the addresses in bits',
  threshold: CDN_EXAMPLE,
  meaning:
    'Entropy in bits of the A addresses over time zones. Flags above 1.00, what the paper shows for a benign CDN (its flux example: 3.12); the paper itself prints no cut. Time zones are those of the countries.',
  source:
    'Huang, Mao, Lee: Fast-flux service network detection based on spatial snapshot mechanism, ASIACCS 2010',
  blindSpot: 'Flux within one country or one time zone; world-wide CDNs and volunteer pools look the same.',
  leftOut:
    'The entropy of the name servers, the counts of A and additional records, and the Bayesian network over all features. Time zones inside of large countries.',
  measure: ({ addressPlaces }) => timeZoneEntropy(addressPlaces),
}
