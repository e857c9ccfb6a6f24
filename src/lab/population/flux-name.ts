// The name that a flux member is watched under, and its zone with whatever name servers it has. What the name answers is the groups'
// business.
import { frameZone } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import type { AuthorityZone } from '../zones/zone.ts'
import type { Draws, Range } from './benign-draws.ts'
import { inventApex, inventHost } from './benign-names.ts'
import type { Member } from './member.ts'
import type { NameServerSet } from './name-server-set.ts'

export interface FluxName {
  readonly apex: string
  readonly host: string
}

/** Nine of ten flux names of 2007 were wildcards below a registered domain (Holz et al.). */
export function inventFluxName(draws: Draws): FluxName {
  const apex = inventApex(draws, 'site')
  return { apex, host: inventHost(draws, apex, ['www', 'login', 'secure', 'shop', 'm', 'update']) }
}

/** The zone of the name; unless told otherwise the apex behaves as the host does. */
export function frameFluxZone(
  { apex, host }: FluxName,
  behaviour: NameBehaviour,
  nameServers: NameServerSet,
  ofApex: NameBehaviour = behaviour,
): AuthorityZone {
  return frameZone({
    apex,
    nameServers: nameServers.servers,
    names: { [apex]: ofApex, [host]: behaviour },
    nsTtlSeconds: nameServers.nsTtlSeconds,
    nsAddressTtlSeconds: nameServers.nsAddressTtlSeconds,
    soaRetrySeconds: nameServers.soaRetrySeconds,
  })
}

/** What a group draws. */
export type Drawn = Omit<Member, 'group' | 'plan'>

/** Holz et al. saw 4.6 % of the look-ups of flux names fail. */
const FAILURE_RATIOS: Range = [0.02, 0.08]
const NEVER_FAILING_CHANCE = 0.2

export function drawFailureRatio(draws: Draws): number {
  return draws.chance(NEVER_FAILING_CHANCE, 'never-failing') ? 0 : draws.real(FAILURE_RATIOS, 'failures')
}
