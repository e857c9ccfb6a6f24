// Which flagged names belong together: the networks, kept while names are flagged, cleared and forgotten. A name that comes is put
// where it fits at once; what changed is grouped anew in sweeps, from scratch. How names are grouped is clustering.ts, which group
// goes on as which network succession.ts; where it is kept, and who is flagged, is not known here.
import type { FlaggedName, NetworkAgent, NetworkChange, NetworkSummary } from '../model/network.ts'
import type { Policy } from '../policy.ts'
import { AgentLinks } from './agent-links.ts'
import { cluster, shapeOf } from './clustering.ts'
import { DueUnits } from './due-units.ts'
import { fitOf, type Fit } from './fit.ts'
import { SECOND_MS, agentAt, flaggedName, linksOf, newestFirst, type GraphMember } from './graph-member.ts'
import type { ClusterMember } from './grouping.ts'
import { KeptNetwork, networkId } from './kept-network.ts'
import { contextIn, type NetworkContext } from './network-context.ts'
import { NewsLog } from './news-log.ts'
import type { ClusterShape } from './pool-overlap.ts'
import { isNetwork, regionOf, unitOf, type Region } from './region.ts'
import { successionOf } from './succession.ts'

/** A flagged name as it is kept, so that a process that starts later has the same networks. */
export interface KeptMember {
  readonly name: FlaggedName
  /** Id of the network that it is in; null: it belongs to none. */
  readonly network: string | null
  /** Since when it is in there; ms. Null with `network`. */
  readonly joinedAt: number | null
}

/** What changed: to be kept (networks, members, gone) and to be told (changes). */
export interface NetworkNews {
  readonly changes: readonly NetworkChange[]
  readonly networks: readonly NetworkSummary[]
  readonly members: readonly KeptMember[]
  /** Domains that are not kept any more at all. */
  readonly gone: readonly string[]
}

/** Agents kept of a name, the latest: with as many two names of a pool of 2,000 share eight. Hand-set. */
export const AGENTS_KEPT = 128
/** How long an ended network is still known by its id, and a cleared name's older notes are still refused. Hand-set. */
const REMEMBERED_MS = 30 * 24 * 3600 * 1000
/** A name is kept anew so long after the last time though nothing but times changed: else its agents would seem too old. */
const KEPT_ANEW_MS = 24 * 3600 * 1000
/** What a sweep does at most: it looks for aged links of so many names, and groups anew until it has looked at so many links. */
const AGED_PER_SWEEP = 256
const LINKS_PER_SWEEP = 60_000

/** All networks of an instance. No clock: every `now` and `at` in ms since the epoch. */
export class NetworkGraph {
  readonly #policy: Policy
  readonly #links = new AgentLinks()
  readonly #members = new Map<string, GraphMember>()
  readonly #byNumber: (GraphMember | undefined)[] = []
  readonly #freeNumbers: number[] = []
  readonly #networks = new Map<string, KeptNetwork>()
  readonly #clearedAt = new Map<string, number>()
  readonly #due = new DueUnits()
  readonly #news = new NewsLog()
  readonly #changedMembers = new Set<string>()
  readonly #gone = new Set<string>()
  #ageing = 0
  #isRegrouping = false

  constructor(policy: Policy) {
    this.#policy = policy
  }

  /** What it holds, for measuring. */
  get size(): { readonly names: number; readonly links: number; readonly addresses: number } {
    return { names: this.#members.size, links: this.#links.links, addresses: this.#links.addresses }
  }

  /** Puts back what was kept, before anything is noted. Everything is then due for a look: what changed before was not finished. */
  restore(members: Iterable<KeptMember>, networks: Iterable<NetworkSummary>): void {
    for (const summary of networks) this.#networks.set(summary.id, KeptNetwork.of(summary))
    for (const { name, network: id, joinedAt } of members) {
      const member = this.#newMember(name)
      if (name.standsAlone) {
        for (const agent of name.agents) this.#addLink(member, agent, Math.floor(name.at / SECOND_MS))
      } else member.agents = newestFirst(name.agents)
      const network = id === null ? undefined : this.#networks.get(id)
      if (network === undefined || network.endedAt !== null) continue
      member.network = network
      member.joinedAt = joinedAt
      ;(member.standsAlone ? network.members : network.guests).add(member.number)
    }
    for (const network of this.#networks.values()) {
      const numbers = [...network.members]
      network.shape = shapeOf(numbers.map((number) => this.#clusterMember(this.#byNumber[number]!, -1)))
      network.agents = this.#poolOf(network).size
      if (network.endedAt === null) this.#due.later(network, 0)
    }
    for (const member of this.#members.values()) {
      if (member.standsAlone && member.network === null) this.#due.later(member, 0)
    }
  }

  /** Takes what a flagged name brings. What is older than what is known, or the same again, changes nothing. */
  note(name: FlaggedName, now: number): void {
    const known = this.#members.get(name.domain)
    if (name.at < (known?.at ?? 0) || name.at <= (this.#clearedAt.get(name.domain) ?? -1)) return
    this.#clearedAt.delete(name.domain)
    const fresh = name.agents.filter(({ last }) => last >= this.#oldest(now))
    if (known === undefined && fresh.length === 0) return
    const member = known ?? this.#newMember(name)
    member.at = name.at
    if (known === undefined) this.#changedMembers.add(name.domain)
    if (member.standsAlone !== name.standsAlone) this.#changeStanding(member, name.standsAlone, now)
    if (!member.standsAlone) this.#noteGuest(member, fresh, now)
    else if (this.#noteAgents(member, fresh, now)) this.#place(member, now)
  }

  /** The name is not flagged any more: cleared, not taken down. */
  clear(domain: string, at: number): void {
    const member = this.#members.get(domain)
    if (member !== undefined && at < member.at) return
    this.#clearedAt.delete(domain)
    this.#clearedAt.set(domain, at)
    if (member !== undefined) this.#forget(member, at)
  }

  /**
   * Lets links age out, splits what has come apart, ends what is over. One call looks for aged links of 256 names, and groups anew
   * what is due until it has looked at 60,000 links: at most one region more than that (region.ts).
   */
  sweep(now: number): void {
    let looked = 0
    for (
      let unit = this.#due.next(now);
      unit !== null && looked < LINKS_PER_SWEEP;
      unit = this.#due.next(now)
    ) {
      const region = regionOf(unit, this.#links, this.#byNumber)
      for (const one of region.units) this.#due.done(one)
      this.#regroup(region, now)
      this.#joinOutside(region, now)
      looked += region.links + 1
    }
    this.#age(now)
  }

  /** Whether something waits for a sweep at `now`. */
  isDue(now: number): boolean {
    return this.#due.next(now) !== null
  }

  /** What changed since the last call, in an order that content decides; one change per network. */
  takeNews(): NetworkNews {
    const { changes, networks } = this.#news.take()
    const members = [...this.#changedMembers]
      .toSorted()
      .map((domain) => this.#kept(this.#members.get(domain)!))
    const gone = [...this.#gone].toSorted()
    for (const { name } of members) this.#members.get(name.domain)!.keptAt = name.at
    this.#changedMembers.clear()
    this.#gone.clear()
    return { changes, networks, members, gone }
  }

  networkOf(domain: string): string | null {
    return this.#members.get(domain)?.network?.id ?? null
  }

  /** Of one that ended as well, for a month. */
  get(id: string): NetworkSummary | null {
    return this.#networks.get(id)?.summary() ?? null
  }

  /** Domains, sorted: those that make the network, and those that are merely listed with it. */
  membersOf(id: string): readonly string[] {
    const network = this.#networks.get(id)
    if (network === undefined) return []
    return [...network.members, ...network.guests].map((number) => this.#byNumber[number]!.domain).toSorted()
  }

  /** Agents of the members that stand alone, newest first. */
  agentsOf(id: string): readonly NetworkAgent[] {
    const network = this.#networks.get(id)
    if (network === undefined) return []
    return newestFirst([...this.#poolOf(network).values()].map((link) => agentAt(this.#links, link)))
  }

  /** What an assessment may know of the network that a name fits, flagged or not. `addresses`: canonical texts. */
  contextOf(domain: string, addresses: readonly string[]): NetworkContext | null {
    return contextIn(this.#members.get(domain) ?? null, addresses, this.#links, this.#byNumber)
  }

  #kept(member: GraphMember): KeptMember {
    return {
      name: flaggedName(member, this.#links),
      network: member.network?.id ?? null,
      joinedAt: member.joinedAt,
    }
  }

  #oldest(now: number): number {
    return now - this.#policy.networkLinkSeconds * SECOND_MS
  }

  #newMember({ domain, at, standsAlone }: FlaggedName): GraphMember {
    const number = this.#freeNumbers.pop() ?? this.#byNumber.length
    const member = { number, domain, at, keptAt: at, standsAlone, agents: [], network: null, joinedAt: null }
    this.#byNumber[number] = member
    this.#members.set(domain, member)
    this.#gone.delete(domain)
    return member
  }

  #forget(member: GraphMember, at: number): void {
    this.#move(member, null, at)
    this.#links.remove(member.number, () => true)
    this.#due.done(member)
    this.#members.delete(member.domain)
    this.#byNumber[member.number] = undefined
    this.#freeNumbers.push(member.number)
    this.#changedMembers.delete(member.domain)
    this.#gone.add(member.domain)
  }

  #changeStanding(member: GraphMember, standsAlone: boolean, now: number): void {
    const { agents } = flaggedName(member, this.#links)
    this.#move(member, null, now)
    this.#links.remove(member.number, () => true)
    this.#due.done(member)
    member.standsAlone = standsAlone
    member.agents = standsAlone ? [] : agents
    if (standsAlone) this.#noteAgents(member, agents, now)
    this.#changedMembers.add(member.domain)
  }

  /** True when there is an agent that it did not have. */
  #noteAgents(member: GraphMember, agents: readonly NetworkAgent[], now: number): boolean {
    const told = Math.floor(member.at / SECOND_MS)
    const known = new Map<number, number>()
    for (
      let link = this.#links.firstOfMember(member.number);
      link !== 0;
      link = this.#links.nextOfMember(link)
    )
      known.set(this.#links.addressOf(link), link)
    let added = 0
    for (const agent of agents) {
      const last = Math.floor(agent.last / SECOND_MS)
      const address = this.#links.find(agent.address)
      const link = known.get(address)
      if (address !== 0 && link !== undefined) {
        if (last > this.#links.lastOf(link)) {
          this.#links.setLast(link, last)
          if (member.at - member.keptAt >= KEPT_ANEW_MS) this.#changedMembers.add(member.domain)
        }
        this.#links.tellStrangers(address, agent.strangers, told)
      } else {
        const isNew = member.network !== null && !this.#hasAgent(member.network, address)
        known.set(this.#addLink(member, agent, told), this.#links.firstOfMember(member.number))
        added += 1
        if (isNew) {
          member.network!.agents += 1
          member.network!.grow(now, 1, 0)
          this.#news.touched(member.network!, now)
        }
      }
    }
    if (added === 0) return false
    if (known.size > AGENTS_KEPT) this.#keepLatest(member)
    this.#changedMembers.add(member.domain)
    return true
  }

  #addLink(member: GraphMember, { address, last, strangers }: NetworkAgent, told: number): number {
    const number = this.#links.add(member.number, address, Math.floor(last / SECOND_MS))
    this.#links.tellStrangers(number, strangers, told)
    return number
  }

  #keepLatest(member: GraphMember): void {
    const links = this.#links
    const text = (link: number): string => links.textOf(links.addressOf(link))
    const beyond = [...linksOf(links, member.number)]
      .toSorted((a, b) => links.lastOf(b) - links.lastOf(a) || (text(a) < text(b) ? -1 : 1))
      .slice(AGENTS_KEPT)
    this.#dropLinks(member, new Set(beyond))
  }

  #dropLinks(member: GraphMember, gone: ReadonlySet<number>): number {
    const { network } = member
    if (network !== null) {
      for (const link of gone) {
        if (!this.#hasAgent(network, this.#links.addressOf(link), member)) network.agents -= 1
      }
    }
    return this.#links.remove(member.number, (link) => gone.has(link))
  }

  /** Whether a member of the network has the address, other than the one given. */
  #hasAgent(network: KeptNetwork, address: number, except: GraphMember | null = null): boolean {
    if (address === 0) return false
    for (let link = this.#links.firstOfAddress(address); link !== 0; link = this.#links.nextOfAddress(link)) {
      const member = this.#byNumber[this.#links.memberOf(link)]!
      if (member.network === network && member !== except) return true
    }
    return false
  }

  /** Address → the link that saw it last. */
  #poolOf(network: KeptNetwork): ReadonlyMap<number, number> {
    const pool = new Map<number, number>()
    for (const number of network.members) {
      for (const link of linksOf(this.#links, number)) {
        const address = this.#links.addressOf(link)
        const other = pool.get(address)
        if (other === undefined || this.#links.lastOf(other) < this.#links.lastOf(link))
          pool.set(address, link)
      }
    }
    return pool
  }

  /** A member that stands alone and has new agents. */
  #place(member: GraphMember, now: number): void {
    if (member.network !== null) {
      this.#due.later(member.network, now)
      return
    }
    const fit = this.#fitOf(member)
    if (fit.network !== null && fit.isClear) {
      const { network, volume, meetings } = fit
      this.#move(member, network, now)
      const { shape } = network
      network.shape = {
        volume: shape.volume + volume,
        squares: shape.squares + volume ** 2,
        meetings: shape.meetings + 2 * meetings,
        cap: shape.cap,
      }
      this.#due.later(network, now)
    } else if (!fit.isClear) this.#due.soon(member)
  }

  #fitOf(member: GraphMember): Fit {
    const addresses = [...linksOf(this.#links, member.number)].map((link) => this.#links.addressOf(link))
    const { networkContainment } = this.#policy
    return fitOf(addresses, 0, member.number, this.#links, this.#byNumber, networkContainment)
  }

  #noteGuest(member: GraphMember, agents: readonly NetworkAgent[], now: number): void {
    const latest = new Map(member.agents.map((agent) => [agent.address, agent]))
    let isNew = false
    for (const agent of agents) {
      const held = latest.get(agent.address)
      isNew ||= held === undefined
      if (held === undefined || held.last < agent.last) latest.set(agent.address, agent)
    }
    member.agents = newestFirst([...latest.values()]).slice(0, AGENTS_KEPT)
    if (isNew) this.#changedMembers.add(member.domain)
    this.#placeGuest(member, now)
  }

  /** A guest is where it fits, or where it fitted and fits still a little. */
  #placeGuest(member: GraphMember, now: number): void {
    const found = member.agents
      .map(({ address }) => this.#links.find(address))
      .filter((address) => address !== 0)
    const strange = member.agents.length - found.length
    const fitWith = (containment: number): KeptNetwork | null =>
      fitOf(found, strange, -1, this.#links, this.#byNumber, containment).network
    const { networkContainment, networkStayContainment } = this.#policy
    const network = fitWith(networkContainment)
    const isStaying = network === null && member.network !== null
    this.#move(
      member,
      isStaying && fitWith(networkStayContainment) === member.network ? member.network : network,
      now,
    )
  }

  /** Puts a member into a network, or none, with all that is counted and told of it. */
  #move(member: GraphMember, network: KeptNetwork | null, now: number): void {
    const { network: before } = member
    if (before === network) return
    this.#changedMembers.add(member.domain)
    const numbers = [...linksOf(this.#links, member.number)].map((link) => this.#links.addressOf(link))
    if (before !== null) {
      ;(member.standsAlone ? before.members : before.guests).delete(member.number)
      member.network = null
      before.agents -= numbers.filter((address) => !this.#hasAgent(before, address)).length
      this.#news.went(before, member.domain, now)
      if (member.standsAlone) this.#due.later(before, now)
      this.#endIfOver(before, now)
    }
    member.joinedAt = network === null ? null : now
    if (network === null) return
    const newAgents = numbers.filter((address) => !this.#hasAgent(network, address)).length
    network.agents += newAgents
    network.grow(now, newAgents, 1)
    member.network = network
    ;(member.standsAlone ? network.members : network.guests).add(member.number)
    this.#due.done(member)
    this.#news.came(network, member.domain, now)
  }

  #endIfOver(network: KeptNetwork, now: number): void {
    if (network.members.size < 2 && network.endedAt === null && !this.#isRegrouping) this.#end(network, now)
  }

  #end(network: KeptNetwork, now: number): void {
    network.endedAt = now
    this.#due.done(network)
    this.#news.ended(network, now)
    for (const number of [...network.members, ...network.guests]) {
      const member = this.#byNumber[number]!
      this.#move(member, null, now)
      if (member.standsAlone) this.#due.later(member, now)
    }
  }

  #clusterMember(member: GraphMember, before: number): ClusterMember {
    const links = [...linksOf(this.#links, member.number)]
    const addresses = links.map((link) => this.#links.addressOf(link))
    const weights = addresses.map((address) => this.#links.weightOf(address))
    return { domain: member.domain, addresses, weights, before }
  }

  #regroup({ units, members }: Region, now: number): void {
    if (members.length < 2) return
    const networks = [...units].filter(isNetwork)
    const before = new Map(networks.map((network, index) => [network, index]))
    const { networkContainment, networkStayContainment } = this.#policy
    const { groups, shapes } = cluster(
      members.map((member) => this.#clusterMember(member, member.network ? before.get(member.network)! : -1)),
      { containment: networkContainment, stay: networkStayContainment },
    )
    const shapeBy = new Map<GraphMember, ClusterShape>()
    members.forEach((member, index) => shapeBy.set(member, shapes[groups[index]!]!))
    const grouped = [...Map.groupBy(members, (_, index) => groups[index]!).values()]
    const heirs = successionOf(grouped.filter(({ length }) => length > 1))

    // A network must not end while its members are on their way.
    this.#isRegrouping = true
    const targets = heirs.map((heir) => {
      const network = heir.network ?? this.#form(heir.members[0]!, heir.splitFrom, now)
      network.shape = shapeBy.get(heir.members[0]!)!
      return { heir, network }
    })
    for (const { heir, network } of targets) {
      for (const other of heir.absorbed) {
        this.#news.tookIn(network, other, now)
        other.mergedInto = network.id
      }
      for (const member of heir.members) this.#move(member, network, now)
      for (const other of heir.absorbed) this.#guestsInto(other, network, now)
    }
    for (const group of grouped) if (group.length === 1) this.#move(group[0]!, null, now)
    this.#isRegrouping = false
    const touched = new Set([...networks, ...targets.map(({ network }) => network)])
    for (const network of touched) this.#endIfOver(network, now)
    for (const network of touched)
      for (const number of network.guests) this.#placeGuest(this.#byNumber[number]!, now)
    for (const unit of [...touched, ...members]) this.#due.done(unit)
  }

  /** A name that is still alone may fit a network that was too large for the region. */
  #joinOutside({ units, members }: Region, now: number): void {
    for (const member of members) {
      if (member.network !== null) continue
      const { network } = this.#fitOf(member)
      if (network !== null && !units.has(network)) this.#move(member, network, now)
    }
  }

  #guestsInto(from: KeptNetwork, network: KeptNetwork, now: number): void {
    for (const number of from.guests) this.#move(this.#byNumber[number]!, network, now)
  }

  #form(founder: GraphMember, splitFrom: KeptNetwork | null, now: number): KeptNetwork {
    const id = networkId(founder.domain, now, (taken) => this.#networks.has(taken))
    const network = new KeptNetwork(id, now, splitFrom?.id ?? null)
    this.#networks.set(id, network)
    this.#news.formed(network, now)
    if (splitFrom !== null) this.#news.splitInto(splitFrom, network, now)
    return network
  }

  /** Links that are too old are gone; so is a name without any. */
  #age(now: number): void {
    const oldest = Math.floor(this.#oldest(now) / SECOND_MS)
    for (let looked = 0; looked < Math.min(AGED_PER_SWEEP, this.#byNumber.length); looked++) {
      const member = this.#byNumber[this.#ageing]
      this.#ageing = (this.#ageing + 1) % this.#byNumber.length
      if (this.#ageing === 0) this.#forgetEnded(now)
      if (member !== undefined) this.#ageMember(member, oldest, now)
    }
  }

  #ageMember(member: GraphMember, oldest: number, now: number): void {
    if (!member.standsAlone) {
      const agents = member.agents.filter(({ last }) => last >= oldest * SECOND_MS)
      // What it fits may have formed since it was noted.
      if (agents.length === member.agents.length && member.network !== null) return
      member.agents = agents
      if (agents.length === 0) this.#forget(member, now)
      else this.#placeGuest(member, now)
      return
    }
    const gone = new Set(
      [...linksOf(this.#links, member.number)].filter((link) => this.#links.lastOf(link) < oldest),
    )
    if (gone.size === 0) return
    if (this.#dropLinks(member, gone) === 0) {
      this.#forget(member, now)
      return
    }
    this.#changedMembers.add(member.domain)
    if (member.network !== null) this.#news.touched(member.network, now)
    this.#due.later(unitOf(member), now)
  }

  #forgetEnded(now: number): void {
    for (const [id, { endedAt }] of this.#networks) {
      if (endedAt !== null && endedAt < now - REMEMBERED_MS) this.#networks.delete(id)
    }
    for (const [domain, at] of this.#clearedAt) {
      if (at >= now - REMEMBERED_MS) break
      this.#clearedAt.delete(domain)
    }
  }
}
