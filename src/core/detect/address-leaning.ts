// The A set and the AAAA set of a name are weighed apart and make one answer: the name's addresses flux when either does.
import type { FeatureTable } from '../features/feature-definition.ts'
import { lean } from './likelihood.ts'
import type { Leaning, Shift } from './likelihood.ts'
import type { Side } from './model/model-file.ts'
import { addressRegime } from './model/regime.ts'
import { A_SIGNS, AAAA_SIGNS } from './signs/catalogue.ts'

/** Share of fluxing dual-stack names that flux in AAAA alone. Hand-set: nobody has published a measurement of flux in AAAA. */
const AAAA_ALONE_SHARE = 0.03

/** Where only one family has addresses, it decides. Where both have, the odds are those of "A fluxes, or AAAA alone does". */
export function leanOfAddresses(side: Side, features: FeatureTable, shifts: readonly Shift[]): Leaning {
  const a = lean(side, addressRegime(features, 'a'), A_SIGNS, features, shifts)
  if (features.count('aaaa_addresses') === 0) return a
  const aaaa = lean(side, addressRegime(features, 'aaaa'), AAAA_SIGNS, features, shifts)
  if (features.count('a_addresses') === 0) return aaaa
  const logA = a.odds + Math.log(1 - AAAA_ALONE_SHARE)
  const logAaaa = aaaa.odds + Math.log(AAAA_ALONE_SHARE)
  const top = Math.max(logA, logAaaa)
  const odds = top + Math.log(Math.exp(logA - top) + Math.exp(logAaaa - top))
  // Each family's signs count by the part that the family has in the odds.
  const part = Math.exp(logA - odds)
  return {
    odds,
    signs: [
      ...a.signs.map((one) => ({ ...one, weight: one.weight * part })),
      ...aaaa.signs.map((one) => ({ ...one, weight: one.weight * (1 - part) })),
    ],
    innocent: part >= 0.5 ? a.innocent : aaaa.innocent,
  }
}
