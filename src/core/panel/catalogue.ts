// Published detectors as second opinions: shown beside the verdict, never part of it.
import type { PanelOpinion } from '../model/assessment.ts'
import type { FeatureTable } from '../features/feature-definition.ts'
import { holz2008 } from './holz-2008.ts'

const PANEL: readonly ((features: FeatureTable) => PanelOpinion)[] = [holz2008]

export function askPanel(features: FeatureTable): readonly PanelOpinion[] {
  return PANEL.map((opinion) => opinion(features))
}
