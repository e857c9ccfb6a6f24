// Assessments written by hand, so that what is explained does not hang on the model.
import type { Assessment, Evidence, Feature } from '../../../src/core/model/assessment.ts'

export const AS_OF = Date.UTC(2026, 10, 22, 12)

/** `value`, or [value, support]. */
export type Values = Readonly<
  Record<string, number | null | readonly [value: number | null, support: number]>
>

export function features(values: Values): readonly Feature[] {
  return Object.entries(values).map(([id, given]) => {
    const [value, support] = Array.isArray(given) ? (given as [number | null, number]) : [given as number, 1]
    return { id, value, unit: '', support }
  })
}

export function evidence(id: string, weight: number, about: Evidence['about'] = 'addresses'): Evidence {
  const pointsTo = weight > 0 ? 'flux' : 'no_flux'
  return { id, pointsTo, about, weight, value: 1, unit: 'x', text: `Sentence of ${id}.`, source: 'a paper' }
}

export const DOUBLE_FLUX: Values = {
  a_addresses: 41,
  a_windows: 20,
  a_growth: [2.4567, 11],
  a_operators_per_vantage: [17, 40],
  a_countries: [12, 41],
  a_access_share: [0.9, 30],
  a_continuing_share: [0.62, 11],
  a_returning_share: [0.03, 11],
  a_lifetime_median: [540, 20],
  a_slash16_entropy: 0.98,
  a_ttl_max: 180,
  a_asns: [33, 41],
  failed_share: 0.04,
  ns_addresses: 12,
  ns_new_addresses: 8,
  ns_changed_hosts: 4,
  ns_new_names: 0,
  ns_watched: 840,
  ns_operators_per_vantage: 9,
  ns_overlap: [0.75, 12],
}

export const STILL: Values = {
  a_addresses: 1,
  a_windows: 9,
  a_growth: [0, 6],
  a_operators_per_vantage: [1, 1],
  a_countries: [1, 1],
  a_access_share: null,
  a_continuing_share: [1, 6],
  a_returning_share: [0, 6],
  a_ttl_max: 3600,
  a_asns: [1, 1],
  failed_share: 0,
  ns_addresses: 2,
  ns_new_addresses: 0,
  ns_watched: 7200,
  ns_overlap: null,
}

export function assessment(values: Values, change: Partial<Assessment> = {}): Assessment {
  return {
    domain: 'bad.example',
    verdict: 'flux',
    fluxType: 'double',
    score: 0.998,
    asOf: AS_OF,
    rounds: 12,
    observedForSeconds: 840,
    evidence: [evidence('a-growth', 3.1), evidence('ns-address-change', 2.6, 'name_servers')],
    context: [],
    innocent: { addresses: { kind: 'volunteer-pool', share: 0.7 }, nameServers: null },
    quietSince: null,
    features: features(values),
    panel: [
      { detector: 'holz-2008', value: 665.9, threshold: 142.38, flags: true },
      { detector: 'edgedns-rule', value: 1, threshold: 2, flags: false },
      { detector: 'undefined-here', value: null, threshold: 1, flags: false },
    ],
    notes: [],
    model: 'test',
    nextProbeAt: AS_OF + 180_000,
    ...change,
  }
}
