// The part of the graph that is grouped anew together: what changed, and all that it could be tied to, as far as it can be looked at
// in one go.
import type { GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'

/** What stays together in a region: a network with all its members, or a name that is in none. */
export type Unit = KeptNetwork | GraphMember

/** Members of a region; a network that alone has more is a region of its own. Hand-set: a tenth of a second of work. */
const REGION_MEMBERS = 600

export interface Region {
  readonly units: ReadonlySet<Unit>
  readonly members: readonly GraphMember[]
  readonly links: number
}

export function isNetwork(unit: Unit): unit is KeptNetwork {
  return 'members' in unit
}

export function unitOf(member: GraphMember): Unit {
  return member.network ?? member
}

/**
 * The unit, and whoever shares addresses with it, and with those, nearest first. Complete, and with that independent of how the
 * graph came to be, unless it would have more than REGION_MEMBERS.
 */
export function regionOf(first: Unit, all: GraphMembers): Region {
  const { links } = all
  const units = new Set<Unit>([first])
  const members: GraphMember[] = []
  const seen = new Set<number>()
  let size = sizeOf(first)
  let counted = 0
  for (const unit of units) {
    const numbers = isNetwork(unit) ? [...unit.members] : [unit.number]
    for (const number of numbers) {
      members.push(all.at(number))
      for (let link = links.firstOfMember(number); link !== 0; link = links.nextOfMember(link)) {
        counted += 1
        const address = links.addressOf(link)
        if (links.namesAt(address) < 2 || seen.has(address)) continue
        seen.add(address)
        if (links.weightOf(address) === 0) continue
        for (let other = links.firstOfAddress(address); other !== 0; other = links.nextOfAddress(other)) {
          const next = unitOf(all.at(links.memberOf(other)))
          if (units.has(next) || size + sizeOf(next) > REGION_MEMBERS) continue
          size += sizeOf(next)
          units.add(next)
        }
      }
    }
  }
  return { units, members, links: counted }
}

function sizeOf(unit: Unit): number {
  return isNetwork(unit) ? unit.members.size : 1
}
