// A world for networks: botnets that share some of their machines, and names that merely sit at the same addresses. Same seed, same
// world.
import type { AddressPlan } from '../address-plan.ts'
import { createDice } from '../random.ts'
import { drawsOf } from '../population/benign-draws.ts'
import type { Member } from '../population/member.ts'
import { populationPlan } from '../population/population-plan.ts'
import { drawBotnet, type BotnetKind } from './botnet.ts'
import { createBotnetPool, type BotnetPool } from './botnet-pool.ts'
import { drawBystanders, type BystanderCounts } from './bystanders.ts'

export interface BotnetWorldOptions {
  readonly seed: number
  readonly startAt: number
  /** Default 20. */
  readonly botnets?: number
  /** Smallest and largest number of names of a botnet, drawn evenly on a logarithmic scale. Default 3 to 60. */
  readonly names?: readonly [number, number]
  /** Machines alive, drawn likewise. Default 20 to 2,000. */
  readonly machines?: readonly [number, number]
  /** Default 500 in all: 200 parked, 150 at CDNs, 150 on shared hosts. */
  readonly bystanders?: BystanderCounts
}

export interface WorldName {
  readonly member: Member
  /** Number of its botnet; null for a bystander. */
  readonly botnet: number | null
  /** When it is submitted; ms since the epoch. */
  readonly watchFrom: number
}

export interface BotnetWorld {
  readonly plan: AddressPlan
  readonly names: readonly WorldName[]
  /** Machines that each botnet has in common with the one before it; 0 for those that share with nobody. */
  readonly shared: readonly number[]
}

/** Two of three botnets have so much of the smaller pool in common with the one before them. */
const SHARED_SHARE = [0.05, 0.15] as const
const SHARING_CHANCE = 2 / 3
const INJECTING_CHANCE = 0.2
/** Names that are seized while they are watched, and how far into the watch. */
const SEIZED_CHANCE = 0.12
const SEIZED_AFTER_MINUTES = [70, 130] as const
/** Names are submitted over so long. */
const SUBMITTED_WITHIN_MS = 6 * 3_600_000
const KINDS: readonly BotnetKind[] = ['single', 'single', 'double', 'double', 'ns']

export function createBotnetWorld(options: BotnetWorldOptions): BotnetWorld {
  const { seed, startAt, botnets = 20, names = [3, 60], machines = [20, 2000] } = options
  const { bystanders = { parked: 200, cdn: 150, sharedHosting: 150 } } = options
  const plan = populationPlan('report')
  const draws = drawsOf(createDice(`botnets ${seed}`))
  const around = drawBystanders(`botnets ${seed}`, plan, startAt, bystanders)
  const watchFrom = (label: string): number =>
    startAt + Math.floor(draws.dice.ratio('submitted', label) * SUBMITTED_WITHIN_MS)

  const pools: BotnetPool[] = []
  const shared: number[] = []
  const members: WorldName[] = []
  for (let botnet = 0; botnet < botnets; botnet++) {
    const label = `botnet ${botnet}`
    const own = drawsOf(createDice(`botnets ${seed} ${botnet}`))
    const alive = draws.spread([...machines], `${label} machines`)
    const before = pools.at(-1)
    const isSharing = before !== undefined && draws.chance(SHARING_CHANCE, `${label} shares`)
    const inCommon = isSharing
      ? Math.round(Math.min(alive, before.alive) * draws.real([...SHARED_SHARE], `${label} share`))
      : 0
    const pool = createBotnetPool(plan, own, {
      alive,
      turnoverPerHour: alive * draws.real([0.005, 0.03], `${label} turnover`),
      startAt,
      ...(isSharing && { sharedWith: { pool: before, machines: inCommon } }),
    })
    pools.push(pool)
    shared.push(inCommon)
    const count = draws.spread([...names], `${label} names`)
    const starts = Array.from({ length: count }, (_, name) => watchFrom(`${label} ${name}`))
    const drawn = drawBotnet({
      seed: `${seed} ${label}`,
      kind: draws.oneOf(KINDS, `${label} kind`),
      names: count,
      pool,
      plan,
      startAt,
      reputable: draws.chance(INJECTING_CHANCE, `${label} injects`)
        ? draws.some(around.reputable, 20, `${label} reputable`)
        : [],
      seizure: (name) =>
        draws.chance(SEIZED_CHANCE, `${label} ${name} seized`)
          ? {
              at:
                starts[name]! +
                draws.real([...SEIZED_AFTER_MINUTES], `${label} ${name} seized after`) * 60_000,
              addresses: around.parking[draws.whole([2, around.parking.length - 1], `${label} ${name} at`)]!,
            }
          : null,
    })
    members.push(...drawn.map((member, name) => ({ member, botnet, watchFrom: starts[name]! })))
  }
  const others = around.members.map((member, index) => ({
    member,
    botnet: null,
    watchFrom: watchFrom(`bystander ${index}`),
  }))
  // Invented names meet by chance, once in some thousands: the first of them is the one that there is.
  const apexes = new Set<string>()
  const isFirst = ({ member: { zone } }: WorldName): boolean => apexes.size < apexes.add(zone.apex).size
  return { plan, names: [...members, ...others].filter(isFirst), shared }
}
