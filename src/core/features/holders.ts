// Addresses of a pool with the same owner in the same place. Most of what is counted over addresses is a property of these, and of
// three hundred addresses there are far fewer of them: the addresses are walked over once, then only the holders.
import type { Member } from './member.ts'
import type { Owner } from './operator.ts'
import { noneAt } from './seats.ts'
import type { Seats } from './seats.ts'

export interface Holder {
  readonly owner: Owner
  /** Whether no holder before it has its AS number. */
  readonly isFirstOfAsn: boolean
  /** Addresses; at least 1. */
  readonly count: number
  /** Of them those that each vantage saw, as `Seats.vantages` has them. */
  readonly seenAt: readonly number[]
}

interface Counted {
  readonly owner: Owner
  readonly isFirstOfAsn: boolean
  count: number
  readonly seenAt: number[]
  /** Another of the same AS number. */
  next: Counted | null
}

/** In the order in which the members bring them up. */
export function holdersOf(members: readonly Member[], { vantages, ofMember }: Seats): readonly Holder[] {
  const holders: Counted[] = []
  // An AS number has one owner and mostly one country: hardly ever is there a second holder to look through.
  const byAsn = new Map<number | null, Counted>()
  for (let index = 0; index < members.length; index += 1) {
    const { facts } = members[index]!
    const first = byAsn.get(facts.asn)
    let holder = find(first, facts)
    if (holder === null) {
      holder = {
        owner: facts,
        isFirstOfAsn: first === undefined,
        count: 0,
        seenAt: noneAt(vantages),
        next: first ?? null,
      }
      byAsn.set(facts.asn, holder)
      holders.push(holder)
    }
    holder.count += 1
    const seats = ofMember[index]!
    for (let at = 0; at < seats.length; at += 1) holder.seenAt[seats[at]!]! += 1
  }
  return holders
}

function find(first: Counted | undefined, { organisation, country }: Owner): Counted | null {
  let holder = first ?? null
  while (
    holder !== null &&
    (holder.owner.country !== country || holder.owner.organisation !== organisation)
  ) {
    holder = holder.next
  }
  return holder
}
