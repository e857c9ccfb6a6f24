// A lab world of botnets as networks: watched name by name, noted round by round, counted at the end.
import { countPairs, type PairCount } from './pair-counting.ts'
import type { FlaggedName } from '../../src/core/model/network.ts'
import { LEAST_SHARED } from '../../src/core/networks/link-weight.ts'
import { NetworkGraph } from '../../src/core/networks/network-graph.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createBotnetWorld, type BotnetWorldOptions } from '../../src/lab/botnets/botnet-world.ts'
import { inTime, watchBotnets, type ClearedName } from '../../src/lab/botnets/watch-botnets.ts'

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
  /** At the end, over the flagged names and those that are listed then. */
  readonly pairsWithListed: PairCount
  readonly listed: Listed
}

/** Names that were not flagged yet, but nearly, and were listed with a network at some time. */
export interface Listed {
  readonly names: number
  /** Of them with a network without any flagged name of their botnet; so is every bystander. */
  readonly astray: number
  /** Of each with each other member, when it was first listed there: rightly, and wrongly. Nothing is said of who was missed. */
  readonly pairs: PairCount
}

/** `forced`: so many bystanders are flagged by mistake, evenly chosen. `hours`: from the world's beginning to its end. */
export function labNetworks(
  options: BotnetWorldOptions,
  hours: number,
  forced: number,
  policy: Policy,
): LabNetworks {
  const world = createBotnetWorld(options)
  const { notes, nearly, cleared, truth, mistaken } = watchBotnets(world, options.startAt + hours * HOUR_MS)
  const flagged = new Set(notes.map(({ domain }) => domain))
  const seen = mistaken.filter(({ agents }) => agents.length > 0)
  const every = Math.max(1, Math.floor(seen.length / Math.max(1, forced)))
  const chosen = seen.filter((_, index) => index % every === 0).slice(0, forced)
  const domains = [...new Set([...notes, ...chosen].map(({ domain }) => domain))]
  const told = [...notes, ...chosen, ...nearly, ...cleared].toSorted(inTime)
  const everybody = [...new Set([...domains, ...nearly.map(({ domain }) => domain)])]
  const truthOf = (some: readonly string[]): Map<string, number | null> =>
    new Map(some.map((domain) => [domain, truth.get(domain) ?? null]))

  const grouped = (knowsStrangers: boolean) => {
    const graph = new NetworkGraph(policy)
    const flaggedAt = new FlaggedAddresses()
    const listings = new Listings(graph, truth)
    let swept = 0
    for (const name of told) {
      if (!isFlaggedName(name)) {
        graph.clear(name.domain, name.at)
        continue
      }
      if (name.standsAlone) flaggedAt.note(name)
      else if (flaggedAt.sharedWith(name) < LEAST_SHARED) continue
      const agents = knowsStrangers ? name.agents : name.agents.map((agent) => ({ ...agent, strangers: 0 }))
      graph.note({ ...name, agents }, name.at)
      if (!name.standsAlone) listings.look(name.domain, (other) => flaggedAt.has(other))
      if (name.at - swept < MINUTE_MS) continue
      graph.sweep(name.at)
      swept = name.at
    }
    for (let later = swept; graph.isDue(later + HOUR_MS);) graph.sweep((later += HOUR_MS))
    const foundOf = (some: readonly string[]): Map<string, string | null> =>
      new Map(some.map((domain) => [domain, graph.networkOf(domain)]))
    return { found: foundOf(domains), withListed: foundOf(everybody), listed: listings.count() }
  }
  const { found, withListed, listed } = grouped(true)
  return {
    names: world.names.length,
    flagged: flagged.size,
    bystandersFlagged: [...flagged].filter((domain) => truth.get(domain) === null).length,
    bystandersForced: chosen.length,
    networks: new Set([...found.values()].filter((id) => id !== null)).size,
    pairs: countPairs(truthOf(domains), found),
    pairsWithoutStrangers: countPairs(truthOf(domains), grouped(false).found),
    pairsWithListed: countPairs(truthOf(everybody), withListed),
    listed,
  }
}

function isFlaggedName(step: FlaggedName | ClearedName): step is FlaggedName {
  return 'agents' in step
}

/** Whose verdicts stand alone at which addresses, as far as it was told. */
class FlaggedAddresses {
  readonly #flagged = new Set<string>()
  readonly #domains = new Map<string, Set<string>>()

  has(domain: string): boolean {
    return this.#flagged.has(domain)
  }

  note({ domain, agents }: FlaggedName): void {
    this.#flagged.add(domain)
    for (const { address } of agents)
      this.#domains.set(address, (this.#domains.get(address) ?? new Set()).add(domain))
  }

  /** Addresses at which another domain is. */
  sharedWith({ domain, agents }: FlaggedName): number {
    return agents.filter(({ address }) => {
      const there = this.#domains.get(address)
      return there !== undefined && there.size > (there.has(domain) ? 1 : 0)
    }).length
  }
}

class Listings {
  readonly #graph: NetworkGraph
  readonly #truth: ReadonlyMap<string, number | null>
  readonly #seen = new Set<string>()
  readonly #names = new Set<string>()
  readonly #astray = new Set<string>()
  #right = 0
  #wrong = 0

  constructor(graph: NetworkGraph, truth: ReadonlyMap<string, number | null>) {
    this.#graph = graph
    this.#truth = truth
  }

  /** `isFlagged`: of members, as far as it was told. */
  look(domain: string, isFlagged: (other: string) => boolean): void {
    const id = this.#graph.networkOf(domain)
    if (id === null || this.#seen.has(`${domain} ${id}`)) return
    this.#seen.add(`${domain} ${id}`)
    this.#names.add(domain)
    const own = this.#truth.get(domain) ?? null
    const others = this.#graph.membersOf(id).filter((other) => other !== domain)
    const kin = others.filter((other) => own !== null && this.#truth.get(other) === own)
    this.#right += kin.length
    this.#wrong += others.length - kin.length
    if (!kin.some(isFlagged)) this.#astray.add(domain)
  }

  count(): Listed {
    return {
      names: this.#names.size,
      astray: this.#astray.size,
      pairs: { together: this.#right, wronglyTogether: this.#wrong, wronglyApart: 0 },
    }
  }
}
