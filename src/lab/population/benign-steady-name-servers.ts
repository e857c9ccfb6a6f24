// Name servers that stand still: at a hoster, in the zone itself, or at friends. Caglayan et al. (CATCH 2009) saw those of
// safe domains unchanged over weeks; how many servers and ASNs there are is our assumption.
import { addressIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { fixedNameServer, frameZone } from '../zones/zone-frame.ts'
import type { Draws } from './benign-draws.ts'
import type { NameServerDraw, NameServerSet } from './benign-name-server-draw.ts'
import { inventApex } from './benign-names.ts'
import { systemsWith } from './benign-networks.ts'

/** Two to four servers in one to three ASNs that never move; some have two or three addresses each, as anycast hosters do. */
export function hostedSet(
  { draws, plan, split, addressTtlSeconds }: NameServerDraw,
  label: string,
): NameServerSet {
  const kind = draws.weighted({ hosting: 0.75, cdn: 0.1, cloud: 0.15 }, `${label} kind`)
  const systems = draws.some(
    systemsWith(plan, kind),
    draws.whole(split === 'fit' ? [1, 2] : [1, 3], `${label} systems`),
    `${label} which`,
  )
  const apexes = draws.chance(0.3, `${label} two names`)
    ? [inventApex(draws, `${label} a`), inventApex(draws, `${label} b`)]
    : [inventApex(draws, `${label} a`)]
  const each = draws.chance(0.15, `${label} wide`) ? draws.whole([2, 3], `${label} addresses`) : 1
  const servers = Array.from({ length: draws.whole([2, 4], `${label} servers`) }, (_, index) =>
    fixedNameServer(
      `ns${index + 1}.${apexes[index % apexes.length]}`,
      severalIn(systems[index % systems.length]!, each, draws, `${label} ${index}`),
    ),
  )
  return {
    servers,
    zones: apexes.map((apex) =>
      frameZone({ apex, nameServers: servers, nsAddressTtlSeconds: addressTtlSeconds, names: {} }),
    ),
  }
}

/** In the zone itself, one to three addresses; of the sites that stand still, half have the site on the same machines. */
export function ownServers({ draws, plan, apex, steadyAddresses }: NameServerDraw): NameServerSet {
  const system = draws.oneOf(
    systemsWith(plan, draws.weighted({ hosting: 0.75, volunteer: 0.15, consumer: 0.1 }, 'own kind')),
    'own system',
  )
  const onSite = steadyAddresses.length > 0 && draws.chance(0.5, 'own on site')
  const addresses = onSite
    ? steadyAddresses.slice(0, 3)
    : severalIn(system, draws.whole([1, 3], 'own addresses'), draws, 'own')
  const servers = Array.from({ length: Math.max(2, addresses.length) }, (_, index) =>
    fixedNameServer(`ns${index + 1}.${apex}`, [addresses[index % addresses.length]!]),
  )
  return { servers, zones: [] }
}

/** Three to seven servers of universities and friends, each in an ASN and under a name of its own. */
export function volunteerSecondaries({
  draws,
  plan,
  split,
  addressTtlSeconds,
}: NameServerDraw): NameServerSet {
  const count = draws.whole(split === 'fit' ? [3, 6] : [4, 7], 'secondaries')
  const kinds = Array.from({ length: count }, (_, index) =>
    draws.weighted({ volunteer: 0.65, hosting: 0.25, consumer: 0.1 }, `secondary kind ${index}`),
  )
  const taken = new Set<number>()
  const servers = kinds.map((kind, index) => {
    const free = systemsWith(plan, kind).filter((system) => !taken.has(system.asn))
    const system = draws.oneOf(free, `secondary system ${index}`)
    taken.add(system.asn)
    return fixedNameServer(`ns.${inventApex(draws, `secondary ${index}`)}`, [
      addressIn(system, {}, draws.dice, 'secondary', index),
    ])
  })
  return {
    servers,
    zones: servers.map((server) =>
      frameZone({
        apex: server.name.slice('ns.'.length),
        nameServers: [server],
        nsAddressTtlSeconds: addressTtlSeconds,
        names: {},
      }),
    ),
  }
}

function severalIn(system: AutonomousSystem, count: number, draws: Draws, label: string): string[] {
  return Array.from({ length: count }, (_, index) => addressIn(system, {}, draws.dice, label, index))
}
