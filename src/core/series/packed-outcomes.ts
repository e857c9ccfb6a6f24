// Outcome counts as a short row for JSON.
import type { OutcomeCounts } from './outcome-counts.ts'

/** The failures are left out while there are none. */
export type PackedOutcomes = readonly [
  answer: number,
  nodata: number,
  nxdomain: number,
  failures?: OutcomeCounts['failures'],
]

export function packOutcomes({ answer, nodata, nxdomain, failures }: OutcomeCounts): PackedOutcomes {
  const counts = [answer, nodata, nxdomain] as const
  return Object.keys(failures).length === 0 ? counts : [...counts, failures]
}

export function unpackOutcomes([answer, nodata, nxdomain, failures = {}]: PackedOutcomes): OutcomeCounts {
  return { answer, nodata, nxdomain, failures }
}
