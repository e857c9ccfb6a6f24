// A pool: the addresses of one family of one host, or of several name-server hosts, with who saw which. Public addresses only;
// what is counted over it, the features decide.
import type { AddressFacts } from '../model/address-facts.ts'
import type { Address } from '../net/address.ts'
import { estimateTotal } from '../series/bottom-k.ts'
import type { HostView } from '../series/host-view.ts'

/** One address of a pool. */
export interface Member {
  readonly address: Address
  /** /16 of an IPv4 address, /48 of an IPv6 address. */
  readonly network: string
  readonly facts: AddressFacts
  /** Vantages that saw it, sorted. */
  readonly vantages: readonly string[]
  readonly first: number
  readonly last: number
  /** Fresh answers that carried it. */
  readonly count: number
}

/** Who saw which member, by numbers: every feature per vantage counts by these. */
export interface Seats {
  /** All vantages that saw a member. */
  readonly vantages: readonly string[]
  /** Per member: the indexes of its vantages. */
  readonly ofMember: readonly (readonly number[])[]
}

export interface PoolView {
  readonly members: readonly Member[]
  /** Views with at least one fresh answer. */
  readonly views: readonly HostView[]
  /** Share of all addresses that `members` holds; 1 while the series is exact. */
  readonly sampledShare: number
  readonly seats: Seats
  /** Addresses of the view's family that its vantage saw; of a sketch an estimate, not rounded. */
  countSeen(view: HostView): number
}

export class Pool implements PoolView {
  readonly members: readonly Member[]
  readonly views: readonly HostView[]
  readonly sampledShare: number
  #seats: Seats | undefined
  #held: readonly (readonly [ipv4: number, ipv6: number])[] | undefined

  constructor(members: readonly Member[], views: readonly HostView[], sampledShare: number) {
    this.members = members
    this.views = views
    this.sampledShare = sampledShare
  }

  // The stages below are counted once, and only when a feature asks.
  get seats(): Seats {
    return (this.#seats ??= seatMembers(this.members))
  }

  countSeen(view: HostView): number {
    const held = (this.#held ??= countHeld(this.members, this.seats))
    const [ipv4, ipv6] = held[this.seats.vantages.indexOf(view.vantage)] ?? [0, 0]
    return estimateTotal(view.type === 'A' ? ipv4 : ipv6, this.sampledShare)
  }
}

/** One pool out of several: of the witnesses of one host, or of several hosts. Each address once, with all that was seen of it. */
export function unitePools(pools: readonly PoolView[]): PoolView {
  const [only] = pools
  if (pools.length === 1 && only !== undefined) return only
  return new Pool(
    uniteMembers(pools),
    pools.flatMap((pool) => pool.views),
    Math.min(1, ...pools.map((pool) => pool.sampledShare)),
  )
}

function uniteMembers(pools: readonly PoolView[]): readonly Member[] {
  const byAddress = new Map<string, Member>()
  for (const { members } of pools) {
    for (const member of members) {
      const held = byAddress.get(member.address.text)
      byAddress.set(member.address.text, held === undefined ? member : unite(held, member))
    }
  }
  return [...byAddress.values()]
}

function unite(held: Member, other: Member): Member {
  return {
    ...held,
    vantages: [...new Set([...held.vantages, ...other.vantages])].toSorted(),
    first: Math.min(held.first, other.first),
    last: Math.max(held.last, other.last),
    count: held.count + other.count,
  }
}

function seatMembers(members: readonly Member[]): Seats {
  const indexOf = new Map<string, number>()
  // Members that the same vantages saw share one list where the series was decoded: it is looked up as a whole.
  const known = new Map<readonly string[], readonly number[]>()
  const ofMember = members.map(({ vantages }) => {
    let seats = known.get(vantages)
    if (seats === undefined) {
      seats = vantages.map((vantage) => {
        const index = indexOf.get(vantage) ?? indexOf.size
        indexOf.set(vantage, index)
        return index
      })
      known.set(vantages, seats)
    }
    return seats
  })
  return { vantages: [...indexOf.keys()], ofMember }
}

function countHeld(
  members: readonly Member[],
  { vantages, ofMember }: Seats,
): readonly (readonly [ipv4: number, ipv6: number])[] {
  const held = vantages.map((): [number, number] => [0, 0])
  for (const [index, seats] of ofMember.entries()) {
    const place = members[index]!.address.family === 4 ? 0 : 1
    for (const seat of seats) held[seat]![place] += 1
  }
  return held
}
