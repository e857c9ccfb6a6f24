// An NS or SOA answer of a look, with the observations that gave it. Decides when several authorities have given one answer.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'
import { isFirstHand } from './vantage-look.ts'
import type { VantageLook } from './vantage-look.ts'

export interface ZoneAnswer {
  readonly at: number
  /** Since the round began to ask; ms. */
  readonly delayMs: number
  /** Smallest and largest TTL of the records. */
  readonly ttlSeconds: number
  readonly ttlMaxSeconds: number
  /** Distinct, sorted, at least one: names of name servers, or the SOA's data. */
  readonly data: readonly string[]
}

export interface GivenZoneAnswer {
  readonly answer: ZoneAnswer
  /** At least one; more where several authorities said the same. */
  readonly observations: readonly Observation[]
}

/** The answers of a look; what several authorities say alike, on the same side of the zone cut, is one. */
export function distinctAnswers(
  { observations }: VantageLook,
  askedAt: number,
  recordsOf: (observation: Observation) => readonly ResourceRecord[],
): readonly GivenZoneAnswer[] {
  const given = observations.flatMap((observation) => {
    const records = recordsOf(observation)
    return records.length === 0 ? [] : [giveAnswer(observation, records, askedAt)]
  })
  const said = Map.groupBy(given, ({ answer, observations: [observation] }) =>
    [observation!.side, isFirstHand(observation!), ...answer.data].join(' '),
  )
  return [...said.values()].flatMap((same) => (isFirstHand(same[0]!.observations[0]!) ? [unite(same)] : same))
}

function giveAnswer(
  observation: Observation,
  records: readonly ResourceRecord[],
  askedAt: number,
): GivenZoneAnswer {
  const ttls = records.map((record) => record.ttlSeconds)
  return {
    observations: [observation],
    answer: {
      at: observation.at,
      delayMs: Math.max(0, observation.at - askedAt),
      ttlSeconds: Math.min(...ttls),
      ttlMaxSeconds: Math.max(...ttls),
      data: [...new Set(records.map((record) => record.data))].toSorted(),
    },
  }
}

function unite(same: readonly GivenZoneAnswer[]): GivenZoneAnswer {
  const answers = same.map(({ answer }) => answer)
  return {
    observations: same.flatMap(({ observations }) => observations),
    answer: {
      ...answers[0]!,
      ttlSeconds: Math.min(...answers.map(({ ttlSeconds }) => ttlSeconds)),
      ttlMaxSeconds: Math.max(...answers.map(({ ttlMaxSeconds }) => ttlMaxSeconds)),
    },
  }
}
