// Name servers of flux names that stay where they are: those of a DNS hoster, or the operator's own on rented machines.
import { addressIn } from '../address-plan.ts'
import { fixedNameServer, frameZone } from '../zones/zone-frame.ts'
import type { Draws, Range } from './benign-draws.ts'
import { inventApex } from './benign-names.ts'
import type { DrawContext, Split } from './member.ts'
import type { NameServerSet } from './name-server-set.ts'

/** NS counts as of ordinary zones; how many run their own servers is hand-set. TTLs: ordinary ones, 5 min to 2 days. */
const RANGES: Readonly<
  Record<Split, { count: Range; systems: Range; ownChance: number; nsTtl: number[]; addressTtl: number[] }>
> = {
  fit: {
    count: [2, 4],
    systems: [1, 3],
    ownChance: 0.25,
    nsTtl: [3600, 86_400, 172_800],
    addressTtl: [300, 3600, 86_400, 172_800],
  },
  report: {
    count: [2, 6],
    systems: [1, 4],
    ownChance: 0.3,
    nsTtl: [1800, 21_600, 86_400, 172_800],
    addressTtl: [600, 1800, 14_400, 86_400],
  },
}
/** Two of them below the 900 s that the ATLAS rule of Nazario and Holz (2008) counts. */
const SOA_RETRIES = [600, 800, 1800, 3600, 7200]

export function drawStableServers({ split, plan, dice }: DrawContext, draws: Draws, apex: string): NameServerSet {
  const range = RANGES[split]
  const isOwn = draws.chance(range.ownChance, 'own-servers')
  const count = draws.whole(range.count, 'name-servers')
  const systems = draws.some(plan.systemsOf('hosting'), draws.whole(range.systems, 'ns-systems'), 'ns-system')
  const nsTtlSeconds = draws.oneOf(range.nsTtl, 'ns-ttl')
  const nsAddressTtlSeconds = draws.oneOf(range.addressTtl, 'ns-address-ttl')
  const owner = isOwn ? apex : inventApex(draws, 'dns-hoster')
  const servers = Array.from({ length: count }, (_, index) =>
    fixedNameServer(`ns${index + 1}.${owner}`, [
      addressIn(systems[index % systems.length]!, {}, dice, 'stable-server', index),
    ]),
  )
  return {
    nameServers: isOwn ? 'own-servers' : 'hosted',
    servers,
    infrastructure: isOwn
      ? []
      : [frameZone({ apex: owner, nameServers: servers, names: {}, nsTtlSeconds, nsAddressTtlSeconds })],
    nsTtlSeconds,
    nsAddressTtlSeconds,
    soaRetrySeconds: draws.oneOf(SOA_RETRIES, 'soa-retry'),
    parameters: { nameServers: count, nsSystems: systems.length, nsAddressTtlSeconds },
  }
}
