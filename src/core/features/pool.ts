// A pool: the addresses of one family of one host, or of several name-server hosts, with who saw which. Public addresses only;
// what is counted over it, the features decide. What several of them count is counted once, when the first one asks.
import { estimateTotal } from '../series/bottom-k.ts'
import type { HostView } from '../series/host-view.ts'
import { countAsns, countCountries, networkColumn, operatorColumn } from './column.ts'
import type { Column, Distinct, NetworkColumn } from './column.ts'
import { holdersOf } from './holders.ts'
import type { Holder } from './holders.ts'
import { Member } from './member.ts'
import { networkKind } from './network-kind.ts'
import type { NetworkKind } from './network-kind.ts'
import { countHeld, seatMembers } from './seats.ts'
import type { HeldAt, Seats } from './seats.ts'

type Kinds = Readonly<Record<NetworkKind, number>>

export class Pool {
  readonly members: readonly Member[]
  /** Views with at least one fresh answer. */
  readonly views: readonly HostView[]
  /** Share of all addresses that `members` holds; 1 while the series is exact. */
  readonly sampledShare: number
  /** Fresh answers of all views. */
  readonly freshAnswers: number
  #seats: Seats | undefined
  #held: HeldAt | undefined
  #holders: readonly Holder[] | undefined
  #operators: Column | undefined
  #asns: Distinct | undefined
  #countries: Distinct | undefined
  #networks: NetworkColumn | undefined
  #kinds: Kinds | undefined
  #newAddresses: number | undefined

  constructor(members: readonly Member[], views: readonly HostView[], sampledShare: number) {
    this.members = members
    this.views = views
    this.sampledShare = sampledShare
    let freshAnswers = 0
    for (let index = 0; index < views.length; index += 1) freshAnswers += views[index]!.freshAnswers
    this.freshAnswers = freshAnswers
  }

  get seats(): Seats {
    return (this.#seats ??= seatMembers(this.members))
  }

  get holders(): readonly Holder[] {
    return (this.#holders ??= holdersOf(this.members, this.seats))
  }

  get operators(): Column {
    return (this.#operators ??= operatorColumn(this.holders, this.seats))
  }

  get asns(): Distinct {
    return (this.#asns ??= countAsns(this.holders))
  }

  get countries(): Distinct {
    return (this.#countries ??= countCountries(this.holders))
  }

  /** /16 networks of IPv4, /48 networks of IPv6 addresses. */
  get networks(): NetworkColumn {
    return (this.#networks ??= networkColumn(this.members, this.seats))
  }

  /** Addresses by the kind of their network, where it is known. */
  get kinds(): Kinds {
    return (this.#kinds ??= countKinds(this.holders))
  }

  /**
   * Addresses that some vantage saw beyond those of its first answer, the most that any one vantage saw; of a sketch an estimate,
   * rounded.
   */
  get newAddresses(): number {
    return (this.#newAddresses ??= this.#countNewAddresses())
  }

  /** Addresses of the view's family that its vantage saw; of a sketch an estimate, not rounded. */
  countSeen({ vantage, type }: HostView): number {
    const { ipv4, ipv6 } = (this.#held ??= countHeld(this.members, this.seats))
    const held = (type === 'A' ? ipv4 : ipv6)[this.seats.vantages.indexOf(vantage)] ?? 0
    return estimateTotal(held, this.sampledShare)
  }

  #countNewAddresses(): number {
    let most = 0
    for (const view of this.views) most = Math.max(most, Math.round(this.countSeen(view)) - view.firstWidth)
    return most
  }
}

function countKinds(holders: readonly Holder[]): Kinds {
  const kinds = { access: 0, server: 0 }
  for (const { owner, count } of holders) {
    const kind = networkKind(owner)
    if (kind !== null) kinds[kind] += count
  }
  return kinds
}

/** The pool of a family that nobody was given an address of: the commonest of all, and always the same. */
export const NO_POOL = new Pool([], [], 1)

/** One pool out of several: of the witnesses of one host, or of several hosts. Each address once, with all that was seen of it. */
export function unitePools(pools: readonly Pool[]): Pool {
  if (pools.length === 0) return NO_POOL
  if (pools.length === 1) return pools[0]!
  const views: HostView[] = []
  let sampledShare = 1
  for (const pool of pools) {
    for (const view of pool.views) views.push(view)
    sampledShare = Math.min(sampledShare, pool.sampledShare)
  }
  return new Pool(uniteMembers(pools), views, sampledShare)
}

function uniteMembers(pools: readonly Pool[]): readonly Member[] {
  const byAddress = new Map<string, Member>()
  for (const { members } of pools) {
    for (const member of members) {
      const held = byAddress.get(member.text)
      byAddress.set(member.text, held === undefined ? member : unite(held, member))
    }
  }
  return [...byAddress.values()]
}

function unite(held: Member, other: Member): Member {
  return new Member(held, held.facts, {
    vantages: [...new Set([...held.vantages, ...other.vantages])].toSorted(),
    first: Math.min(held.first, other.first),
    last: Math.max(held.last, other.last),
    count: held.count + other.count,
  })
}
