// What a member of the panel is: a published way to tell flux from the rest, asked on what we saw.
import type { PanelOpinion } from '../model/assessment.ts'
import type { PanelCase } from './panel-case.ts'

export interface PanelDetector {
  /** Who and when, kebab case; the key in the verdict's `panel`. */
  readonly detector: string
  /** It flags when its value is greater than this. */
  readonly threshold: number
  /** What the value is, as a phrase that begins the sentence "… is 7, above 4.". */
  readonly computes: string
  /** What the value is and when it flags, and what we read into it where the source leaves something open. */
  readonly meaning: string
  readonly source: string
  readonly blindSpot: string
  /** Parts of the published detector that we cannot measure or know only in part; null when it is whole. */
  readonly leftOut: string | null
  /** The value; null where the detector is not defined on what was seen. */
  measure(panelCase: PanelCase): number | null
}

/** The opinion of one detector, with a sentence where it flags. The value is rounded for show, after it is compared. */
export function opinionOf(
  { detector, computes, threshold, measure }: PanelDetector,
  panelCase: PanelCase,
): PanelOpinion {
  const measured = measure(panelCase)
  const value = measured === null ? null : Math.round(measured * 1e4) / 1e4
  if (measured === null || measured <= threshold) return { detector, value, threshold, flags: false }
  return { detector, value, threshold, flags: true, text: `${computes} is ${value}, above ${threshold}.` }
}
