// What the published detectors say of the same members, at the end of the same watches.
import type { WatchRecord } from '../watch-record.ts'
import type { Share } from './share.ts'

export interface PanelRow {
  readonly detector: string
  /** Flux members flagged, of those on which the detector is defined. */
  readonly found: Share
  readonly falseAlarms: Share
  /** Members on which it is not defined: it has no opinion. */
  readonly undefined: Share
}

/** One row a detector, in the panel's order. */
export function panelRows(records: readonly Pick<WatchRecord, 'truth' | 'panel'>[]): PanelRow[] {
  const detectors = [...new Set(records.flatMap(({ panel }) => panel.map(({ detector }) => detector)))]
  return detectors.map((detector) => {
    const count = { found: 0, flux: 0, alarms: 0, benign: 0, undefined: 0 }
    for (const { truth, panel } of records) {
      const flags = panel.find((one) => one.detector === detector)?.flags ?? null
      if (flags === null) count.undefined += 1
      else if (truth.fluxType === null) {
        count.benign += 1
        if (flags) count.alarms += 1
      } else {
        count.flux += 1
        if (flags) count.found += 1
      }
    }
    return {
      detector,
      found: { count: count.found, total: count.flux },
      falseAlarms: { count: count.alarms, total: count.benign },
      undefined: { count: count.undefined, total: records.length },
    }
  })
}
