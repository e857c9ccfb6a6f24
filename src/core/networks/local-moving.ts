// Moves single members to the group that they belong to by what all others are at that moment, until nobody moves. What is enough is
// pool-overlap.ts; that whole groups belong together is merging.ts.
import type { Group, GroupTally } from './group-tally.ts'
import type { Incidence } from './incidence.ts'
import { densityOf, isPair, isTied, overlap, voteOf, type ClusterRule } from './pool-overlap.ts'

/** Moving ends by itself long before; two that undo each other for ever end here. */
const MOST_PASSES = 24

export class LocalMoving {
  readonly #incidence: Incidence
  readonly #groups: GroupTally
  readonly #rule: ClusterRule

  // Scratch, by label. What the member at hand has in common with each group:
  /** Members of the group at one address. */
  readonly #there: Int32Array
  /** Pairs of its agents and the group's that are the same; weighted. */
  readonly #meetings: Float64Array
  /** Its addresses that the group has too; weighted. */
  readonly #shared: Float64Array
  readonly #vote: Float64Array

  constructor(incidence: Incidence, groups: GroupTally, rule: ClusterRule) {
    this.#incidence = incidence
    this.#groups = groups
    this.#rule = rule
    this.#there = new Int32Array(incidence.members)
    this.#meetings = new Float64Array(incidence.members)
    this.#shared = new Float64Array(incidence.members)
    this.#vote = new Float64Array(incidence.members)
  }

  run(): void {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      this.#groups.measure()
      let moved = 0
      for (let m = 0; m < this.#incidence.members; m++) if (this.#place(m)) moved++
      if (moved === 0) return
    }
  }

  /** Puts a member where it belongs. True when that is elsewhere. */
  #place(m: number): boolean {
    const groups = this.#groups
    const own = groups.labels[m]!
    const volume = this.#incidence.volume[m]!
    const touched = this.#scan(m)
    groups.leave(own, volume, this.#meetings[own]!)
    let best = -1
    for (const label of touched) {
      const group = groups.get(label)
      if (group.size > 0 && this.#belongs(m, label, group) && (best === -1 || this.#isBetter(label, best)))
        best = label
    }
    if (best === -1) best = groups.sizeOf(own) === 0 ? own : groups.freeLabel(m)
    groups.enter(best, volume, this.#meetings[best]!)
    groups.labels[m] = best
    for (const label of touched) {
      this.#meetings[label] = 0
      this.#shared[label] = 0
      this.#vote[label] = 0
    }
    return best !== own
  }

  /** What the member has in common with each group, itself left out; labels that were touched. */
  #scan(m: number): readonly number[] {
    const { start, address: addressOf, atStart, at, scale, names } = this.#incidence
    const { labels, caps } = this.#groups
    const touched: number[] = []
    const here: number[] = []
    for (let i = start[m]!; i < start[m + 1]!; i++) {
      const address = addressOf[i]!
      const weight = this.#incidence.weightAt(i)
      if (weight === 0) continue
      here.length = 0
      for (let k = atStart[address]!; k < atStart[address + 1]!; k++) {
        const other = at[k]!
        if (other === m) continue
        const label = labels[other]!
        if (this.#there[label] === 0) here.push(label)
        this.#there[label]!++
      }
      for (const label of here) {
        const there = this.#there[label]! * scale[address]!
        this.#there[label] = 0
        if (this.#shared[label] === 0) touched.push(label)
        this.#shared[label]! += weight
        this.#meetings[label]! += weight * Math.min(there, caps[label]!)
        this.#vote[label]! += voteOf(weight, there, names[address]!)
      }
    }
    return touched
  }

  #belongs(m: number, label: number, group: Group): boolean {
    const shared = this.#shared[label]!
    const volume = this.#incidence.volume[m]!
    const density = group.size > 1 ? densityOf(group) : 0
    if (density === 0) return isPair(shared, Math.min(volume, group.volume))
    const before = this.#incidence.before[m]!
    const overlapping = overlap(this.#meetings[label]!, volume, group.volume, density)
    return isTied(overlapping, shared, before !== -1 && before === group.before, this.#rule)
  }

  #isBetter(label: number, than: number): boolean {
    return (
      (this.#vote[label]! - this.#vote[than]! ||
        this.#meetings[label]! - this.#meetings[than]! ||
        than - label) > 0
    )
  }
}
