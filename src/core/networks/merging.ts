// Which groups belong together as wholes: each is merged with the one that it overlaps most, where that is enough (pool-overlap.ts).
import type { GroupTally } from './group-tally.ts'
import { densityOf, isTied, overlap, type ClusterRule } from './pool-overlap.ts'

interface Pair {
  readonly x: number
  readonly y: number
  meetings: number
  shared: number
}

/** Relabels the members; in one call a group is merged once. True when something was merged. */
export function mergeGroups(groups: GroupTally, rule: ClusterRule): boolean {
  groups.measure()
  const candidates: { x: number; y: number; strength: number }[] = []
  for (const { x, y, meetings, shared } of meetingPairs(groups)) {
    const [a, b] = [groups.get(x), groups.get(y)]
    const strength = overlap(meetings, a.volume, b.volume, Math.min(densityOf(a), densityOf(b)))
    if (isTied(strength, shared, a.before !== -1 && a.before === b.before, rule))
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
  const { labels } = groups
  labels.forEach((label, m) => (labels[m] = into.get(label) ?? label))
  return into.size > 0
}

/** Any two groups of two members or more that meet at an address, and how much they have in common. `x` is the smaller label. */
function meetingPairs(groups: GroupTally): Iterable<Pair> {
  const pairs = new Map<number, Pair>()
  groups.eachAddress(2, (weight, labels, countOf) => {
    const grown = labels.filter((label) => groups.get(label).size > 1).toSorted((x, y) => x - y)
    const capped = (label: number): number => Math.min(countOf(label), groups.caps[label]!)
    grown.forEach((x, index) => {
      for (const y of grown.slice(index + 1)) {
        const key = x * groups.labels.length + y
        let pair = pairs.get(key)
        if (pair === undefined) pairs.set(key, (pair = { x, y, meetings: 0, shared: 0 }))
        pair.shared += weight
        pair.meetings += weight * capped(x) * capped(y)
      }
    })
  })
  return pairs.values()
}
