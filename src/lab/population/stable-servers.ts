// Name servers of flux names that stay where they are: those of a DNS hoster, or the operator's own on rented machines. Drawn as
// benign names' are, so that nothing but their standing still speaks for either.
import { drawNameServers } from './benign-name-servers.ts'
import type { Draws } from './benign-draws.ts'
import type { DrawContext } from './member.ts'
import type { NameServerSet } from './name-server-set.ts'

/** How many run their own; hand-set. */
const OWN_SERVERS_CHANCE = 0.2
/** Two of them below the 900 s that the ATLAS rule of Nazario and Holz (2008) counts. */
const SOA_RETRIES = [600, 800, 1800, 3600, 7200]

export function drawStableServers(
  { split, plan, startAt }: DrawContext,
  draws: Draws,
  apex: string,
): NameServerSet {
  const nameServers = draws.chance(OWN_SERVERS_CHANCE, 'own-servers') ? 'own-servers' : 'hosted'
  const { servers, zones, nsTtlSeconds, nsAddressTtlSeconds } = drawNameServers(nameServers, {
    draws,
    plan,
    split,
    apex,
    steadyAddresses: [],
    movesAt: startAt,
  })
  return {
    nameServers,
    servers,
    infrastructure: zones,
    nsTtlSeconds,
    nsAddressTtlSeconds,
    soaRetrySeconds: draws.oneOf(SOA_RETRIES, 'soa-retry'),
    parameters: { nameServers: servers.length, nsAddressTtlSeconds },
  }
}
