// An address answer of a look, with the observations that gave it. Decides when several authorities have given one answer;
// whether it is fresh is decided in host-series.ts.
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
  return observations.flatMap((observation): GivenAnswer[] => {
    const records = observation.answer.filter((record) => record.type === type)
    if (observation.outcome !== 'answer' || records.length === 0) return []
    const answer = {
      at: observation.at,
      delayMs: Math.max(0, observation.at - askedAt),
      addresses: [...new Set(records.map((record) => record.data))].toSorted(),
      ttlSeconds: Math.min(...records.map((record) => record.ttlSeconds)),
    }
    return [{ answer, givenBy: [observation] }]
  })
}

/** The same addresses from several authorities are one answer, with the earliest time and the smallest TTL. */
export function oncePerSet(given: readonly GivenAnswer[]): readonly GivenAnswer[] {
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
  const ways = givenBy.map(
    ({ answer: records }) =>
      new Set(records.filter((record) => record.type === 'CNAME').map((record) => record.data)),
  )
  return [...new Set(ways.flatMap((way) => [...way]))].map((key) => ({
    key,
    first: answer.at,
    last: answer.at,
    count: 1,
    uses: isFresh && ways.every((way) => way.has(key)) ? [{ vantage, type, freshAnswers: 1 }] : [],
  }))
}
