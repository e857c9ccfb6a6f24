// A flagged name as the graph has it. The agents of one that stands alone are links (agent-links.ts); those of a guest stay here.
import type { FlaggedName, NetworkAgent } from '../model/network.ts'
import type { AgentLinks } from './agent-links.ts'
import type { ClusterMember } from './cluster-member.ts'
import type { KeptNetwork } from './kept-network.ts'

export interface GraphMember {
  readonly number: number
  readonly domain: string
  at: number
  /** `at` of what was last told to be kept. */
  keptAt: number
  standsAlone: boolean
  /** Of a guest; empty for one that stands alone. */
  agents: readonly NetworkAgent[]
  network: KeptNetwork | null
  joinedAt: number | null
}

export const SECOND_MS = 1000

/** The links of one member. */
export function* linksOf(links: AgentLinks, member: number): Generator<number, void, undefined> {
  for (let link = links.firstOfMember(member); link !== 0; link = links.nextOfMember(link)) yield link
}

/** The links of all names at an address. */
export function* linksAt(links: AgentLinks, address: number): Generator<number, void, undefined> {
  for (let link = links.firstOfAddress(address); link !== 0; link = links.nextOfAddress(link)) yield link
}

/** Numbers of a member's addresses. */
export function addressesOf(links: AgentLinks, member: number): number[] {
  return [...linksOf(links, member)].map((link) => links.addressOf(link))
}

/** Its agents, newest first, as they are kept. */
export function flaggedName(member: GraphMember, links: AgentLinks): FlaggedName {
  const { domain, standsAlone, at } = member
  const agents = standsAlone
    ? [...linksOf(links, member.number)].map((link) => agentAt(links, link))
    : member.agents
  return { domain, agents: newestFirst(agents), standsAlone, at }
}

export function agentAt(links: AgentLinks, link: number): NetworkAgent {
  const address = links.addressOf(link)
  return {
    address: links.textOf(address),
    last: links.lastOf(link) * SECOND_MS,
    strangers: links.strangersAt(address),
  }
}

/** As it is grouped. `before`: its group until then, -1 for none. */
export function clusterMember(member: GraphMember, links: AgentLinks, before: number): ClusterMember {
  const addresses = addressesOf(links, member.number)
  const weights = addresses.map((address) => links.weightOf(address))
  return { domain: member.domain, addresses, weights, before }
}

export function newestFirst(agents: readonly NetworkAgent[]): readonly NetworkAgent[] {
  return agents.toSorted((a, b) => b.last - a.last || (a.address < b.address ? -1 : 1))
}
