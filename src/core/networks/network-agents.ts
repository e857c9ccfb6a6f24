// Which agents a network has: those of its members that stand alone, each address once. A guest's are not the network's.
import type { AgentLinks } from './agent-links.ts'
import { linksOf, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'

/** Whether a member of the network has the address (its number, 0: nobody has it), other than the one given. */
export function hasAgent(
  network: KeptNetwork,
  address: number,
  members: GraphMembers,
  except: GraphMember | null = null,
): boolean {
  if (address === 0) return false
  const { links } = members
  for (let link = links.firstOfAddress(address); link !== 0; link = links.nextOfAddress(link)) {
    const member = members.at(links.memberOf(link))
    if (member.network === network && member !== except) return true
  }
  return false
}

/** Number of the address → the link that saw it last. */
export function latestLinks(network: KeptNetwork, links: AgentLinks): ReadonlyMap<number, number> {
  const latest = new Map<number, number>()
  for (const number of network.members) {
    for (const link of linksOf(links, number)) {
      const address = links.addressOf(link)
      const other = latest.get(address)
      if (other === undefined || links.lastOf(other) < links.lastOf(link)) latest.set(address, link)
    }
  }
  return latest
}
