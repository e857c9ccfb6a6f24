// Puts the observations of a round into one fixed order, so that a fold cannot depend on who answered first.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

/** By time, then by everything else that tells two observations apart, the records sorted. */
export function inFixedOrder(observations: readonly Observation[]): readonly Observation[] {
  if (observations.length < 2) return observations
  return observations
    .map((observation) => ({ observation, key: orderKey(observation) }))
    .toSorted((a, b) => a.observation.at - b.observation.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ observation }) => observation)
}

function orderKey(observation: Observation): string {
  const { vantage, qtype, qname, outcome, failure, answer, authority, additional, side, server } = observation
  const sections = [answer, authority, additional].flatMap((section) => [...sortedRecords(section), ''])
  const who = `${side ?? ''} ${server?.name ?? ''} ${server?.address ?? ''}`
  return [vantage, qtype, qname, outcome, failure ?? '', ...sections, who].join('\n')
}

function sortedRecords(records: readonly ResourceRecord[]): readonly string[] {
  return records.map(({ name, type, data, ttlSeconds }) => `${name} ${type} ${data} ${ttlSeconds}`).toSorted()
}
