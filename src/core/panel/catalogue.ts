// Published detectors as second opinions: shown beside the verdict, never part of it. In the order of their publication.
import type { DomainView } from '../features/domain-view.ts'
import type { FeatureTable } from '../features/feature-definition.ts'
import type { PanelOpinion } from '../model/assessment.ts'
import { edgednsRule } from './edgedns-rule.ts'
import { fluxbuster2012 } from './fluxbuster-2012.ts'
import { fluxor2008 } from './fluxor-2008.ts'
import { holz2008 } from './holz-2008.ts'
import { nazarioHolz2008 } from './nazario-holz-2008.ts'
import { PanelCase } from './panel-case.ts'
import { opinionOf } from './panel-detector.ts'
import type { PanelDetector } from './panel-detector.ts'
import { perdisci2009 } from './perdisci-2009.ts'
import { sac025 } from './sac-025.ts'
import { ssfdDistance } from './ssfd-distance.ts'
import { ssfdTimeZones } from './ssfd-time-zones.ts'
import { stalmansGeary } from './stalmans-geary.ts'
import { stalmansMoran } from './stalmans-moran.ts'
import { zeekHolz } from './zeek-holz.ts'

export const PANEL_CATALOGUE: readonly PanelDetector[] = [
  holz2008,
  sac025,
  fluxor2008,
  nazarioHolz2008,
  perdisci2009,
  ssfdTimeZones,
  ssfdDistance,
  fluxbuster2012,
  stalmansMoran,
  stalmansGeary,
  zeekHolz,
  edgednsRule,
]

/** One opinion of each detector, in the catalogue's order. */
export function askPanel(view: DomainView, table: FeatureTable): readonly PanelOpinion[] {
  const panelCase = new PanelCase(view, table)
  return PANEL_CATALOGUE.map((detector) => opinionOf(detector, panelCase))
}
