// Moves names between groups and merges groups until nothing changes: local moving as in Louvain's method (Blondel et al., 2008), with
// the overlap of pools in the place of modularity. What is enough is pool-overlap.ts.
import { stableHash } from '../series/stable-hash.ts'
import { LEAST_SHARED, exclusivityAmong } from './link-weight.ts'
import {
  SPEAKERS,
  UNCAPPED,
  densityOf,
  isEnough,
  isPair,
  overlap,
  voteOf,
  type ClusterShape,
} from './pool-overlap.ts'

/** One name to be grouped. */
export interface ClusterMember {
  readonly domain: string
  /** Its addresses, as numbers that stand for them; each once. */
  readonly addresses: readonly number[]
  /** Of each address: how far it counts, 0…1 (link-weight.ts). */
  readonly weights: readonly number[]
  /** The group that it was in before, as any number from 0 on; -1 for none. */
  readonly before: number
}

export interface ClusterRule {
  /** Share of what its own members have in common that others must have with it to belong to a group; 0…1. */
  readonly containment: number
  /** The same for those that were together before: who is in stays in down to this. */
  readonly stay: number
}

/** An address that has this many times the members that the group's addresses have in the mean is a hub. Hand-set. */
const HUB = 3
/** Groupings end by themselves long before; two that undo each other for ever end here. */
const MOST_PASSES = 24
const MOST_MERGES = 12

export class Grouping {
  readonly #rule: ClusterRule
  readonly #size: number
  readonly #before: Int32Array
  /** Members' addresses, one behind the other; from #start[m] to #start[m + 1]. Addresses are numbered anew, densely. */
  readonly #start: Int32Array
  readonly #address: Int32Array
  readonly #weight: Float64Array
  /** The members at each address, those that speak for it. */
  readonly #atStart: Int32Array
  readonly #at: Int32Array
  /** Names at each address, and how many of them one of those that speak stands for. */
  readonly #names: Int32Array
  readonly #scale: Float64Array
  readonly #factor: Float64Array
  readonly #volume: Float64Array
  readonly #label: Int32Array
  #groups = new Map<number, Group>()

  // Scratch, by label.
  readonly #there: Int32Array
  readonly #caps: Float64Array
  readonly #dens: Float64Array
  readonly #shared: Float64Array
  readonly #vote: Float64Array

  constructor(members: readonly ClusterMember[], rule: ClusterRule) {
    this.#rule = rule
    const size = (this.#size = members.length)
    this.#before = Int32Array.from(members, ({ before }) => before)
    this.#start = new Int32Array(size + 1)
    members.forEach(({ addresses }, m) => (this.#start[m + 1] = this.#start[m]! + addresses.length))
    const links = this.#start[size]!
    this.#address = new Int32Array(links)
    this.#weight = new Float64Array(links)
    const dense = new Map<number, number>()
    members.forEach(({ addresses, weights }, m) => {
      addresses.forEach((address, index) => {
        let number = dense.get(address)
        if (number === undefined) dense.set(address, (number = dense.size))
        this.#address[this.#start[m]! + index] = number
        this.#weight[this.#start[m]! + index] = weights[index]!
      })
    })
    const { start, at, names } = speakers(this.#start, this.#address, dense.size, members)
    this.#names = names
    // In steps of 1/64, so that sums do not depend on their order.
    this.#scale = Float64Array.from(
      names,
      (count) => Math.round((count / Math.min(count, SPEAKERS)) * 64) / 64,
    )
    this.#atStart = start
    this.#at = at
    this.#factor = new Float64Array(dense.size).fill(1)
    this.#volume = new Float64Array(size)
    this.#label = Int32Array.from({ length: size }, (_, m) => m)
    this.#there = new Int32Array(size)
    this.#caps = new Float64Array(size).fill(UNCAPPED)
    this.#dens = new Float64Array(size)
    this.#shared = new Float64Array(size)
    this.#vote = new Float64Array(size)
    this.#weighVolumes()
  }

  labels(): Int32Array {
    return this.#label
  }

  restart(): void {
    this.#label.forEach((_, m) => (this.#label[m] = m))
  }

  joinAll(): void {
    this.#label.fill(0)
    this.#measureGroups()
  }

  shape(label: number): ClusterShape {
    const { volume, squares, meetings, cap } = this.#groups.get(label) ?? emptyGroup()
    return { volume, squares, meetings, cap }
  }

  /** Moves members and merges groups until nothing changes. */
  settle(): void {
    for (let merges = 0; merges < MOST_MERGES; merges++) {
      this.#move()
      if (!this.#merge()) return
    }
    this.#measureGroups()
  }

  /** An address at which many groups meet counts less. True when there is one. */
  weighMeetings(): boolean {
    let found = false
    const seen = new Set<number>()
    for (let a = 0; a < this.#factor.length; a++) {
      seen.clear()
      for (let i = this.#atStart[a]!; i < this.#atStart[a + 1]!; i++) {
        const label = this.#label[this.#at[i]!]!
        if ((this.#groups.get(label)?.size ?? 1) > 1) seen.add(label)
      }
      this.#factor[a] = exclusivityAmong(seen.size)
      found ||= this.#factor[a] !== 1
    }
    if (found) this.#weighVolumes()
    return found
  }

  #weighVolumes(): void {
    for (let m = 0; m < this.#size; m++) {
      let volume = 0
      for (let i = this.#start[m]!; i < this.#start[m + 1]!; i++) volume += this.#weightAt(i)
      this.#volume[m] = volume
    }
  }

  #weightAt(link: number): number {
    return this.#weight[link]! * this.#factor[this.#address[link]!]!
  }

  #move(): void {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      this.#measureGroups()
      let moved = 0
      for (let m = 0; m < this.#size; m++) if (this.#place(m)) moved++
      if (moved === 0) return
    }
  }

  /** Puts a member where it belongs by what all others are now. True when that is elsewhere. */
  #place(m: number): boolean {
    const own = this.#label[m]!
    const volume = this.#volume[m]!
    const touched = this.#scan(m)
    const ownGroup = this.#groups.get(own)!
    // What its own group is without it.
    leave(ownGroup, volume, this.#dens[own]!)
    let best = -1
    for (const label of touched) {
      const group = this.#groups.get(label)!
      if (group.size > 0 && this.#belongs(m, label, group) && (best === -1 || this.#isBetter(label, best)))
        best = label
    }
    if (best === -1) best = ownGroup.size === 0 ? own : this.#freeLabel(m)
    let target = this.#groups.get(best)
    if (target === undefined) this.#groups.set(best, (target = emptyGroup()))
    enter(target, volume, this.#dens[best]!)
    this.#label[m] = best
    for (const label of touched) {
      this.#dens[label] = 0
      this.#shared[label] = 0
      this.#vote[label] = 0
    }
    return best !== own
  }

  /** What the member has in common with each group, itself left out; labels that were touched. */
  #scan(m: number): readonly number[] {
    const touched: number[] = []
    const here: number[] = []
    for (let i = this.#start[m]!; i < this.#start[m + 1]!; i++) {
      const address = this.#address[i]!
      const weight = this.#weightAt(i)
      if (weight === 0) continue
      here.length = 0
      for (let k = this.#atStart[address]!; k < this.#atStart[address + 1]!; k++) {
        const other = this.#at[k]!
        if (other === m) continue
        const label = this.#label[other]!
        if (this.#there[label] === 0) here.push(label)
        this.#there[label]!++
      }
      const scale = this.#scale[address]!
      for (const label of here) {
        const there = this.#there[label]! * scale
        this.#there[label] = 0
        if (this.#shared[label] === 0) touched.push(label)
        this.#shared[label]! += weight
        this.#dens[label]! += weight * Math.min(there, this.#caps[label]!)
        this.#vote[label]! += voteOf(weight, there, this.#names[address]!)
      }
    }
    return touched
  }

  #belongs(m: number, label: number, group: Group): boolean {
    const shared = this.#shared[label]!
    const density = group.size > 1 ? densityOf(group) : 0
    if (density === 0) return isPair(shared, Math.min(this.#volume[m]!, group.volume))
    const before = this.#before[m]!
    const overlapping = overlap(this.#dens[label]!, this.#volume[m]!, group.volume, density)
    return this.#isTied(overlapping, shared, before !== -1 && before === group.before)
  }

  /** Who was together stays so down to the lower bar, but by what is there, not by what chance may have left out. */
  #isTied(overlapping: number, shared: number, wereTogether: boolean): boolean {
    const { containment, stay } = this.#rule
    return (
      isEnough(overlapping, shared, containment) ||
      (wereTogether && shared >= LEAST_SHARED && overlapping >= stay)
    )
  }

  #isBetter(label: number, than: number): boolean {
    return (
      (this.#vote[label]! - this.#vote[than]! || this.#dens[label]! - this.#dens[than]! || than - label) > 0
    )
  }

  /** A label that no group has: the member's own number, or that of some empty group. */
  #freeLabel(m: number): number {
    const isFree = (label: number): boolean => (this.#groups.get(label)?.size ?? 0) === 0
    if (isFree(m)) return m
    for (let label = 0; label < this.#size; label++) if (isFree(label)) return label
    throw new Error('There are as many labels as members')
  }

  /** Merges each group with the one that it overlaps most, where that is enough. True when something was merged. */
  #merge(): boolean {
    this.#measureGroups()
    const cross = new Map<number, { meetings: number; shared: number }>()
    this.#eachAddress(2, (weight, labels, countOf) => {
      const groups = labels.filter((label) => this.#groups.get(label)!.size > 1).toSorted((x, y) => x - y)
      groups.forEach((x, index) => {
        for (const y of groups.slice(index + 1)) {
          const key = x * this.#size + y
          let pair = cross.get(key)
          if (pair === undefined) cross.set(key, (pair = { meetings: 0, shared: 0 }))
          pair.shared += weight
          pair.meetings +=
            weight * Math.min(countOf(x), this.#caps[x]!) * Math.min(countOf(y), this.#caps[y]!)
        }
      })
    })
    const candidates: { x: number; y: number; strength: number }[] = []
    for (const [key, { meetings, shared }] of cross) {
      const x = Math.floor(key / this.#size)
      const y = key % this.#size
      const [a, b] = [this.#groups.get(x)!, this.#groups.get(y)!]
      const strength = overlap(meetings, a.volume, b.volume, Math.min(densityOf(a), densityOf(b)))
      if (this.#isTied(strength, shared, a.before !== -1 && a.before === b.before))
        candidates.push({ x, y, strength })
    }
    candidates.sort((p, q) => q.strength - p.strength || p.x - q.x || p.y - q.y)
    const into = new Map<number, number>()
    const taken = new Set<number>()
    for (const { x, y } of candidates) {
      if (taken.has(x) || taken.has(y)) continue
      taken.add(x).add(y)
      into.set(y, x)
    }
    this.#label.forEach((label, m) => (this.#label[m] = into.get(label) ?? label))
    return into.size > 0
  }

  #addressWeights(): Float64Array {
    const weights = new Float64Array(this.#factor.length)
    for (let i = 0; i < this.#address.length; i++) weights[this.#address[i]!] = this.#weightAt(i)
    return weights
  }

  /** Sizes, volumes, caps and meetings of all groups, from the labels. */
  #measureGroups(): void {
    const groups = (this.#groups = new Map<number, Group>())
    const befores = new Map<number, Map<number, number>>()
    for (let m = 0; m < this.#size; m++) {
      const label = this.#label[m]!
      let group = groups.get(label)
      if (group === undefined) groups.set(label, (group = emptyGroup()))
      group.size++
      group.volume += this.#volume[m]!
      group.squares += this.#volume[m]! ** 2
      const before = this.#before[m]!
      if (before !== -1) {
        let counted = befores.get(label)
        if (counted === undefined) befores.set(label, (counted = new Map()))
        counted.set(before, (counted.get(before) ?? 0) + 1)
      }
    }
    for (const [label, counted] of befores)
      groups.get(label)!.before = majority(counted, groups.get(label)!.size)
    const seats = new Map<number, { links: number; addresses: number }>()
    this.#eachAddress(1, (_, labels, countOf) => {
      for (const label of labels) {
        const count = countOf(label)
        const seat = seats.get(label)
        if (seat === undefined) seats.set(label, { links: count, addresses: 1 })
        else {
          seat.links += count
          seat.addresses += 1
        }
      }
    })
    this.#caps.fill(UNCAPPED)
    for (const [label, { links, addresses }] of seats) {
      this.#caps[label] = groups.get(label)!.cap = Math.max(2, Math.ceil((HUB * links) / addresses))
    }
    this.#eachAddress(2, (weight, labels, countOf) => {
      for (const label of labels) {
        const count = Math.min(countOf(label), this.#caps[label]!)
        if (count > 1) groups.get(label)!.meetings += weight * count * (count - 1)
      }
    })
  }

  /** The groups at each address that counts and that `least` names have, and how many members each has there. */
  #eachAddress(
    least: number,
    visit: (weight: number, labels: number[], countOf: (label: number) => number) => void,
  ): void {
    const labels: number[] = []
    const weights = this.#addressWeights()
    let scale = 1
    const countOf = (label: number): number => this.#there[label]! * scale
    for (let a = 0; a < this.#factor.length; a++) {
      const [from, to] = [this.#atStart[a]!, this.#atStart[a + 1]!]
      if (weights[a] === 0 || to - from < least) continue
      labels.length = 0
      for (let k = from; k < to; k++) {
        const label = this.#label[this.#at[k]!]!
        if (this.#there[label] === 0) labels.push(label)
        this.#there[label]!++
      }
      scale = this.#scale[a]!
      visit(weights[a]!, labels, countOf)
      for (const label of labels) this.#there[label] = 0
    }
  }
}

interface Group extends ClusterShape {
  size: number
  volume: number
  squares: number
  meetings: number
  cap: number
  /** The group that most of its members were in before; -1 without one. */
  before: number
}

function emptyGroup(): Group {
  return { size: 0, volume: 0, squares: 0, meetings: 0, cap: UNCAPPED, before: -1 }
}

function leave(group: Group, volume: number, dens: number): void {
  group.size -= 1
  group.volume -= volume
  group.squares -= volume * volume
  group.meetings -= 2 * dens
}

function enter(group: Group, volume: number, dens: number): void {
  group.size += 1
  group.volume += volume
  group.squares += volume * volume
  group.meetings += 2 * dens
}

function majority(counted: ReadonlyMap<number, number>, size: number): number {
  for (const [before, count] of counted) if (count * 2 > size) return before
  return -1
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
