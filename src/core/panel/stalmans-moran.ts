// Stalmans and Irwin's first spatial classifier: Moran's I of the addresses' time zones. The formula is in
// spatial-autocorrelation.ts.
import type { PanelDetector } from './panel-detector.ts'

/** Any value but 0 flags, as in the released code: the value shown is |I|. */
export const stalmansMoran: PanelDetector = {
  detector: 'stalmans-2012-moran',
  computes: 'The absolute value of Moran’s I of the addresses’ time zones',
  threshold: 0,
  meaning:
    'Absolute value of Moran’s I of the time zones of the A addresses, weighted by inverse distance. Flags whatever is not 0, as the released code does: 0 is a pool in one place or of one time zone.',
  source:
    'Stalmans, Hunter, Irwin: Geo-spatial autocorrelation as a metric for the detection of Fast-Flux botnet domains, ISSA 2012; code staaldraad/fastfluxanalysis',
  blindSpot:
    'Flags every service with addresses in two time zones: CDNs, mirrors, NTP. Misses flux within one country.',
  leftOut:
    'The same index over UTM zones and over MGRS references; positions finer than a country. The released code’s integer mean is an exact one here.',
  measure: ({ autocorrelation: { moran } }) => (moran === null ? null : Math.abs(moran)),
}
