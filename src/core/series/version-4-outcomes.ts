// Outcome counts as version 4 wrote them: a short row of JSON. Nothing writes it any more.
import type { OutcomeCounts } from './outcome-counts.ts'

/** The failures are left out while there are none. */
export type PackedOutcomes4 = readonly [
  answer: number,
  nodata: number,
  nxdomain: number,
  failures?: OutcomeCounts['failures'],
]

export function unpackOutcomes4([answer, nodata, nxdomain, failures = {}]: PackedOutcomes4): OutcomeCounts {
  return { answer, nodata, nxdomain, failures }
}
