// The infected consumer machines of one campaign: which are alive at a time, and where they are. Which of them a zone
// shows, and for how long, is the zone's business.
import { addressIn } from './address-plan.ts'
import type { AutonomousSystem } from './autonomous-systems.ts'
import type { Dice, Label } from './random.ts'

const HOUR_MS = 3_600_000

export interface AgentPoolOptions {
  /** Labels of the campaign: two pools of the same name are the same pool. */
  readonly name: string
  readonly systems: readonly AutonomousSystem[]
  /** Share of agents per system, any unit; as long as `systems`. */
  readonly weights: readonly number[]
  /** Agents that are alive at any one time. */
  readonly alive: number
  /** Agents that vanish, and are replaced by new infections, per hour. */
  readonly turnoverPerHour: number
}

export interface AgentPool {
  /** The address of one agent that is alive at `at`, as the labels decide. */
  draw(at: number, ...labels: readonly Label[]): string
  /** The address of the n-th agent ever. */
  addressOf(agent: number): string
}

export function createAgentPool(options: AgentPoolOptions, dice: Dice): AgentPool {
  const totalWeight = options.weights.reduce((sum, weight) => sum + weight, 0)
  const known = new Map<number, string>()
  const addressOf = (agent: number): string => {
    let address = known.get(agent)
    if (address === undefined) {
      address = addressIn(systemOf(agent), {}, dice, 'agent', options.name, agent)
      known.set(agent, address)
    }
    return address
  }
  return {
    addressOf,
    draw(at, ...labels) {
      const oldest = Math.floor((at / HOUR_MS) * options.turnoverPerHour)
      return addressOf(oldest + dice.below(options.alive, 'draw', options.name, ...labels))
    },
  }

  function systemOf(agent: number): AutonomousSystem {
    let left = dice.ratio('system', options.name, agent) * totalWeight
    const index = options.weights.findIndex((weight) => (left -= weight) < 0)
    return options.systems[index] ?? options.systems.at(-1)!
  }
}

/**
 * Weights with a long tail: rank^-0.5. With the 40 consumer ISPs of the lab the ten largest hold 45 % of the agents
 * (Holz et al., NDSS 2008, measured 43.3 % for the top ten of 818 ASNs).
 */
export function longTailWeights(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => 1 / Math.sqrt(rank + 1))
}
