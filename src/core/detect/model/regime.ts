// How well informed a weighing is. What signs say together is worth more where the owners of the addresses are known, and
// after many looks; so the model has its tempers once for each of these.
import type { FeatureTable } from '../../features/feature-definition.ts'

/** Looks (windows of all vantages) from which a set counts as watched for a while. */
const MANY_LOOKS = 10

/** In the order of their numbers. */
export const ADDRESS_REGIMES = [
  'owners unknown, few looks',
  'owners unknown, many looks',
  'owners known, few looks',
  'owners known, many looks',
] as const

export const NAME_SERVER_REGIMES = [
  'owners unknown, unmoved',
  'owners unknown, moved',
  'owners known, unmoved',
  'owners known, moved',
] as const

/** `prefix`: the family that is weighed. */
export function addressRegime(features: FeatureTable, prefix: 'a' | 'aaaa'): number {
  const known = features.value(`${prefix}_access_share`) !== null
  return (known ? 2 : 0) + (features.count(`${prefix}_windows`) >= MANY_LOOKS ? 1 : 0)
}

export function nameServerRegime(features: FeatureTable): number {
  const known = features.value('ns_access_share') !== null
  return (known ? 2 : 0) + (features.count('ns_new_addresses') > 0 ? 1 : 0)
}
