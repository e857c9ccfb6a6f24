// A lab world of botnets as networks: watched name by name, noted round by round, counted at the end.
import { countPairs, type PairCount } from './pair-counting.ts'
import { NetworkGraph } from '../../src/core/networks/network-graph.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createBotnetWorld, type BotnetWorldOptions } from '../../src/lab/botnets/botnet-world.ts'
import { watchBotnets } from '../../src/lab/botnets/watch-botnets.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface LabNetworks {
  readonly names: number
  readonly flagged: number
  /** Bystanders that the detector flagged, and those that were put among the flagged by hand. */
  readonly bystandersFlagged: number
  readonly bystandersForced: number
  readonly networks: number
  /** Over the flagged names, bystanders with them; each bystander belongs to nobody. */
  readonly pairs: PairCount
  /** The same without what is known of strangers at an address. */
  readonly pairsWithoutStrangers: PairCount
}

/** `forced`: so many bystanders are flagged by mistake, evenly chosen. `hours`: from the world's beginning to its end. */
export function labNetworks(
  options: BotnetWorldOptions,
  hours: number,
  forced: number,
  policy: Policy,
): LabNetworks {
  const world = createBotnetWorld(options)
  const { notes, truth, mistaken } = watchBotnets(world, options.startAt + hours * HOUR_MS)
  const flagged = new Set(notes.map(({ domain }) => domain))
  const seen = mistaken.filter(({ agents }) => agents.length > 0)
  const every = Math.max(1, Math.floor(seen.length / Math.max(1, forced)))
  const chosen = seen.filter((_, index) => index % every === 0).slice(0, forced)
  const all = [...notes, ...chosen].toSorted((a, b) => a.at - b.at || (a.domain < b.domain ? -1 : 1))
  const domains = [...new Set(all.map(({ domain }) => domain))]
  const truthOf = new Map(domains.map((domain) => [domain, truth.get(domain) ?? null]))

  const grouped = (knowsStrangers: boolean): Map<string, string | null> => {
    const graph = new NetworkGraph(policy)
    let swept = 0
    for (const name of all) {
      const agents = knowsStrangers ? name.agents : name.agents.map((agent) => ({ ...agent, strangers: 0 }))
      graph.note({ ...name, agents }, name.at)
      if (name.at - swept < MINUTE_MS) continue
      graph.sweep(name.at)
      swept = name.at
    }
    for (let later = swept; graph.isDue(later + HOUR_MS);) graph.sweep((later += HOUR_MS))
    return new Map(domains.map((domain) => [domain, graph.networkOf(domain)]))
  }
  const found = grouped(true)
  return {
    names: world.names.length,
    flagged: flagged.size,
    bystandersFlagged: [...flagged].filter((domain) => truth.get(domain) === null).length,
    bystandersForced: chosen.length,
    networks: new Set([...found.values()].filter((id) => id !== null)).size,
    pairs: countPairs(truthOf, found),
    pairsWithoutStrangers: countPairs(truthOf, grouped(false)),
  }
}
