// A pool: the addresses of one family of one host, or of several name-server hosts, with who saw which. Public addresses only;
// what is counted over it, the features decide. What several of them count is counted once, when the first one asks.
import { estimateTotal } from '../series/bottom-k.ts'
import type { HostView } from '../series/host-view.ts'
import { Member } from './member.ts'

export type { Member } from './member.ts'

/** Who saw which member, by numbers: every feature per vantage counts by these. */
export interface Seats {
  /** All vantages that saw a member. */
  readonly vantages: readonly string[]
  /** Per member: the indexes of its vantages. Members that the same vantages saw mostly share one list. */
  readonly ofMember: readonly (readonly number[])[]
}

/** A property of the members, read once. */
export interface Column {
  /** Per member a number that stands for its value; -1 where the value is not known. */
  readonly codes: readonly number[]
  readonly distinct: number
  /** Members whose value is known. */
  readonly known: number
}

/** By vantage, as `seats.vantages` has them. */
export interface ColumnPerVantage {
  readonly distinct: readonly number[]
  readonly known: readonly number[]
}

export type ReadProperty = (member: Member) => string | number | null

export interface PoolView {
  readonly members: readonly Member[]
  /** Views with at least one fresh answer. */
  readonly views: readonly HostView[]
  /** Share of all addresses that `members` holds; 1 while the series is exact. */
  readonly sampledShare: number
  readonly seats: Seats
  /** `read`: always the same function for the same property. */
  column(read: ReadProperty): Column
  columnPerVantage(read: ReadProperty): ColumnPerVantage
  /** Addresses of the view's family that its vantage saw; of a sketch an estimate, not rounded. */
  countSeen(view: HostView): number
}

export class Pool implements PoolView {
  readonly members: readonly Member[]
  readonly views: readonly HostView[]
  readonly sampledShare: number
  readonly #columns = new Map<ReadProperty, Column>()
  readonly #perVantage = new Map<ReadProperty, ColumnPerVantage>()
  #seats: Seats | undefined
  #held: { readonly ipv4: readonly number[]; readonly ipv6: readonly number[] } | undefined

  constructor(members: readonly Member[], views: readonly HostView[], sampledShare: number) {
    this.members = members
    this.views = views
    this.sampledShare = sampledShare
  }

  get seats(): Seats {
    return (this.#seats ??= seatMembers(this.members))
  }

  column(read: ReadProperty): Column {
    let column = this.#columns.get(read)
    if (column === undefined) this.#columns.set(read, (column = readColumn(this.members, read)))
    return column
  }

  columnPerVantage(read: ReadProperty): ColumnPerVantage {
    let counts = this.#perVantage.get(read)
    if (counts === undefined)
      this.#perVantage.set(read, (counts = splitColumn(this.column(read), this.seats)))
    return counts
  }

  countSeen({ vantage, type }: HostView): number {
    const { ipv4, ipv6 } = (this.#held ??= countHeld(this.members, this.seats))
    const held = (type === 'A' ? ipv4 : ipv6)[this.seats.vantages.indexOf(vantage)] ?? 0
    return estimateTotal(held, this.sampledShare)
  }
}

/** One pool out of several: of the witnesses of one host, or of several hosts. Each address once, with all that was seen of it. */
export function unitePools(pools: readonly PoolView[]): PoolView {
  const [only] = pools
  if (pools.length === 1 && only !== undefined) return only
  return new Pool(
    uniteMembers(pools),
    pools.flatMap((pool) => pool.views),
    pools.reduce((least, pool) => Math.min(least, pool.sampledShare), 1),
  )
}

function uniteMembers(pools: readonly PoolView[]): readonly Member[] {
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

function seatMembers(members: readonly Member[]): Seats {
  const vantages: string[] = []
  // Members that the same vantages saw share one list where the series was decoded: it is looked up as a whole.
  const known = new Map<readonly string[], readonly number[]>()
  const ofMember = members.map((member) => {
    let seats = known.get(member.vantages)
    if (seats === undefined) {
      seats = member.vantages.map((vantage) => {
        const index = vantages.indexOf(vantage)
        return index >= 0 ? index : vantages.push(vantage) - 1
      })
      known.set(member.vantages, seats)
    }
    return seats
  })
  return { vantages, ofMember }
}

function countHeld(
  members: readonly Member[],
  { vantages, ofMember }: Seats,
): { ipv4: readonly number[]; ipv6: readonly number[] } {
  const ipv4 = vantages.map(() => 0)
  const ipv6 = vantages.map(() => 0)
  for (let index = 0; index < members.length; index += 1) {
    const counts = members[index]!.family === 4 ? ipv4 : ipv6
    for (const seat of ofMember[index]!) counts[seat]! += 1
  }
  return { ipv4, ipv6 }
}

const NOTHING: Column = { codes: [], distinct: 0, known: 0 }

function readColumn(members: readonly Member[], read: ReadProperty): Column {
  if (members.length === 0) return NOTHING
  const numbers = new Map<string | number, number>()
  const codes: number[] = []
  let known = 0
  for (const member of members) {
    const value = read(member)
    if (value === null) {
      codes.push(-1)
      continue
    }
    known += 1
    let code = numbers.get(value)
    if (code === undefined) numbers.set(value, (code = numbers.size))
    codes.push(code)
  }
  return { codes, distinct: numbers.size, known }
}

function splitColumn({ codes, distinct }: Column, { vantages, ofMember }: Seats): ColumnPerVantage {
  const distinctAt = vantages.map(() => 0)
  const knownAt = vantages.map(() => 0)
  const seen = new Uint8Array(distinct * vantages.length)
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index]!
    if (code < 0) continue
    const seats = ofMember[index]!
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at]!
      knownAt[seat]! += 1
      const place = seat * distinct + code
      if (seen[place] === 1) continue
      seen[place] = 1
      distinctAt[seat]! += 1
    }
  }
  return { distinct: distinctAt, known: knownAt }
}
