// Moves names between groups and merges groups until nothing changes: local moving as in Louvain's method (Blondel et al., 2008), with
// the overlap of pools in the place of modularity.
import type { ClusterMember } from './cluster-member.ts'
import { GroupTally } from './group-tally.ts'
import { Incidence } from './incidence.ts'
import { exclusivityAmong } from './link-weight.ts'
import { LocalMoving } from './local-moving.ts'
import { mergeGroups } from './merging.ts'
import type { ClusterRule, ClusterShape } from './pool-overlap.ts'

/** Groupings end by themselves long before; two that undo each other for ever end here. */
const MOST_MERGES = 12

export class Grouping {
  readonly #incidence: Incidence
  readonly #groups: GroupTally
  readonly #moving: LocalMoving
  readonly #rule: ClusterRule

  constructor(members: readonly ClusterMember[], rule: ClusterRule) {
    this.#incidence = new Incidence(members)
    this.#groups = new GroupTally(this.#incidence)
    this.#moving = new LocalMoving(this.#incidence, this.#groups, rule)
    this.#rule = rule
  }

  /** Of each member: equal for those that are together. */
  get labels(): Int32Array {
    return this.#groups.labels
  }

  /** Of the group with that label. */
  shape(label: number): ClusterShape {
    return this.#groups.shape(label)
  }

  restart(): void {
    this.#groups.reset()
  }

  settle(): void {
    for (let merges = 0; merges < MOST_MERGES; merges++) {
      this.#moving.run()
      if (!mergeGroups(this.#groups, this.#rule)) return
    }
    this.#groups.measure()
  }

  /** An address at which many groups meet counts less. True when there is one. */
  weighMeetings(): boolean {
    const { atStart, at } = this.#incidence
    const seen = new Set<number>()
    return this.#incidence.discount((address) => {
      seen.clear()
      for (let i = atStart[address]!; i < atStart[address + 1]!; i++) {
        const label = this.labels[at[i]!]!
        if (this.#groups.sizeOf(label) > 1) seen.add(label)
      }
      return exclusivityAmong(seen.size)
    })
  }
}
