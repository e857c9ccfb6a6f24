// Observations to fill a history with. Deterministic: the same numbers give the same row.
import type { StoredObservation } from '../../../src/core/model/observation.ts'

export const START = Date.UTC(2026, 0, 1)

/** Row `number` of a target: one a second, from the vantages and types in turn, each fourth a failure. */
export function sampleObservation(
  number: number,
  changes: Partial<StoredObservation> = {},
): StoredObservation {
  const target = changes.target ?? 'host:www.flux.example'
  const name = target.slice(target.indexOf(':') + 1)
  const vantage = ['quad9', 'google', 'direct'][number % 3]!
  const qtype = number % 2 === 0 ? 'A' : 'AAAA'
  const failed = number % 4 === 3
  return {
    id: `${target}/${number}/${vantage}/${qtype}`,
    target,
    round: number + 1,
    at: START + number * 1000,
    vantage,
    qname: name,
    qtype,
    outcome: failed ? 'failed' : 'answer',
    ...(failed ? { failure: 'timeout' as const } : {}),
    rcode: failed ? 'TIMEOUT' : 'NOERROR',
    rttMs: 10.5 + number,
    answer: failed ? [] : [{ name, type: qtype, ttlSeconds: 180, data: `192.0.2.${number % 256}` }],
    authority: failed
      ? []
      : [{ name: 'flux.example', type: 'NS', ttlSeconds: 300, data: 'ns1.flux.example' }],
    additional: failed
      ? []
      : [{ name: 'ns1.flux.example', type: 'A', ttlSeconds: 172_800, data: '198.51.100.1' }],
    ...changes,
  }
}

export function sampleObservations(
  count: number,
  changes: Partial<StoredObservation> = {},
): StoredObservation[] {
  return Array.from({ length: count }, (_, number) => sampleObservation(number, changes))
}
