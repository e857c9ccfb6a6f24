// One botnet: its pool and the names that it serves, each a member that can be watched. How many there are of what, and what they
// share, is botnet-world.ts's business.
import type { AgentPool } from '../agent-pool.ts'
import type { AddressPlan } from '../address-plan.ts'
import { createDice } from '../random.ts'
import { drawsOf } from '../population/benign-draws.ts'
import type { Draws } from '../population/benign-draws.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from '../population/flux-name.ts'
import { drawDistinct, showing } from '../population/flux-set.ts'
import type { Show } from '../population/flux-set.ts'
import type { Member } from '../population/member.ts'
import type { NameServerSet } from '../population/name-server-set.ts'
import { drawStableServers } from '../population/stable-servers.ts'
import { inventApex } from '../population/benign-names.ts'
import { addressIn } from '../address-plan.ts'
import { createSeats, fluxNameServer } from '../zones/flux-seats.ts'
import { frameZone } from '../zones/zone-frame.ts'

export type BotnetKind = 'single' | 'ns' | 'double'

export interface BotnetPlan {
  readonly seed: string
  readonly kind: BotnetKind
  readonly names: number
  readonly pool: AgentPool
  readonly plan: AddressPlan
  readonly startAt: number
  /** Reputable addresses, for operators who mix some in; empty for those who do not. */
  readonly reputable: readonly string[]
  /** From when on a name does not show the botnet any more but the seizer's addresses; null for most. */
  readonly seizure: (name: number) => { readonly at: number; readonly addresses: readonly string[] } | null
}

/** Share of the shown that an operator who mixes in reputable addresses replaces (as evasion-mixed.ts). */
const INJECTED_SHARE = 0.2

/** The names of the botnet. Those of a campaign show the same seats, or each its own draw of the pool. */
export function drawBotnet(botnet: BotnetPlan): readonly Member[] {
  const { seed, kind, names, pool, startAt, plan } = botnet
  const draws = drawsOf(createDice(`${seed} botnet`))
  const width = draws.whole([5, 10], 'width')
  const minMinutes = draws.real([8, 20], 'min-minutes')
  const ttlSeconds = draws.oneOf([120, 180, 300], 'ttl')
  const manner = draws.oneOf(['seats', 'seats', 'common-seats', 'drawing'] as const, 'manner')
  const serverPace = draws.real([10, 25], 'server-minutes')
  // All names on one set of name servers, as the 60 and the 112 names of the recorded campaigns, or each on one of its own.
  const hasCommonServers = draws.chance(0.6, 'common-servers')
  const serverSets = new Map<number, NameServerSet>()

  return Array.from({ length: names }, (_, index) => {
    const dice = createDice(`${seed} name ${index}`)
    const own = drawsOf(dice)
    const name = inventFluxName(own)
    const context = { split: 'report', dice, startAt, plan } as const
    const seats = createSeats(
      { pool, count: width, minMinutes, maxMinutes: minMinutes * 1.4 },
      createDice(`${seed} seats`),
      manner === 'common-seats' ? 'all' : index,
    )
    const fromPool: Show =
      manner === 'drawing'
        ? (at, region) => drawDistinct(pool, width, at, region, index)
        : (at) => seats.occupantsAt(at)
    const injected = withReputable(fromPool, botnet, dice)
    const seizure = botnet.seizure(index)
    const show: Show =
      kind === 'ns'
        ? fixedWeb(botnet, own)
        : (at, region) => (seizure !== null && at >= seizure.at ? seizure.addresses : injected(at, region))
    const servers =
      kind === 'single'
        ? drawStableServers(context, own, name.apex)
        : serverSetOf(hasCommonServers ? 0 : index)
    return {
      group: `botnet-${kind}`,
      isEvasion: false,
      truth: {
        fluxType: kind,
        addresses: kind === 'ns' ? 'static' : 'rotating-flux',
        nameServers: servers.nameServers,
      },
      host: name.host,
      zone: frameFluxZone(name, showing(show, kind === 'ns' ? 3600 : ttlSeconds), servers),
      infrastructure: servers.infrastructure,
      plan,
      failureRatio: drawFailureRatio(own),
      parameters: {
        botnet: seed,
        width,
        minMinutes,
        ttlSeconds,
        manner,
        commonServers: hasCommonServers ? 1 : 0,
      },
    }
  })

  function serverSetOf(number: number): NameServerSet {
    let set = serverSets.get(number)
    if (set === undefined) serverSets.set(number, (set = movingServers(botnet, serverPace, number)))
    return set
  }
}

/** Four names that stay, under a domain of the operator's, whose addresses move over the pool. */
function movingServers({ seed, pool }: BotnetPlan, minutes: number, number: number): NameServerSet {
  const dice = createDice(`${seed} servers ${number}`)
  const owner = inventApex(drawsOf(dice), 'sister')
  const servers = [1, 2, 3, 4].map((server) =>
    fluxNameServer(
      {
        name: `ns${server}.${owner}`,
        minMinutes: minutes,
        maxMinutes: minutes * 1.5,
        choose: ({ index, startedAt }) => pool.draw(startedAt, 'ns', number, server, index),
      },
      dice,
    ),
  )
  const common = { nsTtlSeconds: 172_800, nsAddressTtlSeconds: 300, soaRetrySeconds: 600 }
  return {
    nameServers: 'moving-name-servers',
    servers,
    infrastructure: [frameZone({ apex: owner, nameServers: servers, names: {}, ...common })],
    parameters: {},
    ...common,
  }
}

function withReputable(show: Show, { reputable }: BotnetPlan, dice: ReturnType<typeof createDice>): Show {
  if (reputable.length === 0) return show
  return (at, region) => [
    ...new Set(
      show(at, region).map((agent) =>
        dice.ratio('mixed', agent) < INJECTED_SHARE
          ? reputable[dice.below(reputable.length, 'other', agent)]!
          : agent,
      ),
    ),
  ]
}

/** Of a name whose name servers alone flux: one machine at a hoster. */
function fixedWeb({ plan }: BotnetPlan, draws: Draws): Show {
  const address = addressIn(draws.oneOf(plan.systemsOf('hosting'), 'web-system'), {}, draws.dice, 'web')
  return () => [address]
}
