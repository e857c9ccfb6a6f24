// Puts the observations of a round into one fixed order, so that a fold cannot depend on who answered first.
import type { Observation } from '../model/observation.ts'

/** By time, then by everything else that tells two observations apart, the records sorted. */
export function inFixedOrder(observations: readonly Observation[]): readonly Observation[] {
  if (observations.length < 2) return observations
  return observations
    .map((observation) => ({ observation, key: orderKey(observation) }))
    .toSorted((a, b) => a.observation.at - b.observation.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ observation }) => observation)
}

function orderKey({ vantage, qtype, qname, outcome, failure, answer }: Observation): string {
  const records = answer.map((record) => `${record.type} ${record.data} ${record.ttlSeconds}`).toSorted()
  return [vantage, qtype, qname, outcome, failure ?? '', ...records].join('\n')
}
