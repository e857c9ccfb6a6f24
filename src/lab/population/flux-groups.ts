// The flux groups of the population: the classes of the literature, then its evasions.
import { cnameToCdnFlux } from './evasion-alias.ts'
import { cdnMimicryFlux, geoFencedFlux } from './evasion-by-asker.ts'
import { cloudFlux, deadPaddingFlux, injectedBenignFlux } from './evasion-mixed.ts'
import { intermittentFlux, longTtlFlux } from './evasion-slow.ts'
import { aaaaFlux } from './flux-aaaa.ts'
import { doubleFlux, nsFlux } from './flux-name-servers.ts'
import { oneAddressFlux } from './flux-one-address.ts'
import { regionalFlux } from './flux-regional.ts'
import { singleFlux } from './flux-single.ts'
import { slowFlux } from './flux-slow.ts'
import type { MemberGroup } from './member.ts'

export const FLUX_GROUPS: readonly MemberGroup[] = [
  singleFlux,
  oneAddressFlux,
  nsFlux,
  doubleFlux,
  slowFlux,
  regionalFlux,
  aaaaFlux,
  injectedBenignFlux,
  cloudFlux,
  longTtlFlux,
  cdnMimicryFlux,
  cnameToCdnFlux,
  intermittentFlux,
  geoFencedFlux,
  deadPaddingFlux,
]
