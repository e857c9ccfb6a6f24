// How often the parent's word about the zone changed. Only where the `direct` vantage asks it. Glue counts as an address of its
// name server in the features that are named after those.
import type { DelegationSeries } from '../series/delegation-series.ts'
import { estimateDistinct } from '../series/bottom-k.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition } from './feature-definition.ts'

const SOURCE = 'Konte et al., PAM 2009; SAC 025 names frequent changes at the registrar as a sign'
const BLIND_SPOT = 'Nobody but the parent’s servers can tell: without the direct vantage it is undefined.'

/** Undefined until the parent gave the NS set. Support: looks at the parent. */
function ofParent(measure: (delegation: DelegationSeries) => number): FeatureDefinition['measure'] {
  return ({ series }) => {
    const delegation = series.zone?.delegation ?? null
    if (delegation === null || delegation.parent === null) return UNMEASURED
    return { value: measure(delegation), support: delegation.looks }
  }
}

export const delegationChanges: readonly FeatureDefinition[] = [
  {
    id: 'delegation_changes',
    unit: 'looks',
    meaning:
      'Looks in which the parent gave a name server, or an address for one, that it had not given at the look before.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ofParent(({ changes }) => changes),
  },
  {
    id: 'delegation_changes_within_ttl',
    unit: 'looks',
    meaning: 'Of those, the looks that came while the referral before was still valid by its own TTL.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: 'Glue lives for two days: every change that is watched closely is one of these.',
    measure: ofParent(({ changesWithinTtl }) => changesWithinTtl),
  },
  {
    id: 'glue_changes',
    unit: 'looks',
    meaning:
      'Looks in which the parent gave a new address for a name server that it had given addresses for.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ofParent(({ glueChanges }) => glueChanges),
  },
  {
    id: 'glue_addresses',
    unit: 'addresses',
    meaning: 'Distinct glue addresses at the parent, summed over the name servers (at most 13).',
    direction: 'none',
    source: SOURCE,
    blindSpot: 'Name servers outside of the zone have no glue.',
    measure: ofParent(({ glue }) => glue.reduce((sum, host) => sum + estimateDistinct(host.addresses), 0)),
  },
]
