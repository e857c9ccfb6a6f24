// What grows old: links that no answer renewed are gone, and so is a name without any. A few names a sweep, all of them in turn.
import { SECOND_MS, linksOf, type GraphMember } from './graph-member.ts'
import type { DueUnits } from './due-units.ts'
import type { GraphMembers } from './graph-members.ts'
import type { MemberAgents } from './member-agents.ts'
import type { NetworkPlaces } from './network-places.ts'
import type { Placement } from './placement.ts'
import { unitOf } from './region.ts'

/** A sweep looks for aged links of so many names. */
const AGED_PER_SWEEP = 256

export class Ageing {
  readonly #members: GraphMembers
  readonly #places: NetworkPlaces
  readonly #agents: MemberAgents
  readonly #placement: Placement
  readonly #due: DueUnits
  #next = 0

  constructor(
    members: GraphMembers,
    places: NetworkPlaces,
    agents: MemberAgents,
    placement: Placement,
    due: DueUnits,
  ) {
    this.#members = members
    this.#places = places
    this.#agents = agents
    this.#placement = placement
    this.#due = due
  }

  /** `oldest`: what was seen before it is too old; ms. Answers whether every name had its turn, so that the next sweep begins anew. */
  sweep(oldest: number, now: number): boolean {
    let isRoundOver = false
    const oldestSecond = Math.floor(oldest / SECOND_MS)
    const { numbers } = this.#members
    for (let looked = 0; looked < Math.min(AGED_PER_SWEEP, numbers); looked++) {
      const member = this.#members.find(this.#next)
      this.#next = (this.#next + 1) % numbers
      isRoundOver ||= this.#next === 0
      if (member === undefined) continue
      if (member.standsAlone) this.#age(member, oldestSecond, now)
      else this.#ageGuest(member, oldestSecond, now)
    }
    return isRoundOver
  }

  #age(member: GraphMember, oldestSecond: number, now: number): void {
    const { links } = this.#members
    const gone = new Set(
      [...linksOf(links, member.number)].filter((link) => links.lastOf(link) < oldestSecond),
    )
    if (gone.size === 0) return
    if (this.#agents.drop(member, gone) === 0) {
      this.#places.forget(member, now)
      return
    }
    this.#members.changed(member)
    if (member.network !== null) this.#places.lostAgents(member.network, now)
    this.#due.later(unitOf(member), now)
  }

  #ageGuest(member: GraphMember, oldestSecond: number, now: number): void {
    const agents = member.agents.filter(({ last }) => last >= oldestSecond * SECOND_MS)
    // What it fits may have formed since it was noted.
    if (agents.length === member.agents.length && member.network !== null) return
    member.agents = agents
    if (agents.length === 0) this.#places.forget(member, now)
    else this.#placement.placeGuest(member, now)
  }
}
