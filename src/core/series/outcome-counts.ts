// How often each outcome came. The failures that are our own doing are counted apart: they say nothing about the name.
import { isOwnFailure } from '../dns/reply.ts'
import type { FailureKind, Outcome } from '../dns/reply.ts'

export interface OutcomeCounts {
  readonly answer: number
  readonly nodata: number
  readonly nxdomain: number
  /** By kind, our own included; kinds that never came are absent. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>
}

export const NO_OUTCOMES: OutcomeCounts = { answer: 0, nodata: 0, nxdomain: 0, failures: {} }

export function countOutcome(
  counts: OutcomeCounts,
  outcome: Outcome,
  failure: FailureKind | undefined,
): OutcomeCounts {
  if (outcome !== 'failed') {
    const { answer, nodata, nxdomain, failures } = counts
    return {
      answer: outcome === 'answer' ? answer + 1 : answer,
      nodata: outcome === 'nodata' ? nodata + 1 : nodata,
      nxdomain: outcome === 'nxdomain' ? nxdomain + 1 : nxdomain,
      failures,
    }
  }
  const kind = failure ?? 'rcode_other'
  const failures = { ...counts.failures, [kind]: (counts.failures[kind] ?? 0) + 1 }
  return { ...counts, failures: sortedByKind(failures) }
}

/** Failures of the name's resolution (time-outs, SERVFAIL, …), without our own. */
export function targetFailures(counts: OutcomeCounts): number {
  return sumFailures(counts, (kind) => !isOwnFailure(kind))
}

/** Failures that are our own doing (no network, vantage down, throttled, opted out). */
export function ownFailures(counts: OutcomeCounts): number {
  return sumFailures(counts, isOwnFailure)
}

/** Outcomes that say something about the name: everything but our own failures. */
export function usableOutcomes(counts: OutcomeCounts): number {
  return counts.answer + counts.nodata + counts.nxdomain + targetFailures(counts)
}

function sumFailures(counts: OutcomeCounts, wanted: (kind: FailureKind) => boolean): number {
  let sum = 0
  for (const [kind, count] of Object.entries(counts.failures)) if (wanted(kind as FailureKind)) sum += count
  return sum
}

/** The same counts always make the same object, whatever came first. */
function sortedByKind(failures: OutcomeCounts['failures']): OutcomeCounts['failures'] {
  return Object.fromEntries(Object.entries(failures).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
