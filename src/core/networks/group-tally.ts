// What the groups are that labels make of members: how large, how diverse, and from how many members on an address is a hub of theirs.
// Which label a member has is decided in local-moving.ts and merging.ts.
import type { Incidence } from './incidence.ts'
import { UNCAPPED, type ClusterShape } from './pool-overlap.ts'

/** An address that has this many times the members that the group's addresses have in the mean is a hub. Hand-set. */
const HUB = 3

export interface Group extends ClusterShape {
  size: number
  volume: number
  squares: number
  meetings: number
  cap: number
  /** The group that most of its members were in before; -1 without one. */
  before: number
}

export class GroupTally {
  readonly #incidence: Incidence
  /** Of each member. There are as many labels as members; at first each has its own. */
  readonly labels: Int32Array
  /** Of each label: `cap` of its group (pool-overlap.ts). */
  readonly caps: Float64Array
  #groups = new Map<number, Group>()
  /** Scratch, by label: members at one address. */
  readonly #there: Int32Array

  constructor(incidence: Incidence) {
    this.#incidence = incidence
    this.labels = Int32Array.from({ length: incidence.members }, (_, m) => m)
    this.caps = new Float64Array(incidence.members).fill(UNCAPPED)
    this.#there = new Int32Array(incidence.members)
  }

  /** `label`: one that a member has, or had when they were measured. */
  get(label: number): Group {
    return this.#groups.get(label)!
  }

  sizeOf(label: number): number {
    return this.#groups.get(label)?.size ?? 0
  }

  shape(label: number): ClusterShape {
    const { volume, squares, meetings, cap } = this.#groups.get(label) ?? emptyGroup()
    return { volume, squares, meetings, cap }
  }

  /** Every member is a group of its own again. */
  reset(): void {
    for (let m = 0; m < this.labels.length; m++) this.labels[m] = m
  }

  /** A label that no group has: the member's own number, or that of some empty group. */
  freeLabel(m: number): number {
    if (this.sizeOf(m) === 0) return m
    for (let label = 0; label < this.labels.length; label++) if (this.sizeOf(label) === 0) return label
    throw new Error('There are as many labels as members')
  }

  /** What the group is without a member that meets its others so often. */
  leave(label: number, volume: number, meetings: number): void {
    const group = this.get(label)
    group.size -= 1
    group.volume -= volume
    group.squares -= volume * volume
    group.meetings -= 2 * meetings
  }

  enter(label: number, volume: number, meetings: number): void {
    let group = this.#groups.get(label)
    if (group === undefined) this.#groups.set(label, (group = emptyGroup()))
    group.size += 1
    group.volume += volume
    group.squares += volume * volume
    group.meetings += 2 * meetings
  }

  /** Sizes, volumes, caps and meetings of all groups, from the labels. */
  measure(): void {
    this.#countMembers()
    this.#setCaps()
    this.eachAddress(2, (weight, labels, countOf) => {
      for (const label of labels) {
        const count = Math.min(countOf(label), this.caps[label]!)
        if (count > 1) this.get(label).meetings += weight * count * (count - 1)
      }
    })
  }

  /** The groups at each address that counts and that `least` names have, and how many members each has there. */
  eachAddress(
    least: number,
    visit: (weight: number, labels: readonly number[], countOf: (label: number) => number) => void,
  ): void {
    const { addresses, atStart, at, scale } = this.#incidence
    const labels: number[] = []
    const weights = this.#incidence.addressWeights()
    let scaleHere = 1
    const countOf = (label: number): number => this.#there[label]! * scaleHere
    for (let a = 0; a < addresses; a++) {
      const [from, to] = [atStart[a]!, atStart[a + 1]!]
      if (weights[a] === 0 || to - from < least) continue
      labels.length = 0
      for (let k = from; k < to; k++) {
        const label = this.labels[at[k]!]!
        if (this.#there[label] === 0) labels.push(label)
        this.#there[label]!++
      }
      scaleHere = scale[a]!
      visit(weights[a]!, labels, countOf)
      for (const label of labels) this.#there[label] = 0
    }
  }

  #countMembers(): void {
    const { volume, before } = this.#incidence
    const groups = (this.#groups = new Map<number, Group>())
    const befores = new Map<number, Map<number, number>>()
    this.labels.forEach((label, m) => {
      this.enter(label, volume[m]!, 0)
      if (before[m] === -1) return
      let counted = befores.get(label)
      if (counted === undefined) befores.set(label, (counted = new Map()))
      counted.set(before[m]!, (counted.get(before[m]!) ?? 0) + 1)
    })
    for (const [label, counted] of befores) {
      const group = groups.get(label)!
      group.before = majority(counted, group.size)
    }
  }

  #setCaps(): void {
    const seats = new Map<number, { links: number; addresses: number }>()
    this.eachAddress(1, (_, labels, countOf) => {
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
    this.caps.fill(UNCAPPED)
    for (const [label, { links, addresses }] of seats) {
      this.caps[label] = this.get(label).cap = Math.max(2, Math.ceil((HUB * links) / addresses))
    }
  }
}

function emptyGroup(): Group {
  return { size: 0, volume: 0, squares: 0, meetings: 0, cap: UNCAPPED, before: -1 }
}

function majority(counted: ReadonlyMap<number, number>, size: number): number {
  for (const [before, count] of counted) if (count * 2 > size) return before
  return -1
}
