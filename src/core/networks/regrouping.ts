// What changed is grouped anew, from scratch, region by region. How names are grouped is clustering.ts, which group goes on as which
// network succession.ts; what a move counts and tells is network-places.ts.
import type { Policy } from '../policy.ts'
import { cluster, type Clusters } from './clustering.ts'
import type { DueUnits } from './due-units.ts'
import { clusterMember, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'
import type { NetworkPlaces } from './network-places.ts'
import type { Placement } from './placement.ts'
import { isNetwork, regionOf, type Region } from './region.ts'
import { successionOf, type Heir } from './succession.ts'

/** A sweep groups anew until it has looked at so many links. */
const LINKS_PER_SWEEP = 60_000

export class Regrouping {
  readonly #policy: Policy
  readonly #members: GraphMembers
  readonly #places: NetworkPlaces
  readonly #placement: Placement
  readonly #due: DueUnits

  constructor(
    policy: Policy,
    members: GraphMembers,
    places: NetworkPlaces,
    placement: Placement,
    due: DueUnits,
  ) {
    this.#policy = policy
    this.#members = members
    this.#places = places
    this.#placement = placement
    this.#due = due
  }

  sweep(now: number): void {
    let looked = 0
    for (
      let unit = this.#due.next(now);
      unit !== null && looked < LINKS_PER_SWEEP;
      unit = this.#due.next(now)
    ) {
      const region = regionOf(unit, this.#members)
      for (const one of region.units) this.#due.done(one)
      if (region.members.length > 1) this.#regroup(region, now)
      this.#joinOutside(region, now)
      looked += region.links + 1
    }
  }

  #regroup({ units, members }: Region, now: number): void {
    const networks = [...units].filter(isNetwork)
    const { groups, shapes } = this.#cluster(members, networks)
    const shapeBy = new Map(members.map((member, index) => [member, shapes[groups[index]!]!]))
    const grouped = [...Map.groupBy(members, (_, index) => groups[index]!).values()]
    const heirs = successionOf(grouped.filter(({ length }) => length > 1))
    const touched = new Set(networks)
    this.#places.moveTogether(() => {
      const targets = heirs.map((heir) => {
        const [founder] = heir.members
        const network = heir.network ?? this.#places.form(founder!, heir.splitFrom, now)
        network.shape = shapeBy.get(founder!)!
        touched.add(network)
        return { heir, network }
      })
      for (const { heir, network } of targets) this.#moveIn(heir, network, now)
      for (const group of grouped) if (group.length === 1) this.#places.move(group[0]!, null, now)
    })
    for (const network of touched) this.#places.endIfOver(network, now)
    for (const network of touched)
      for (const number of network.guests) this.#placement.placeGuest(this.#members.at(number), now)
    for (const unit of [...touched, ...members]) this.#due.done(unit)
  }

  #cluster(members: readonly GraphMember[], networks: readonly KeptNetwork[]): Clusters {
    const before = new Map(networks.map((network, index) => [network, index]))
    const { networkContainment, networkStayContainment } = this.#policy
    return cluster(
      members.map((member) =>
        clusterMember(member, this.#members.links, member.network ? before.get(member.network)! : -1),
      ),
      { containment: networkContainment, stay: networkStayContainment },
    )
  }

  #moveIn({ members, absorbed }: Heir, network: KeptNetwork, now: number): void {
    for (const other of absorbed) this.#places.mergeInto(network, other, now)
    for (const member of members) this.#places.move(member, network, now)
    for (const other of absorbed)
      for (const number of other.guests) this.#places.move(this.#members.at(number), network, now)
  }

  /** A name that is still alone may fit a network that was too large for the region. */
  #joinOutside({ units, members }: Region, now: number): void {
    for (const member of members) {
      if (member.network !== null) continue
      const { network } = this.#placement.fitOf(member)
      if (network !== null && !units.has(network)) this.#places.move(member, network, now)
    }
  }
}
