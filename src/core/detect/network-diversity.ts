// The one question that many rules ask before they speak: do the addresses belong to several unrelated networks? With an
// ASN database by operators, without by /16s, which are a poorer witness.
import type { FeatureTable } from '../features/feature-definition.ts'

/** Operators of the name's A (or AAAA) addresses at one vantage; without ASNs half of the /16s, rounded down. */
export function unrelatedNetworks(features: FeatureTable): number {
  return features.value('a_operators_per_vantage') ?? Math.floor(features.count('a_slash16s_per_vantage') / 2)
}

/** The same for the addresses of the name servers. */
export function unrelatedNameServerNetworks(features: FeatureTable): number {
  return (
    features.value('ns_operators_per_vantage') ?? Math.floor(features.count('ns_networks_per_vantage') / 2)
  )
}

/** Growth from which the address set counts as moving: the root split of FluxBuster's released tree. */
export const MOVING_GROWTH = 0.122

export function isMoving(features: FeatureTable): boolean {
  return (features.value('a_growth') ?? 0) >= MOVING_GROWTH
}

/**
 * Whether addresses were still being replaced in the latest looks, however slowly; before there are enough looks for
 * that, whether any was replaced at all.
 */
export function isStillReplacing(features: FeatureTable): boolean {
  return (features.value('a_new_share_recent') ?? features.value('a_growth') ?? 0) > 0
}
