// Stalmans and Irwin's second spatial classifier: Geary's C of the addresses' time zones. The formula is in
// spatial-autocorrelation.ts.
import type { PanelDetector } from './panel-detector.ts'

export const stalmansGeary: PanelDetector = {
  detector: 'stalmans-2012-geary',
  computes: 'Geary’s C of the addresses’ time zones',
  threshold: 0,
  meaning:
    'Geary’s C of the time zones of the A addresses, weighted by inverse distance. Flags whatever is not 0, as the released code does: 0 is a pool in one place or of one time zone.',
  source:
    'Stalmans, Hunter, Irwin: Geo-spatial autocorrelation as a metric for the detection of Fast-Flux botnet domains, ISSA 2012; code staaldraad/fastfluxanalysis',
  blindSpot:
    'As Moran’s I: two time zones are enough, whoever they belong to; flux within one country is missed.',
  leftOut: 'As with Moran’s I.',
  measure: ({ autocorrelation: { geary } }) => geary,
}
