// Where a single name goes at once, by what it fits (fit.ts). What only a grouping can tell is left to the next sweep (regrouping.ts).
import type { Policy } from '../policy.ts'
import type { DueUnits } from './due-units.ts'
import { fitOf, type Fit } from './fit.ts'
import { addressesOf, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'
import type { NetworkPlaces } from './network-places.ts'

export class Placement {
  readonly #policy: Policy
  readonly #members: GraphMembers
  readonly #places: NetworkPlaces
  readonly #due: DueUnits

  constructor(policy: Policy, members: GraphMembers, places: NetworkPlaces, due: DueUnits) {
    this.#policy = policy
    this.#members = members
    this.#places = places
    this.#due = due
  }

  /** A member that stands alone and has new agents. */
  place(member: GraphMember, now: number): void {
    if (member.network !== null) {
      this.#due.later(member.network, now)
      return
    }
    const fit = this.fitOf(member)
    if (fit.network !== null && fit.isClear) {
      const { network, volume, meetings } = fit
      this.#places.move(member, network, now)
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

  /** What a member that stands alone fits by now. */
  fitOf(member: GraphMember): Fit {
    const addresses = addressesOf(this.#members.links, member.number)
    return fitOf(addresses, 0, member.number, this.#members, this.#policy.networkContainment)
  }

  /** A guest is where it fits, or where it fitted and fits still a little. */
  placeGuest(member: GraphMember, now: number): void {
    const found = member.agents
      .map(({ address }) => this.#members.links.find(address))
      .filter((address) => address !== 0)
    const strange = member.agents.length - found.length
    const fitWith = (containment: number): KeptNetwork | null =>
      fitOf(found, strange, -1, this.#members, containment).network
    const { networkContainment, networkStayContainment } = this.#policy
    const network = fitWith(networkContainment)
    const isStaying =
      network === null && member.network !== null && fitWith(networkStayContainment) === member.network
    this.#places.move(member, isStaying ? member.network : network, now)
  }
}
