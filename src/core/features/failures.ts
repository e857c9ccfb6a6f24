// How often the name did not resolve. Shown, never weighed: flux fails more often (4.6 % against 0.01 %, Holz et al.,
// NDSS 2008), but so does every broken zone, and a detector must not flag failed lookups.
import { ownFailures, targetFailures, usableOutcomes } from '../series/outcome-counts.ts'
import type { FeatureDefinition } from './feature-definition.ts'

export const failures: readonly FeatureDefinition[] = [
  {
    id: 'failed_share',
    unit: 'ratio',
    meaning:
      'Share of the usable outcomes that were failures (time-out, SERVFAIL, …); NXDOMAIN is none. Never weighed.',
    measure: ({ series }) => {
      const usable = usableOutcomes(series.host.outcomes)
      return { value: usable === 0 ? null : targetFailures(series.host.outcomes) / usable, support: usable }
    },
  },
  {
    id: 'own_failures',
    unit: 'observations',
    meaning:
      'Questions that we could not ask (no network, vantage down, throttled, opted out). Never weighed.',
    measure: ({ series }) => ({
      value: ownFailures(series.host.outcomes),
      support: usableOutcomes(series.host.outcomes) + ownFailures(series.host.outcomes),
    }),
  },
]
