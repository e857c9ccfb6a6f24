// The failures among a series' outcomes as bytes: the number of each kind, and how often it came.
import type { FailureKind } from '../dns/reply.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { NO_OUTCOMES } from './outcome-counts.ts'
import type { OutcomeCounts } from './outcome-counts.ts'

/** The numbers are the form: a new kind takes the next one. */
const NUMBERS: Readonly<Record<FailureKind, number>> = {
  timeout: 0,
  servfail: 1,
  refused: 2,
  formerr: 3,
  notimp: 4,
  rcode_other: 5,
  malformed: 6,
  tcp_failed: 7,
  lame: 8,
  unreachable_zone: 9,
  network: 10,
  http_error: 11,
  vantage_down: 12,
  throttled: 13,
  opted_out: 14,
}
const KINDS = Object.keys(NUMBERS) as readonly FailureKind[]

/** How many kinds came. */
export function kindsOfFailures(failures: OutcomeCounts['failures']): number {
  return failures === NO_OUTCOMES.failures ? 0 : Object.keys(failures).length
}

export function writeFailures(to: ByteWriter, failures: OutcomeCounts['failures']): void {
  for (const [kind, count] of Object.entries(failures)) {
    to.byte(NUMBERS[kind as FailureKind])
    to.count(count)
  }
}

/** In the order in which they were written. */
export function readFailures(from: ByteReader, kinds: number): OutcomeCounts['failures'] {
  if (kinds === 0) return NO_OUTCOMES.failures
  const failures: Partial<Record<FailureKind, number>> = {}
  for (let left = kinds; left > 0; left -= 1) {
    const kind = KINDS[from.byte()]!
    failures[kind] = from.count()
  }
  return failures
}
