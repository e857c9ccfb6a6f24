// The agents that the names of one campaign show: in how many ISPs, how unevenly, how many at a time, and whether they sleep at
// night. What a name shows of them is flux-set.ts's business.
import { COUNTRY_PLACES } from '../../core/net/country-places.ts'
import { createAgentPool } from '../agent-pool.ts'
import type { AgentPool } from '../agent-pool.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import type { Dice } from '../random.ts'
import type { Draws, Range } from './benign-draws.ts'
import type { DrawContext, Split } from './member.ts'

const HOUR_MS = 3_600_000

/** Where agents are, and how many of them at each: `weights` as long as `systems`, any unit. */
export interface AgentHomes {
  readonly systems: readonly AutonomousSystem[]
  readonly weights: readonly number[]
  readonly parameters: Readonly<Record<string, string | number>>
}

/**
 * ISPs: 22 (agents of 2026, Resecurity) to the hundreds of 2007 (818 over 33 domains, Holz et al.), here as many as the plan has.
 * Tail: agents per ISP ~ rank^-tail; Holz et al. saw the ten largest hold 43 %: with 300 ISPs that is a tail of 0.9. Strays: machines
 * in hosting and university networks; the share is hand-set.
 */
const HOMES: Readonly<Record<Split, { isps: Range; tail: Range; strays: Range }>> = {
  fit: { isps: [30, 220], tail: [0.45, 0.95], strays: [0, 0.06] },
  report: { isps: [22, 300], tail: [0.3, 1.1], strays: [0, 0.1] },
}
const STRAY_SYSTEMS = 8
/** Storm and Kelihos show the hour of the day (Nazario and Holz 2008); how many botnets do is hand-set. */
const DIURNAL_CHANCE = 0.35

export function drawHomes({ split, plan }: DrawContext, draws: Draws): AgentHomes {
  const range = HOMES[split]
  const isps = draws.whole(range.isps, 'isps')
  const tail = draws.real(range.tail, 'tail')
  const strayShare = draws.real(range.strays, 'strays')
  const chosen = largestFirst(draws, plan.systemsOf('consumer'), isps, 'isp')
  const strays = draws.some(
    [...plan.systemsOf('hosting'), ...plan.systemsOf('volunteer')],
    STRAY_SYSTEMS,
    'stray',
  )
  const weights = tailWeights(isps, tail)
  const strayWeight = (sumOf(weights) * strayShare) / (1 - strayShare) / STRAY_SYSTEMS
  return {
    systems: [...chosen, ...strays],
    weights: [...weights, ...strays.map(() => strayWeight)],
    parameters: { isps, tail: rounded(tail), strays: rounded(strayShare) },
  }
}

/** `count` of the systems, in the order of the plan: the largest keep most agents. */
export function largestFirst(
  draws: Draws,
  systems: readonly AutonomousSystem[],
  count: number,
  label: string,
): readonly AutonomousSystem[] {
  return draws.dice
    .distinct(systems.length, count, label)
    .toSorted((a, b) => a - b)
    .map((index) => systems[index]!)
}

export function tailWeights(count: number, tail: number): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + 1) ** -tail)
}

/** What was drawn, short enough to print. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

export interface Campaign {
  readonly pool: AgentPool
  readonly parameters: Readonly<Record<string, string | number>>
}

/** A campaign with `alive` agents at a time, of whom `turnoverPerHour` are replaced. Some campaigns live by the hour of the day. */
export function drawCampaign(
  { plan, dice }: DrawContext,
  draws: Draws,
  homes: AgentHomes,
  size: {
    /** Needed where a member has several pools: of one name, they are one pool. */
    readonly name?: string
    readonly alive: number
    readonly turnoverPerHour: number
  },
): Campaign {
  const isDiurnal = draws.chance(DIURNAL_CHANCE, 'diurnal')
  const { systems, weights } = homes
  const pool = createAgentPool({ name: '', systems, weights, ...size }, dice)
  return {
    pool: isDiurnal ? diurnalPool(pool, plan, dice) : pool,
    parameters: {
      ...homes.parameters,
      alive: size.alive,
      turnoverPerHour: rounded(size.turnoverPerHour),
      diurnal: isDiurnal ? 1 : 0,
    },
  }
}

/** Agents of a consumer at home: on for this many hours of the local day, from some time between 6:00 and 12:00 on. Hand-set. */
const AWAKE_HOURS: Range = [7, 17]
const FIRST_HOURS: Range = [6, 12]
const NEVER_OFF_CHANCE = 0.3
/** Tries to find one that is on; after that one that is off is shown, and its visitors fail. */
const TRIES = 6

function diurnalPool(pool: AgentPool, plan: AddressPlan, dice: Dice): AgentPool {
  const habits = new Map<string, { firstUtcHour: number; hours: number }>()
  const habitOf = (address: string): { firstUtcHour: number; hours: number } => {
    let habit = habits.get(address)
    if (habit === undefined) {
      const country = plan.networkOf(address)?.country ?? ''
      const offsetHours = (COUNTRY_PLACES.get(country)?.utcOffsetMinutes ?? 0) / 60
      const between = ([least, most]: Range, label: string): number =>
        least + (most - least) * dice.ratio(label, address)
      const isAlwaysOn = dice.ratio('never-off', address) < NEVER_OFF_CHANCE
      habit = {
        firstUtcHour: between(FIRST_HOURS, 'first-hour') - offsetHours,
        hours: isAlwaysOn ? 24 : between(AWAKE_HOURS, 'hours'),
      }
      habits.set(address, habit)
    }
    return habit
  }
  const isOn = (address: string, at: number): boolean => {
    const { firstUtcHour, hours } = habitOf(address)
    const since = (at / HOUR_MS - firstUtcHour) % 24
    return since < hours
  }
  return {
    addressOf: (agent) => pool.addressOf(agent),
    draw(at, ...labels) {
      let address = pool.draw(at, ...labels)
      for (let attempt = 1; attempt < TRIES && !isOn(address, at); attempt++) {
        address = pool.draw(at, ...labels, attempt)
      }
      return address
    },
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
