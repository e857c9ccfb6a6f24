// Which parts a packed observation has, as the bits of one number. What is common stands in the low bits, so that the number of most
// observations is two bytes long. The values are the form: they never change within a version.
import type { Outcome } from '../dns/reply.ts'
import type { Freshness } from '../model/observation.ts'

/** Two bits. */
export const OUTCOME_BITS: Readonly<Record<Outcome, number>> = {
  answer: 0,
  nodata: 1,
  nxdomain: 2,
  failed: 3,
}
export const OUTCOMES: readonly Outcome[] = ['answer', 'nodata', 'nxdomain', 'failed']

/** Bits of what may be absent; `undefined` is no bit. */
export const FRESHNESS_BITS: Readonly<Record<Freshness, number>> = { fresh: 1 << 2, cached: 1 << 3 }
export const AUTHORITATIVE_BITS = { false: 1 << 7, true: 1 << 8 } as const
export const SIDE_BITS = { parent: 1 << 12, child: 1 << 13 } as const

export const SHAPE = {
  outcome: 3,
  /** Another round than the observation before: its target, number and start follow. */
  newRound: 1 << 4,
  answer: 1 << 5,
  /** Absent: NOERROR. */
  rcode: 1 << 6,
  authority: 1 << 9,
  additional: 1 << 10,
  server: 1 << 11,
  failure: 1 << 14,
  clientSubnetScope: 1 << 15,
  extendedErrors: 1 << 16,
  /** The time is no whole number of ms, or too far from the one before: it stands as a double. */
  oddTime: 1 << 17,
  /** The round trip is no whole number of µs: it stands as a double. */
  oddRtt: 1 << 18,
  /** The id goes on after what the observation tells. */
  idSuffix: 1 << 19,
  /** The id is another than the observation tells: it stands in full. */
  ownId: 1 << 20,
} as const
