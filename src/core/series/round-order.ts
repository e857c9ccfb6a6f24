// Puts the observations of a round into one fixed order, so that a fold cannot depend on who answered first.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

/** By time, then by everything else that tells two observations apart, the records sorted. */
export function inFixedOrder(observations: readonly Observation[]): readonly Observation[] {
  if (isInOrderOfTime(observations)) return observations
  const keys = new Map<Observation, string>()
  return observations.toSorted((a, b) => a.at - b.at || compareKeys(a, b, keys))
}

/** Each later than the one before: then nothing else counts. */
function isInOrderOfTime(observations: readonly Observation[]): boolean {
  for (let index = 1; index < observations.length; index += 1)
    if (observations[index]!.at <= observations[index - 1]!.at) return false
  return true
}

/** Keys are made only for those that nothing else tells apart. */
function compareKeys(a: Observation, b: Observation, keys: Map<Observation, string>): number {
  // The vantage, then the type, each with what comes after it, is what a key begins with.
  if (a.vantage !== b.vantage) return `${a.vantage}\n` < `${b.vantage}\n` ? -1 : 1
  if (a.qtype !== b.qtype) return `${a.qtype}\n` < `${b.qtype}\n` ? -1 : 1
  const one = keyOf(a, keys)
  const other = keyOf(b, keys)
  return one < other ? -1 : one > other ? 1 : 0
}

function keyOf(observation: Observation, keys: Map<Observation, string>): string {
  let key = keys.get(observation)
  if (key === undefined) keys.set(observation, (key = orderKey(observation)))
  return key
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
