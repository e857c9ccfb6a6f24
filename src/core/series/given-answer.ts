// An address answer of a look, with the observations that gave it. Decides when several authorities have given one answer;
// whether it is fresh is decided in host-series.ts.
import { distinctSorted } from './distinct-sorted.ts'
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'
import type { AddressType, HostAnswer } from './host-view.ts'
import type { SeenAlias } from './seen-alias.ts'
import type { VantageLook } from './vantage-look.ts'

export interface GivenAnswer {
  readonly answer: HostAnswer
  /** At least one; more where several authorities said the same. */
  readonly givenBy: readonly Observation[]
}

/** The observations of a look that carry addresses, in its order. `askedAt`: when the round began to ask, ms. */
export function addressAnswers(
  { observations }: VantageLook,
  type: AddressType,
  askedAt: number,
): readonly GivenAnswer[] {
  const given: GivenAnswer[] = []
  for (const observation of observations) {
    const answer = observation.outcome === 'answer' ? readAnswer(observation, type, askedAt) : null
    if (answer !== null) given.push({ answer, givenBy: [observation] })
  }
  return given
}

function readAnswer({ at, answer }: Observation, type: AddressType, askedAt: number): HostAnswer | null {
  const addresses: string[] = []
  let ttlSeconds = Infinity
  for (const record of answer) {
    if (record.type !== type) continue
    addresses.push(record.data)
    if (record.ttlSeconds < ttlSeconds) ttlSeconds = record.ttlSeconds
  }
  if (addresses.length === 0) return null
  return { at, delayMs: Math.max(0, at - askedAt), addresses: distinctSorted(addresses), ttlSeconds }
}

/** The same addresses from several authorities are one answer, with the earliest time and the smallest TTL. */
export function oncePerSet(given: readonly GivenAnswer[]): readonly GivenAnswer[] {
  if (given.length < 2) return given
  return [...Map.groupBy(given, ({ answer }) => answer.addresses.join(' ')).values()].map((same) => ({
    answer: {
      ...same[0]!.answer,
      ttlSeconds: Math.min(...same.map(({ answer }) => answer.ttlSeconds)),
    },
    givenBy: same.flatMap(({ givenBy }) => givenBy),
  }))
}

/** The CNAME targets of an answer. One counts as the way to it only when all who gave the answer led through it. */
export function aliasesOf(
  { answer, givenBy }: GivenAnswer,
  vantage: string,
  type: AddressType,
  isFresh: boolean,
): readonly SeenAlias[] {
  if (!givenBy.some(({ answer: records }) => records.some(isAlias))) return NO_ALIASES
  const ways = givenBy.map(
    ({ answer: records }) => new Set(records.filter(isAlias).map((record) => record.data)),
  )
  return [...new Set(ways.flatMap((way) => [...way]))].map((key) => ({
    key,
    first: answer.at,
    last: answer.at,
    count: 1,
    uses: isFresh && ways.every((way) => way.has(key)) ? [{ vantage, type, freshAnswers: 1 }] : [],
  }))
}

const NO_ALIASES: readonly SeenAlias[] = []

function isAlias({ type }: ResourceRecord): boolean {
  return type === 'CNAME'
}
