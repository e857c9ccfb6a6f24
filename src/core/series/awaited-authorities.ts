// Which authorities owe a first answer: a vantage that asks all of a zone's authorities begins with those that answer. Where
// each has answers of its own (by region), one that was silent at the first look shows at a later one what was there from
// the beginning; that is no change. Decides this once for each authority of the first look, and for no other: the first
// answer of an authority that comes later is news.
import { stableHash } from './stable-hash.ts'
import type { Observation } from '../model/observation.ts'
import type { VantageLook } from './vantage-look.ts'

/** Authorities remembered; more than the direct vantage asks about a host. */
export const AWAITED_LIMIT = 32

/** Hashes of the authorities' addresses, sorted. */
export type AwaitedAuthorities = readonly number[]

/** Those of a first look that failed. */
export function awaitedAtFirst({ observations }: VantageLook): AwaitedAuthorities {
  const failed = observations.filter(({ outcome }) => outcome === 'failed').flatMap(authorityOf)
  return stillAwaited(
    [...new Set(failed)].toSorted((a, b) => a - b),
    observations,
  ).slice(0, AWAITED_LIMIT)
}

/** Those that have still not answered after a look. */
export function awaitedAfter(awaited: AwaitedAuthorities, { observations }: VantageLook): AwaitedAuthorities {
  return awaited.length === 0 ? awaited : stillAwaited(awaited, observations)
}

/** Whether an answer comes only from authorities that were awaited. */
export function isBelated(awaited: AwaitedAuthorities, givenBy: readonly Observation[]): boolean {
  return (
    awaited.length > 0 &&
    givenBy.every((observation) => authorityOf(observation).some((one) => awaited.includes(one)))
  )
}

function stillAwaited(awaited: AwaitedAuthorities, observations: readonly Observation[]): AwaitedAuthorities {
  const answered = new Set(observations.filter(({ outcome }) => outcome !== 'failed').flatMap(authorityOf))
  return awaited.filter((one) => !answered.has(one))
}

function authorityOf({ server }: Observation): number[] {
  return server === undefined ? [] : [stableHash(server.address)]
}
