// The flagged names of the graph, by domain and by number, with their links, and whose record changed since it was last taken. Which
// network a name is in is decided elsewhere.
import type { FlaggedName } from '../model/network.ts'
import { AgentLinks } from './agent-links.ts'
import { flaggedName, type GraphMember } from './graph-member.ts'
import type { KeptMember, NetworkNews } from './network-news.ts'

export class GraphMembers {
  readonly links = new AgentLinks()
  readonly #byDomain = new Map<string, GraphMember>()
  readonly #byNumber: (GraphMember | undefined)[] = []
  readonly #freeNumbers: number[] = []
  readonly #changed = new Set<string>()
  readonly #gone = new Set<string>()

  get size(): number {
    return this.#byDomain.size
  }

  /** Numbers are below this; some belong to nobody. */
  get numbers(): number {
    return this.#byNumber.length
  }

  get(domain: string): GraphMember | undefined {
    return this.#byDomain.get(domain)
  }

  /** `number`: one that belongs to somebody. */
  at(number: number): GraphMember {
    return this.#byNumber[number]!
  }

  find(number: number): GraphMember | undefined {
    return this.#byNumber[number]
  }

  all(): Iterable<GraphMember> {
    return this.#byDomain.values()
  }

  /** Without agents, and in no network. */
  add({ domain, at, standsAlone }: FlaggedName): GraphMember {
    const number = this.#freeNumbers.pop() ?? this.#byNumber.length
    const member = { number, domain, at, keptAt: at, standsAlone, agents: [], network: null, joinedAt: null }
    this.#byNumber[number] = member
    this.#byDomain.set(domain, member)
    this.#gone.delete(domain)
    return member
  }

  remove(member: GraphMember): void {
    this.links.remove(member.number, () => true)
    this.#byDomain.delete(member.domain)
    this.#byNumber[member.number] = undefined
    this.#freeNumbers.push(member.number)
    this.#changed.delete(member.domain)
    this.#gone.add(member.domain)
  }

  /** Its record is to be kept anew. */
  changed(member: GraphMember): void {
    this.#changed.add(member.domain)
  }

  /** Since the last call, sorted by domain. */
  takeNews(): Pick<NetworkNews, 'members' | 'gone'> {
    const members = [...this.#changed].toSorted().map((domain) => this.#keep(this.#byDomain.get(domain)!))
    const gone = [...this.#gone].toSorted()
    this.#changed.clear()
    this.#gone.clear()
    return { members, gone }
  }

  #keep(member: GraphMember): KeptMember {
    member.keptAt = member.at
    return {
      name: flaggedName(member, this.links),
      network: member.network?.id ?? null,
      joinedAt: member.joinedAt,
    }
  }
}
