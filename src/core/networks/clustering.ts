// Which of some names belong together, from scratch: the truth that the graph keeps up to date. Decides by agents alone; ids, ageing
// and what is told are the graph's business. The same members give the same groups, in whatever order they come.
import type { ClusterMember } from './cluster-member.ts'
import { GroupTally } from './group-tally.ts'
import { Grouping } from './grouping.ts'
import { Incidence } from './incidence.ts'
import type { ClusterRule, ClusterShape } from './pool-overlap.ts'

export interface Clusters {
  /** The group of each member, numbered from 0, in order of `members`; one that belongs to none has a number of its own. */
  readonly groups: readonly number[]
  /** Of each group. */
  readonly shapes: readonly ClusterShape[]
}

/**
 * Groups the names; where it turns out that many groups meet at an address, once more with that address counting less. Work grows with
 * the number of agents, and with its square at an address only up to SPEAKERS.
 */
export function cluster(members: readonly ClusterMember[], rule: ClusterRule): Clusters {
  const order = members
    .map((_, index) => index)
    .toSorted((a, b) => (members[a]!.domain < members[b]!.domain ? -1 : 1))
  const grouping = new Grouping(
    order.map((index) => members[index]!),
    rule,
  )
  grouping.settle()
  if (grouping.weighMeetings()) {
    grouping.restart()
    grouping.settle()
  }
  const { labels } = grouping
  const groups = Array.from({ length: members.length }, () => 0)
  const shapes: ClusterShape[] = []
  const numbers = new Map<number, number>()
  order.forEach((index, place) => {
    const label = labels[place]!
    let number = numbers.get(label)
    if (number === undefined) {
      numbers.set(label, (number = numbers.size))
      shapes.push(grouping.shape(label))
    }
    groups[index] = number
  })
  return { groups, shapes }
}

/** The shape of one group of members. */
export function shapeOf(members: readonly ClusterMember[]): ClusterShape {
  const groups = new GroupTally(new Incidence(members))
  groups.labels.fill(0)
  groups.measure()
  return groups.shape(0)
}
