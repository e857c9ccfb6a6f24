// The root and the top-level domains: who they are and where their servers stand. What they delegate is the world's
// business.
import { addressIn } from './address-plan.ts'
import type { AddressPlan } from './address-plan.ts'
import type { Dice } from './random.ts'
import { fixedNameServer, frameZone } from './zones/zone-frame.ts'
import type { AuthorityZone } from './zones/zone.ts'

/**
 * `example` is reserved (RFC 2606); `qz` and `zz` are ISO 3166 user-assigned codes, which no country can ever get; `org`
 * is here for the one real suffix that a context list knows. `test` and `invalid` would not do: resolvers such as
 * unbound answer those themselves.
 */
export const LAB_TLDS = ['example', 'qz', 'zz', 'org'] as const

/** TTL of the NS sets and glue that the root and the TLDs hand out: two days, as Konte (2009) saw with fluxing glue. */
export const DELEGATION_TTL_SECONDS = 172_800

export interface Registry {
  readonly root: AuthorityZone
  readonly tlds: readonly AuthorityZone[]
}

export function buildRegistry(dice: Dice, plan: AddressPlan, tlds: readonly string[] = LAB_TLDS): Registry {
  const system = plan.systemsOf('registry')[0]!
  const zone = (apex: string, serverNames: readonly string[]): AuthorityZone =>
    frameZone({
      apex,
      nameServers: serverNames.map((name) =>
        fixedNameServer(name, [addressIn(system, {}, dice, 'registry', name)]),
      ),
      names: {},
      nsTtlSeconds: DELEGATION_TTL_SECONDS,
      nsAddressTtlSeconds: DELEGATION_TTL_SECONDS,
      negativeTtlSeconds: 900,
    })
  return {
    root: zone('', ['a.root-lab', 'b.root-lab']),
    tlds: tlds.map((tld) => zone(tld, [`a.nic.${tld}`, `b.nic.${tld}`])),
  }
}
