// Which network each name is in: networks form, take members in and end here, with all that is counted and told of that. Where a name
// belongs is decided in placement.ts and regrouping.ts.
import type { NetworkSummary } from '../model/network.ts'
import type { DueUnits } from './due-units.ts'
import { addressesOf, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import { KeptNetwork, networkId } from './kept-network.ts'
import { hasAgent } from './network-agents.ts'
import type { NetworkNews } from './network-news.ts'
import { NewsLog } from './news-log.ts'

/** How long an ended network is still known by its id. Hand-set. */
const REMEMBERED_MS = 30 * 24 * 3600 * 1000

export class NetworkPlaces {
  readonly #members: GraphMembers
  readonly #due: DueUnits
  readonly #networks = new Map<string, KeptNetwork>()
  readonly #news = new NewsLog()
  #areMovingTogether = false

  constructor(members: GraphMembers, due: DueUnits) {
    this.#members = members
    this.#due = due
  }

  /** One that ended as well, while it is remembered. */
  get(id: string): KeptNetwork | undefined {
    return this.#networks.get(id)
  }

  all(): Iterable<KeptNetwork> {
    return this.#networks.values()
  }

  restore(summary: NetworkSummary): void {
    this.#networks.set(summary.id, KeptNetwork.of(summary))
  }

  /** Where it was: nothing is counted or told. One whose network has ended is in none. */
  restoreMember(member: GraphMember, id: string | null, joinedAt: number | null): void {
    const network = id === null ? undefined : this.#networks.get(id)
    if (network === undefined || network.endedAt !== null) return
    member.network = network
    member.joinedAt = joinedAt
    seatsOf(network, member).add(member.number)
  }

  form(founder: GraphMember, splitFrom: KeptNetwork | null, now: number): KeptNetwork {
    const id = networkId(founder.domain, now, (taken) => this.#networks.has(taken))
    const network = new KeptNetwork(id, now, splitFrom?.id ?? null)
    this.#networks.set(id, network)
    this.#news.formed(network, now)
    if (splitFrom !== null) this.#news.splitInto(splitFrom, network, now)
    return network
  }

  /** Says where another one ends; its members are moved one by one. */
  mergeInto(network: KeptNetwork, other: KeptNetwork, now: number): void {
    this.#news.tookIn(network, other, now)
    other.mergedInto = network.id
  }

  /** Puts a member into a network, or none. */
  move(member: GraphMember, network: KeptNetwork | null, now: number): void {
    const { network: before } = member
    if (before === network) return
    this.#members.changed(member)
    const addresses = addressesOf(this.#members.links, member.number)
    if (before !== null) {
      seatsOf(before, member).delete(member.number)
      member.network = null
      before.agents -= this.#newTo(before, addresses)
      this.#news.went(before, member.domain, now)
      if (member.standsAlone) this.#due.later(before, now)
      this.endIfOver(before, now)
    }
    member.joinedAt = network === null ? null : now
    if (network === null) return
    const newAgents = this.#newTo(network, addresses)
    network.agents += newAgents
    // A guest that is flagged later comes then.
    network.grow(now, newAgents, member.standsAlone ? 1 : 0)
    member.network = network
    seatsOf(network, member).add(member.number)
    this.#due.done(member)
    this.#news.came(network, member.domain, now)
  }

  /** Moves after which it is seen who is over: no network ends while its members are on their way. */
  moveTogether(moves: () => void): void {
    this.#areMovingTogether = true
    moves()
    this.#areMovingTogether = false
  }

  endIfOver(network: KeptNetwork, now: number): void {
    if (network.members.size < 2 && network.endedAt === null && !this.#areMovingTogether) {
      this.#end(network, now)
    }
  }

  /** Takes a name out of the graph. */
  forget(member: GraphMember, at: number): void {
    this.move(member, null, at)
    this.#members.remove(member)
    this.#due.done(member)
  }

  /** A member has an agent that the network did not have. */
  gainedAgent(network: KeptNetwork, now: number): void {
    network.agents += 1
    network.grow(now, 1, 0)
    this.#news.touched(network, now)
  }

  /** Agents of a member aged out. */
  lostAgents(network: KeptNetwork, now: number): void {
    this.#news.touched(network, now)
  }

  takeNews(): Pick<NetworkNews, 'changes' | 'networks'> {
    return this.#news.take()
  }

  forgetEnded(now: number): void {
    for (const [id, { endedAt }] of this.#networks) {
      if (endedAt !== null && endedAt < now - REMEMBERED_MS) this.#networks.delete(id)
    }
  }

  #newTo(network: KeptNetwork, addresses: readonly number[]): number {
    return addresses.filter((address) => !hasAgent(network, address, this.#members)).length
  }

  #end(network: KeptNetwork, now: number): void {
    network.endedAt = now
    this.#due.done(network)
    this.#news.ended(network, now)
    for (const number of [...network.members, ...network.guests]) {
      const member = this.#members.at(number)
      this.move(member, null, now)
      if (member.standsAlone) this.#due.later(member, now)
    }
  }
}

function seatsOf(network: KeptNetwork, { standsAlone }: GraphMember): Set<number> {
  return standsAlone ? network.members : network.guests
}
