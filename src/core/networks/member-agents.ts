// Which agents are kept of a name: the latest of what was noted. Those of a name that stands alone are links, which tie it to others
// and count for its network; those of a guest are merely listed.
import type { NetworkAgent } from '../model/network.ts'
import { SECOND_MS, flaggedName, linksOf, newestFirst, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import { hasAgent } from './network-agents.ts'
import type { NetworkPlaces } from './network-places.ts'

/** Agents kept of a name, the latest: with as many two names of a pool of 2,000 share eight. Hand-set. */
export const AGENTS_KEPT = 128
/** A name is kept anew so long after the last time though nothing but times changed: else its agents would seem too old. */
const KEPT_ANEW_MS = 24 * 3600 * 1000

export class MemberAgents {
  readonly #members: GraphMembers
  readonly #places: NetworkPlaces

  constructor(members: GraphMembers, places: NetworkPlaces) {
    this.#members = members
    this.#places = places
  }

  /** As they were kept. */
  restore(member: GraphMember, agents: readonly NetworkAgent[]): void {
    if (!member.standsAlone) member.agents = newestFirst(agents)
    else for (const agent of agents) this.#add(member, agent, Math.floor(member.at / SECOND_MS))
  }

  /** Of a member that stands alone. True when there is an agent that it did not have. */
  note(member: GraphMember, agents: readonly NetworkAgent[], now: number): boolean {
    const { links } = this.#members
    const told = Math.floor(member.at / SECOND_MS)
    const known = new Map<number, number>()
    for (let link = links.firstOfMember(member.number); link !== 0; link = links.nextOfMember(link))
      known.set(links.addressOf(link), link)
    let added = 0
    for (const agent of agents) {
      const address = links.find(agent.address)
      const link = known.get(address)
      if (address !== 0 && link !== undefined) {
        this.#seenAgain(member, link, Math.floor(agent.last / SECOND_MS))
        links.tellStrangers(address, agent.strangers, told)
      } else {
        const isNew = member.network !== null && !hasAgent(member.network, address, this.#members)
        known.set(this.#add(member, agent, told), links.firstOfMember(member.number))
        added += 1
        if (isNew) this.#places.gainedAgent(member.network!, now)
      }
    }
    if (added === 0) return false
    if (known.size > AGENTS_KEPT) this.#keepLatest(member)
    this.#members.changed(member)
    return true
  }

  /** Of a member that does not. */
  noteGuest(member: GraphMember, agents: readonly NetworkAgent[]): void {
    const latest = new Map(member.agents.map((agent) => [agent.address, agent]))
    let isNew = false
    for (const agent of agents) {
      const held = latest.get(agent.address)
      isNew ||= held === undefined
      if (held === undefined || held.last < agent.last) latest.set(agent.address, agent)
    }
    member.agents = newestFirst([...latest.values()]).slice(0, AGENTS_KEPT)
    if (isNew) this.#members.changed(member)
  }

  /** From links to a list, or back: of a member that is in no network at that moment. */
  changeStanding(member: GraphMember, standsAlone: boolean, now: number): void {
    const { agents } = flaggedName(member, this.#members.links)
    this.#members.links.remove(member.number, () => true)
    member.standsAlone = standsAlone
    member.agents = standsAlone ? [] : agents
    if (standsAlone) this.note(member, agents, now)
    this.#members.changed(member)
  }

  /** Takes links of a member away; gives how many stay. */
  drop(member: GraphMember, gone: ReadonlySet<number>): number {
    const { links } = this.#members
    const { network } = member
    if (network !== null) {
      for (const link of gone) {
        if (!hasAgent(network, links.addressOf(link), this.#members, member)) network.agents -= 1
      }
    }
    return links.remove(member.number, (link) => gone.has(link))
  }

  #seenAgain(member: GraphMember, link: number, last: number): void {
    const { links } = this.#members
    if (last <= links.lastOf(link)) return
    links.setLast(link, last)
    if (member.at - member.keptAt >= KEPT_ANEW_MS) this.#members.changed(member)
  }

  /** Gives the address's number. */
  #add({ number }: GraphMember, { address, last, strangers }: NetworkAgent, told: number): number {
    const { links } = this.#members
    const added = links.add(number, address, Math.floor(last / SECOND_MS))
    links.tellStrangers(added, strangers, told)
    return added
  }

  #keepLatest(member: GraphMember): void {
    const { links } = this.#members
    const text = (link: number): string => links.textOf(links.addressOf(link))
    const beyond = [...linksOf(links, member.number)]
      .toSorted((a, b) => links.lastOf(b) - links.lastOf(a) || (text(a) < text(b) ? -1 : 1))
      .slice(AGENTS_KEPT)
    this.drop(member, new Set(beyond))
  }
}
