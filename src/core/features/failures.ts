// How often the name and its zone did not resolve. Shown, never weighed: flux fails more often (4.6 % against 0.01 %, Holz et al.,
// NDSS 2008), but so does every broken zone, and a detector must not flag failed lookups.
import { ownFailures, targetFailures, usableOutcomes } from '../series/outcome-counts.ts'
import type { OutcomeCounts } from '../series/outcome-counts.ts'
import type { FailureKind } from '../dns/reply.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

const SOURCE = 'Holz et al., NDSS 2008: 4.6 % of the lookups of flux names, 0.01 % of others'
const BLIND_SPOT = 'A broken zone, an overloaded resolver and a taken-down network fail alike.'

function shareOfFailures(outcomes: OutcomeCounts): Measured {
  const usable = usableOutcomes(outcomes)
  return { value: usable === 0 ? null : targetFailures(outcomes) / usable, support: usable }
}

function zoneFailures(id: string, meaning: string, kind: FailureKind): FeatureDefinition {
  return {
    id,
    unit: 'observations',
    meaning,
    direction: 'none',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series: { zone } }) =>
      zone === null
        ? UNMEASURED
        : { value: zone.outcomes.failures[kind] ?? 0, support: usableOutcomes(zone.outcomes) },
  }
}

export const failures: readonly FeatureDefinition[] = [
  {
    id: 'failed_share',
    unit: 'ratio',
    meaning:
      'Share of the usable outcomes that were failures (time-out, SERVFAIL, …); NXDOMAIN is none. Never weighed.',
    direction: 'none',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series }) => shareOfFailures(series.host.outcomes),
  },
  {
    id: 'own_failures',
    unit: 'observations',
    meaning:
      'Questions that we could not ask (no network, vantage down, throttled, opted out). Never weighed.',
    direction: 'none',
    source: 'ours',
    blindSpot:
      'A network path that is broken only towards the name’s servers is not ours, and counts as theirs.',
    measure: ({ series }) => ({
      value: ownFailures(series.host.outcomes),
      support: usableOutcomes(series.host.outcomes) + ownFailures(series.host.outcomes),
    }),
  },
  {
    id: 'zone_failed_share',
    unit: 'ratio',
    meaning:
      'Share of the usable outcomes of the NS questions for the zone that were failures. Never weighed.',
    direction: 'none',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series: { zone } }) => (zone === null ? UNMEASURED : shareOfFailures(zone.outcomes)),
  },
  zoneFailures('zone_timeouts', 'NS questions for the zone that timed out. Never weighed.', 'timeout'),
  zoneFailures(
    'zone_servfails',
    'NS questions for the zone that brought SERVFAIL. Never weighed.',
    'servfail',
  ),
  zoneFailures('zone_refusals', 'NS questions for the zone that were refused. Never weighed.', 'refused'),
]
