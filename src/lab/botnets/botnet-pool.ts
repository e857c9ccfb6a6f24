// The machines of one botnet, some of which another botnet has too: two bots on one machine. Which of them a name shows, and for
// how long, is botnet.ts's business.
import { addressIn } from '../address-plan.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { AgentPool } from '../agent-pool.ts'
import type { Draws } from '../population/benign-draws.ts'
import { largestFirst, tailWeights } from '../population/flux-campaign.ts'

const HOUR_MS = 3_600_000

export interface BotnetPool extends AgentPool {
  /** Machines that are alive at any one time. */
  readonly alive: number
}

export interface BotnetPoolOptions {
  readonly alive: number
  /** Machines that vanish, and are replaced, per hour. */
  readonly turnoverPerHour: number
  /** When the world begins: machine 0 is the oldest alive then. ms since the epoch. */
  readonly startAt: number
  /** That many machines of another botnet's are this one's as well: of those alive in the beginning, the youngest. */
  readonly sharedWith?: { readonly pool: BotnetPool; readonly machines: number }
}

/** Consumer machines in 30 to 200 access providers, most of them in few (flux-campaign.ts has the sources). */
export function createBotnetPool(plan: AddressPlan, draws: Draws, options: BotnetPoolOptions): BotnetPool {
  const { alive, turnoverPerHour, startAt, sharedWith } = options
  const { dice } = draws
  const count = draws.whole([30, 200], 'isps')
  const systems = largestFirst(draws, plan.systemsOf('consumer'), count, 'isp')
  const weights = tailWeights(systems.length, draws.real([0.4, 0.9], 'tail'))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const known = new Map<number, string>()
  const make = (machine: number): string => {
    // Among the youngest, since they are still there when the watch ends.
    if (sharedWith !== undefined && machine >= alive - sharedWith.machines && machine < alive) {
      return sharedWith.pool.addressOf(sharedWith.pool.alive - (alive - machine))
    }
    let left = dice.ratio('machine', machine) * whole
    const index = weights.findIndex((weight) => (left -= weight) < 0)
    return addressIn(systems[index] ?? systems.at(-1)!, {}, dice, 'machine', machine)
  }
  const addressOf = (machine: number): string => {
    let address = known.get(machine)
    if (address === undefined) known.set(machine, (address = make(machine)))
    return address
  }
  return {
    alive,
    addressOf,
    draw(at, ...labels) {
      const oldest = Math.max(0, Math.floor(((at - startAt) / HOUR_MS) * turnoverPerHour))
      return addressOf(oldest + dice.below(alive, 'draw', ...labels))
    },
  }
}
