// Which flagged names belong together: the networks, kept while names are flagged, cleared and forgotten. A name that comes is put
// where it fits at once (placement.ts); what changed is grouped anew in sweeps (regrouping.ts), what is old goes in them (ageing.ts).
// Where it is kept, and who is flagged, is not known here.
import type { FlaggedName, NetworkAgent, NetworkSummary } from '../model/network.ts'
import type { Policy } from '../policy.ts'
import { Ageing } from './ageing.ts'
import { ClearedNames } from './cleared-names.ts'
import { shapeOf } from './clustering.ts'
import { DueUnits } from './due-units.ts'
import { SECOND_MS, agentAt, clusterMember, newestFirst } from './graph-member.ts'
import { GraphMembers } from './graph-members.ts'
import { MemberAgents } from './member-agents.ts'
import { latestLinks } from './network-agents.ts'
import { contextIn, type NetworkContext } from './network-context.ts'
import type { KeptMember, NetworkNews } from './network-news.ts'
import { NetworkPlaces } from './network-places.ts'
import { Placement } from './placement.ts'
import { Regrouping } from './regrouping.ts'

/** All networks of an instance. No clock: every `now` and `at` in ms since the epoch. */
export class NetworkGraph {
  readonly #policy: Policy
  readonly #due = new DueUnits()
  readonly #members = new GraphMembers()
  readonly #places = new NetworkPlaces(this.#members, this.#due)
  readonly #agents = new MemberAgents(this.#members, this.#places)
  readonly #cleared = new ClearedNames()
  readonly #placement: Placement
  readonly #regrouping: Regrouping
  readonly #ageing: Ageing

  constructor(policy: Policy) {
    this.#policy = policy
    this.#placement = new Placement(policy, this.#members, this.#places, this.#due)
    this.#regrouping = new Regrouping(policy, this.#members, this.#places, this.#placement, this.#due)
    this.#ageing = new Ageing(this.#members, this.#places, this.#agents, this.#placement, this.#due)
  }

  /** What it holds, for measuring. */
  get size(): { readonly names: number; readonly links: number; readonly addresses: number } {
    const { size: names, links } = this.#members
    return { names, links: links.links, addresses: links.addresses }
  }

  /** Puts back what was kept, before anything is noted. Everything is then due for a look: what changed before was not finished. */
  restore(members: Iterable<KeptMember>, networks: Iterable<NetworkSummary>): void {
    for (const summary of networks) this.#places.restore(summary)
    for (const { name, network, joinedAt } of members) {
      const member = this.#members.add(name)
      this.#agents.restore(member, name.agents)
      this.#places.restoreMember(member, network, joinedAt)
    }
    const { links } = this.#members
    for (const network of this.#places.all()) {
      const numbers = [...network.members]
      network.shape = shapeOf(numbers.map((number) => clusterMember(this.#members.at(number), links, -1)))
      network.agents = latestLinks(network, links).size
      if (network.endedAt === null) this.#due.later(network, 0)
    }
    for (const member of this.#members.all()) {
      if (member.standsAlone && member.network === null) this.#due.later(member, 0)
    }
  }

  /** Takes what a flagged name brings. What is older than what is known, or the same again, changes nothing. */
  note(name: FlaggedName, now: number): void {
    const known = this.#members.get(name.domain)
    if (name.at < (known?.at ?? 0) || this.#cleared.refuses(name.domain, name.at)) return
    this.#cleared.flagged(name.domain)
    const oldest = this.#oldest(now)
    const fresh = name.agents.filter(({ last }) => last >= oldest)
    if (known === undefined && fresh.length === 0) return
    const member = known ?? this.#members.add(name)
    member.at = name.at
    if (known === undefined) this.#members.changed(member)
    if (member.standsAlone !== name.standsAlone) {
      this.#places.move(member, null, now)
      this.#due.done(member)
      this.#agents.changeStanding(member, name.standsAlone, now)
    }
    if (!member.standsAlone) {
      this.#agents.noteGuest(member, fresh)
      this.#placement.placeGuest(member, now)
    } else if (this.#agents.note(member, fresh, now)) this.#placement.place(member, now)
  }

  /** The name is not flagged any more: cleared, not taken down. */
  clear(domain: string, at: number): void {
    const member = this.#members.get(domain)
    if (member !== undefined && at < member.at) return
    this.#cleared.cleared(domain, at)
    if (member !== undefined) this.#places.forget(member, at)
  }

  /**
   * Lets links age out, splits what has come apart, ends what is over. One call looks for aged links of 256 names, and groups anew
   * what is due until it has looked at 60,000 links: at most one region more than that (region.ts).
   */
  sweep(now: number): void {
    this.#regrouping.sweep(now)
    if (!this.#ageing.sweep(this.#oldest(now), now)) return
    this.#places.forgetEnded(now)
    this.#cleared.forgetOld(now)
  }

  /** Whether something waits for a sweep at `now`. */
  isDue(now: number): boolean {
    return this.#due.next(now) !== null
  }

  /** What changed since the last call, in an order that content decides; one change per network. */
  takeNews(): NetworkNews {
    return { ...this.#places.takeNews(), ...this.#members.takeNews() }
  }

  networkOf(domain: string): string | null {
    return this.#members.get(domain)?.network?.id ?? null
  }

  /** Of one that ended as well, for a month. */
  get(id: string): NetworkSummary | null {
    return this.#places.get(id)?.summary() ?? null
  }

  /** Domains, sorted: those that make the network, and those that are merely listed with it. */
  membersOf(id: string): readonly string[] {
    const network = this.#places.get(id)
    if (network === undefined) return []
    return [...network.members, ...network.guests].map((number) => this.#members.at(number).domain).toSorted()
  }

  /** Agents of the members that stand alone, newest first. */
  agentsOf(id: string): readonly NetworkAgent[] {
    const network = this.#places.get(id)
    if (network === undefined) return []
    const { links } = this.#members
    return newestFirst([...latestLinks(network, links).values()].map((link) => agentAt(links, link)))
  }

  /** What an assessment may know of the network that a name fits, flagged or not. `addresses`: canonical texts. */
  contextOf(domain: string, addresses: readonly string[]): NetworkContext | null {
    return contextIn(this.#members.get(domain) ?? null, addresses, this.#members)
  }

  /** Links that were seen before it are too old. */
  #oldest(now: number): number {
    return now - this.#policy.networkLinkSeconds * SECOND_MS
  }
}
