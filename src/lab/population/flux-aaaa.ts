// Flux in AAAA: the IPv6 addresses move, the name has no A or one that stays. Nobody published measurements of it (detection literature
// names the gap): the numbers are those of single flux, one /64 an agent.
import { addressIn } from '../address-plan.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { Dice } from '../random.ts'
import { typed } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import { drawHomes } from './flux-campaign.ts'
import type { AgentHomes } from './flux-campaign.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from './flux-name.ts'
import { drawFluxSet } from './flux-set.ts'
import type { MemberGroup } from './member.ts'
import { drawStableServers } from './stable-servers.ts'
import { TWO_HOURS } from './watch-times.ts'

/** With an A record that stays; hand-set. */
const STABLE_A_CHANCE = 0.5

export const aaaaFlux: MemberGroup = {
  group: 'aaaa-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, dice } = context
    const draws = drawsOf(dice)
    const name = inventFluxName(draws)
    const homes = withIpv6(drawHomes(context, draws))
    const set = drawFluxSet(context, draws, { homes })
    const sixOf = ipv6Of(plan, homes, dice)
    const hasA = draws.chance(STABLE_A_CHANCE, 'stable-a')
    const a = hasA
      ? typed('A', 3600, [addressIn(draws.oneOf(plan.systemsOf('hosting'), 'a'), {}, dice, 'a')])
      : []
    const servers = drawStableServers(context, draws, name.apex)
    return {
      isEvasion: false,
      truth: { fluxType: 'single', addresses: set.addresses, nameServers: servers.nameServers },
      host: name.host,
      zone: frameFluxZone(
        name,
        ({ type }, { at, region }) =>
          type === 'AAAA' ? typed('AAAA', set.ttlSeconds, set.show(at, region).map(sixOf)) : a,
        servers,
      ),
      infrastructure: servers.infrastructure,
      failureRatio: drawFailureRatio(draws),
      parameters: { form: set.addresses, ...set.parameters, ...servers.parameters, stableA: hasA ? 1 : 0 },
    }
  },
}

function withIpv6({ systems, weights, parameters }: AgentHomes): AgentHomes {
  const places = systems.map((_, place) => place).filter((place) => hasIpv6(systems[place]!))
  return {
    systems: places.map((place) => systems[place]!),
    weights: places.map((place) => weights[place]!),
    parameters: { ...parameters, ipv6Isps: places.length },
  }
}

function hasIpv6(system: AgentHomes['systems'][number]): boolean {
  return system.networks.some((network) => network.family === 6)
}

/** The IPv6 address of a machine by its IPv4 address. */
function ipv6Of(plan: AddressPlan, { systems }: AgentHomes, dice: Dice): (address: string) => string {
  const byAsn = new Map(systems.map((system) => [system.asn, system]))
  const known = new Map<string, string>()
  return (address) => {
    let six = known.get(address)
    if (six === undefined) {
      six = addressIn(byAsn.get(plan.networkOf(address)!.asn)!, { family: 6 }, dice, 'six', address)
      known.set(address, six)
    }
    return six
  }
}
