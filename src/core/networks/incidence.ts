// Who has which address, both ways, in flat arrays: a grouping looks at each link many times. Decides who speaks for an address that
// very many have, and how far an address counts.
import { stableHash } from '../series/stable-hash.ts'
import type { ClusterMember } from './cluster-member.ts'
import { SPEAKERS } from './pool-overlap.ts'

/** Members and addresses are numbered from 0 on, without gaps. */
export class Incidence {
  readonly members: number
  readonly addresses: number
  /** Of each member: the group that it was in before; -1 for none. */
  readonly before: Int32Array
  /** Of each member: the sum of what its addresses count. */
  readonly volume: Float64Array
  /** Members' addresses, one behind the other; from start[m] to start[m + 1]. */
  readonly start: Int32Array
  readonly address: Int32Array
  /** The members at each address, those that speak for it; from atStart[a] to atStart[a + 1]. */
  readonly atStart: Int32Array
  readonly at: Int32Array
  /** Names at each address, and how many of them one of those that speak stands for. */
  readonly names: Int32Array
  readonly scale: Float64Array
  readonly #weight: Float64Array
  readonly #factor: Float64Array

  constructor(members: readonly ClusterMember[]) {
    const size = (this.members = members.length)
    this.before = Int32Array.from(members, ({ before }) => before)
    this.start = new Int32Array(size + 1)
    members.forEach(({ addresses }, m) => (this.start[m + 1] = this.start[m]! + addresses.length))
    const links = this.start[size]!
    this.address = new Int32Array(links)
    this.#weight = new Float64Array(links)
    const dense = new Map<number, number>()
    members.forEach(({ addresses, weights }, m) => {
      addresses.forEach((address, index) => {
        let number = dense.get(address)
        if (number === undefined) dense.set(address, (number = dense.size))
        this.address[this.start[m]! + index] = number
        this.#weight[this.start[m]! + index] = weights[index]!
      })
    })
    this.addresses = dense.size
    const { start, at, names } = speakers(this.start, this.address, dense.size, members)
    this.atStart = start
    this.at = at
    this.names = names
    // In steps of 1/64, so that sums do not depend on their order.
    this.scale = Float64Array.from(
      names,
      (count) => Math.round((count / Math.min(count, SPEAKERS)) * 64) / 64,
    )
    this.#factor = new Float64Array(dense.size).fill(1)
    this.volume = new Float64Array(size)
    this.#weighVolumes()
  }

  /** What the address of a link counts; 0…1. */
  weightAt(link: number): number {
    return this.#weight[link]! * this.#factor[this.address[link]!]!
  }

  /** The same, by address. */
  addressWeights(): Float64Array {
    const weights = new Float64Array(this.addresses)
    for (let i = 0; i < this.address.length; i++) weights[this.address[i]!] = this.weightAt(i)
    return weights
  }

  /** Lets addresses count less, by a factor of 0…1 each. True when one does. */
  discount(factorOf: (address: number) => number): boolean {
    let isLess = false
    for (let a = 0; a < this.addresses; a++) {
      const factor = (this.#factor[a] = factorOf(a))
      isLess ||= factor !== 1
    }
    if (isLess) this.#weighVolumes()
    return isLess
  }

  #weighVolumes(): void {
    for (let m = 0; m < this.members; m++) {
      let volume = 0
      for (let i = this.start[m]!; i < this.start[m + 1]!; i++) volume += this.weightAt(i)
      this.volume[m] = volume
    }
  }
}

/** The members at each address; of a crowd those that a hash of their names puts first. */
function speakers(
  memberStart: Int32Array,
  address: Int32Array,
  addresses: number,
  members: readonly ClusterMember[],
): { start: Int32Array; at: Int32Array; names: Int32Array } {
  const count = new Int32Array(addresses)
  for (const a of address) count[a]!++
  const start = new Int32Array(addresses + 1)
  for (let a = 0; a < addresses; a++) start[a + 1] = start[a]! + Math.min(SPEAKERS, count[a]!)
  const at = new Int32Array(start[addresses]!)
  const filled = new Int32Array(addresses)
  const hasCrowd = count.some((names) => names > SPEAKERS)
  const inOrder = hasCrowd ? byHash(members) : members.map((_, m) => m)
  for (const m of inOrder) {
    for (let i = memberStart[m]!; i < memberStart[m + 1]!; i++) {
      const a = address[i]!
      if (filled[a]! < SPEAKERS) at[start[a]! + filled[a]!++] = m
    }
  }
  return { start, at, names: count }
}

function byHash(members: readonly ClusterMember[]): number[] {
  const hashes = members.map(({ domain }) => stableHash(domain))
  return members.map((_, m) => m).toSorted((x, y) => hashes[x]! - hashes[y]! || x - y)
}
