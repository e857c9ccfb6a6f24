// Pools of servers that are too large to be drawn before they are asked for: whose they are by kind of network, and where.
// Which of them an answer shows is the group's business.
import type { AddressPlan } from '../address-plan.ts'
import type { NetworkKind } from '../autonomous-systems.ts'
import type { Dice } from '../random.ts'
import type { LabRegion } from '../regions.ts'
import { typed } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import type { Moment } from '../zones/zone.ts'
import type { Draws, Range } from './benign-draws.ts'
import { addressNear, systemsNear, systemsWith } from './benign-networks.ts'
import type { DrawContext } from './member.ts'

/** Share of each kind, any unit. */
type KindMix = Partial<Readonly<Record<NetworkKind, number>>>

export interface ServerPool {
  /** Servers in the region; at least one. */
  sizeOf(region: LabRegion): number
  /** The address of the n-th server of the region. */
  addressOf(region: LabRegion, server: number): string
}

/** Europe has most volunteers, as in the NTP pool; the exact shares are assumed. */
const REGION_SHARES: Readonly<Record<LabRegion, number>> = { eu: 0.52, us: 0.3, asia: 0.18 }

interface ServerPoolOptions {
  readonly plan: AddressPlan
  readonly dice: Dice
  /** Two pools of one member need two names. */
  readonly name: string
  readonly size: number
  readonly family: 4 | 6
  readonly mix: KindMix
  /** 1: every system has as many servers; above: the first systems of the plan have more, as large hosters do. */
  readonly tail: number
}

function createServerPool(options: ServerPoolOptions): ServerPool {
  const { plan, dice, name, size, family, tail } = options
  const mix = Object.entries(options.mix) as [NetworkKind, number][]
  const total = mix.reduce((sum, [, weight]) => sum + weight, 0)
  const known: Record<LabRegion, string[]> = { eu: [], us: [], asia: [] }
  const kindOf = (region: LabRegion, server: number): NetworkKind => {
    let left = dice.ratio('kind', name, region, server) * total
    return (mix.find(([, weight]) => (left -= weight) < 0) ?? mix.at(-1)!)[0]
  }
  return {
    sizeOf: (region) => Math.max(1, Math.round(size * REGION_SHARES[region])),
    addressOf(region, server) {
      const there = known[region]
      let address = there[server]
      if (address === undefined) {
        const systems = systemsNear(plan, kindOf(region, server), region, family)
        const rank = Math.floor(systems.length * dice.ratio('system', name, region, server) ** tail)
        address = addressNear(systems[rank]!, { region, family }, dice, 'pool', name, region, server)
        there[server] = address
      }
      return address
    },
  }
}

/** Whether every kind of the mix has systems with the family. */
function hasFamily(plan: AddressPlan, mix: KindMix, family: 4 | 6): boolean {
  return (Object.keys(mix) as NetworkKind[]).every((kind) => systemsWith(plan, kind, { family }).length > 0)
}

/** A pool in IPv4 and, of a third, in IPv6 as well. */
interface PoolPair {
  readonly servers: number
  readonly v4: ServerPool
  readonly v6: ServerPool | null
}

export function drawPools({ plan, dice }: DrawContext, draws: Draws, size: Range, mix: KindMix): PoolPair {
  const servers = draws.spread(size, 'servers')
  const tail = draws.real([1, 2], 'tail')
  const pool = (family: 4 | 6): ServerPool =>
    createServerPool({ plan, dice, name: `pool${family}`, size: servers, family, mix, tail })
  const hasV6 = hasFamily(plan, mix, 6) && draws.chance(0.35, 'dual stack')
  return { servers, v4: pool(4), v6: hasV6 ? pool(6) : null }
}

/** Answers from the pool of the family that is asked for. */
export function inFamilies(
  ttlSeconds: number,
  v4: ServerPool | null,
  v6: ServerPool | null,
  shown: (pool: ServerPool, type: string, moment: Moment) => string[],
): NameBehaviour {
  return ({ type }, moment) => {
    const pool = type === 'A' ? v4 : type === 'AAAA' ? v6 : null
    return pool === null ? [] : typed(type, ttlSeconds, shown(pool, type, moment))
  }
}
