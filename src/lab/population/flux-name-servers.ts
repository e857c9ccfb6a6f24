// Flux of name servers: alone (ns-flux, the "Watch-B" domains of Konte et al. 2009), or with the addresses of the name over the same
// agents (double-flux). When the name servers move is moving-servers.ts's business.
import { addressIn } from '../address-plan.ts'
import { fixedAddresses } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { drawCampaign, drawHomes, rounded } from './flux-campaign.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from './flux-name.ts'
import { drawFluxSet, showing } from './flux-set.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'
import { drawMovingServers } from './moving-servers.ts'
import { THREE_DAYS } from './watch-times.ts'

/** Pool: NS addresses over 191 ASes for 384 domains (Konte et al.), here of one campaign. Shared role: see doubleFlux. */
const RANGES: Readonly<Record<Split, { alive: Range; webTtl: readonly number[]; sharedRole: Range }>> = {
  fit: { alive: [60, 600], webTtl: [300, 600, 1800, 3600, 21_600], sharedRole: [0.6, 0.9] },
  report: { alive: [40, 900], webTtl: [180, 900, 3600, 14_400, 86_400], sharedRole: [0.65, 0.95] },
}

export const nsFlux: MemberGroup = {
  group: 'ns-flux',
  watchSeconds: THREE_DAYS,
  draw(context) {
    const { split, dice } = context
    const draws = drawsOf(dice)
    const name = inventFluxName(draws)
    const alive = draws.spread(RANGES[split].alive, 'alive')
    const homes = drawHomes(context, draws)
    const { pool, parameters } = drawCampaign(context, draws, homes, { alive, turnoverPerHour: alive * 0.05 })
    const nameServers = drawMovingServers(context, draws, name.apex, (server, term) =>
      pool.draw(term.startedAt, 'ns', server, term.index),
    )
    const web = drawWeb(context, draws)
    const ttlSeconds = draws.oneOf(RANGES[split].webTtl, 'web-ttl')
    return {
      isEvasion: false,
      truth: {
        fluxType: 'ns',
        addresses: web.length < 3 ? 'static' : 'round-robin',
        nameServers: nameServers.nameServers,
      },
      host: name.host,
      zone: frameFluxZone(name, fixedAddresses(ttlSeconds, web), nameServers),
      infrastructure: nameServers.infrastructure,
      failureRatio: drawFailureRatio(draws),
      parameters: { ...parameters, ...nameServers.parameters, webAddresses: web.length, ttlSeconds },
    }
  },
}

/** One to three addresses of one hoster, or of several. */
function drawWeb({ plan, dice }: DrawContext, draws: Draws): readonly string[] {
  const count = draws.whole([1, 3], 'web')
  const systems = draws.some(
    plan.systemsOf('hosting'),
    draws.chance(0.7, 'one-host') ? 1 : count,
    'web-system',
  )
  return Array.from({ length: count }, (_, index) =>
    addressIn(systems[index % systems.length]!, {}, dice, 'web', index),
  )
}

/**
 * 88 % of the NS addresses also served as A over four weeks (Konte et al.); of the recorded campaigns 70 of about 120 agents were in
 * both roles. A name server's next address is with that share one that the name shows at the time, else any agent alive.
 */
export const doubleFlux: MemberGroup = {
  group: 'double-flux',
  watchSeconds: THREE_DAYS,
  draw(context) {
    const { split, dice } = context
    const draws = drawsOf(dice)
    const name = inventFluxName(draws)
    const set = drawFluxSet(context, draws)
    const sharedRole = draws.real(RANGES[split].sharedRole, 'shared-role')
    const nameServers = drawMovingServers(context, draws, name.apex, (server, { index, startedAt }) => {
      if (dice.ratio('shared', server, index) >= sharedRole) {
        return set.pool.draw(startedAt, 'ns', server, index)
      }
      const shown = set.show(startedAt, 'eu')
      return shown[dice.below(shown.length, 'shared-agent', server, index)]!
    })
    return {
      isEvasion: false,
      truth: { fluxType: 'double', addresses: set.addresses, nameServers: nameServers.nameServers },
      host: name.host,
      zone: frameFluxZone(name, showing(set.show, set.ttlSeconds), nameServers),
      infrastructure: nameServers.infrastructure,
      failureRatio: drawFailureRatio(draws),
      parameters: {
        form: set.addresses,
        ...set.parameters,
        ...nameServers.parameters,
        sharedRole: rounded(sharedRole),
      },
    }
  },
}
