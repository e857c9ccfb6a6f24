import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cluster, shapeOf } from '../../../src/core/networks/clustering.ts'
import type { ClusterMember } from '../../../src/core/networks/cluster-member.ts'
import { densityOf, overlap } from '../../../src/core/networks/pool-overlap.ts'
import { createDice } from '../../../src/lab/random.ts'

const RULE = { containment: 0.4, stay: 0.25 }

function name(domain: string, addresses: readonly number[], weight = 1, before = -1): ClusterMember {
  return { domain, addresses, weights: addresses.map(() => weight), before }
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

/** `count` names that each drew `sample` of the machines from `first` on. */
function botnet(
  label: string,
  first: number,
  machines: number,
  count: number,
  sample: number,
): ClusterMember[] {
  const dice = createDice(label)
  return Array.from({ length: count }, (_, index) =>
    name(
      `${label}-${index}.example`,
      dice.distinct(machines, sample, index).map((machine) => first + machine),
    ),
  )
}

/** The groups of two or more, as domains. */
function groupsOf(members: readonly ClusterMember[]): string[][] {
  const { groups } = cluster(members, RULE)
  return [...Map.groupBy(members, (_, index) => groups[index]!).values()]
    .filter(({ length }) => length > 1)
    .map((group) => group.map(({ domain }) => domain).toSorted())
    .toSorted()
}

describe('how much two groups overlap', () => {
  it('is 1 for two samples of one pool, however large they are', () => {
    // Two names that have all 10 machines meet 10 times out of 10 · 10: density 20 / (20² − 200) = 0.1.
    const shape = shapeOf([name('a', range(0, 10)), name('b', range(0, 10))])
    expect(densityOf(shape)).toBeCloseTo(0.1)
    // A third one with all ten of them meets twenty agents, one with five of them ten.
    expect(overlap(20, 10, shape.volume, 0.1)).toBe(1)
    expect(overlap(10, 5, shape.volume, 0.1)).toBe(1)
  })

  it('is the share of the machines in common otherwise', () => {
    const { volume } = shapeOf([name('a', range(0, 10)), name('b', range(0, 10))])
    expect(overlap(2, 10, volume, 0.1)).toBeCloseTo(0.1)
  })
})

describe('grouping names', () => {
  it('puts names of one small pool together and leaves strangers alone', () => {
    const members = [name('a', range(0, 10)), name('b', range(2, 10)), name('c', range(50, 10))]
    expect(groupsOf(members)).toEqual([['a', 'b']])
  })

  it('never ties two names by a single address', () => {
    expect(groupsOf([name('a', [1, 2, 3]), name('b', [3, 4, 5])])).toEqual([])
    expect(groupsOf([name('a', [2, 3, 4]), name('b', [2, 3, 5])])).toEqual([['a', 'b']])
  })

  it('ties nobody by addresses that count for nothing', () => {
    expect(groupsOf([name('a', range(0, 10), 0.1), name('b', range(0, 10), 0.1)])).toEqual([])
  })

  it('finds together what saw little of a large pool: forty names with 40 of 1,500 machines each', () => {
    const members = botnet('large', 0, 1500, 40, 40)
    expect(groupsOf(members)).toEqual([members.map(({ domain }) => domain).toSorted()])
  })

  it('keeps two botnets apart that share a tenth of their machines, small and large', () => {
    for (const [machines, sample] of [
      [40, 40],
      [1500, 64],
    ] as const) {
      const one = botnet('one', 0, machines, 30, sample)
      const other = botnet('other', machines * 0.9, machines, 12, sample)
      const found = groupsOf([...one, ...other])
      expect(found.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([12, 30])
    }
  })

  it('does not let a sinkhole that some names of each botnet were brought to tie the botnets', () => {
    const sinkhole = range(90_000, 4)
    const brought = (member: ClusterMember, index: number): ClusterMember =>
      index % 2 === 0 ? name(member.domain, [...member.addresses, ...sinkhole]) : member
    const worlds = range(0, 6).map((number) =>
      botnet(`botnet${number}`, number * 2000, 900, 16, 50).map(brought),
    )
    expect(groupsOf(worlds.flat())).toEqual(
      worlds.map((members) => members.map(({ domain }) => domain).toSorted()).toSorted(),
    )
  })

  it('keeps a name that was in down to a lower bar than one that comes', () => {
    const members = botnet('pool', 0, 30, 6, 20).map((member) => ({ ...member, before: 7 }))
    // 6 of 20 in the pool: 0.3 of what its own names have, and little chance in it.
    const edge = [...range(0, 6), ...range(500, 14)]
    const withEdge = (before: number): readonly number[] =>
      cluster([...members, name('edge.example', edge, 1, before)], { containment: 0.6, stay: 0.2 }).groups
    expect(withEdge(7)[6]).toBe(withEdge(7)[0])
    expect(withEdge(-1)[6]).not.toBe(withEdge(-1)[0])
  })

  it('gives the same groups in whatever order names and agents come', () => {
    const members = [
      ...botnet('one', 0, 300, 9, 40),
      ...botnet('two', 270, 300, 7, 40),
      ...botnet('three', 5000, 25, 4, 20),
    ]
    const expected = groupsOf(members)
    fc.assert(
      fc.property(fc.shuffledSubarray(members, { minLength: members.length }), fc.nat(), (shuffled, seed) => {
        const dice = createDice(seed)
        const mixed = shuffled.map((member) => ({
          ...member,
          addresses: dice.shuffled(member.addresses, member.domain),
        }))
        expect(groupsOf(mixed)).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })
})
