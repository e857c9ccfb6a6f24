// What the zone's SOA record tells (RFC 1035, section 3.3.13). Shown, never weighed alone.
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition } from './feature-definition.ts'
import type { ZoneSeries } from '../series/zone-series.ts'

function countFreshSoas({ views }: ZoneSeries): number {
  return views.reduce((sum, view) => sum + (view.type === 'SOA' ? view.freshAnswers : 0), 0)
}

export const soa: readonly FeatureDefinition[] = [
  {
    id: 'soa_retry',
    unit: 'seconds',
    meaning: 'RETRY of the SOA record. Never weighed.',
    direction: 'none',
    source: 'Nazario and Holz, MALWARE 2008, rule 9: under 900 s',
    blindSpot: 'It is what some template said; nothing that transfers no zones reads it.',
    measure: ({ series: { zone } }) =>
      zone === null || zone.soa === null ? UNMEASURED : { value: zone.soa.retrySeconds, support: 1 },
  },
  {
    id: 'soa_serial_changes',
    unit: 'changes',
    meaning: 'How often the SOA serial was another than at the fresh answer before.',
    direction: 'either',
    source: 'ours: a zone that is rewritten for each change of its addresses counts its serial up',
    blindSpot:
      'Dynamic DNS, signed zones and cloud DNS count up by the hour; servers with synthesised answers never do.',
    measure: ({ series: { zone } }) =>
      zone === null || zone.soa === null
        ? UNMEASURED
        : { value: zone.soa.serialChanges, support: countFreshSoas(zone) },
  },
]
