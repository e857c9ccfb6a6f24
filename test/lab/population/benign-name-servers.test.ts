import { describe, expect, it } from 'vitest'
import { BENIGN_NAME_SERVER_CLASSES } from '../../../src/core/detect/model/classes.ts'
import type { BenignNameServerClass } from '../../../src/core/detect/model/classes.ts'
import { BENIGN_GROUPS } from '../../../src/lab/population/benign-groups.ts'
import type { Member, Split } from '../../../src/lab/population/member.ts'
import type { LabRegion } from '../../../src/lab/regions.ts'
import { LAB_REGIONS } from '../../../src/lab/regions.ts'
import { nameSpaceOf } from '../../../src/lab/watch/watch-member.ts'
import { START_AT, asnsOf, drawBenign } from './benign-asking.ts'

const DAY_MS = 86_400_000

const members = BENIGN_GROUPS.filter(({ group }) => group !== 'migration').flatMap((group) =>
  Array.from({ length: 60 }, (_, index) => drawBenign(group, index % 2 ? 'fit' : 'report', index)),
)
const drawn = (split: Split): Member[] =>
  BENIGN_GROUPS.filter(({ group }) => group !== 'migration').flatMap((group) =>
    Array.from({ length: 30 }, (_, index) => drawBenign(group, split, index)),
  )
const of = (kind: BenignNameServerClass): Member[] =>
  members.filter(({ truth }) => truth.nameServers === kind)

/** Each name of the zone's own NS set with its addresses, as an asker of the region is told. */
function nameServersSeen(member: Member, at: number, region: LabRegion): Map<string, string> {
  const space = nameSpaceOf(member)
  const names = space.resolve({ name: member.zone.apex, type: 'NS' }, { at, region }).answer
  return new Map(
    names.map(({ data }) => [
      data,
      space
        .resolve({ name: data, type: 'A' }, { at, region })
        .answer.map((record) => record.data)
        .join(),
    ]),
  )
}

const momentsOf = (days: number): number[] =>
  Array.from({ length: 25 }, (_, step) => START_AT + (step / 24) * days * DAY_MS)

function versions(member: Member, days: number, regions: readonly LabRegion[] = LAB_REGIONS): Set<string> {
  return new Set(
    momentsOf(days).flatMap((at) =>
      regions.map((region) => JSON.stringify([...nameServersSeen(member, at, region)])),
    ),
  )
}

describe('the name servers of benign members', () => {
  it.each([
    ['report', 0.62, 0.78, 0, 0.06],
    // The fit sees the rare kinds more often.
    ['fit', 0.32, 0.48, 0.14, 0.26],
  ] as const)(
    'of the %s half are of every benign class, in its shares',
    (split, least, most, fewest, moved) => {
      const half = drawn(split)
      const share = (kind: BenignNameServerClass) =>
        half.filter(({ truth }) => truth.nameServers === kind).length / half.length
      for (const kind of BENIGN_NAME_SERVER_CLASSES)
        expect(share(kind) * half.length, kind).toBeGreaterThan(3)
      expect(share('hosted')).toBeGreaterThan(least)
      expect(share('hosted')).toBeLessThan(most)
      expect(share('moved-once')).toBeGreaterThan(fewest)
      expect(share('moved-once')).toBeLessThan(moved)
    },
  )

  it.each(['hosted', 'own-servers', 'volunteer-secondaries'] as const)('%s stand still', (kind) => {
    for (const member of of(kind).slice(0, 25)) expect(versions(member, 2).size, member.host).toBe(1)
  })

  it('own servers lie in the zone, on the site itself in some members', () => {
    let onSite = 0
    for (const member of of('own-servers')) {
      const seen = nameServersSeen(member, START_AT, 'eu')
      expect([...seen.keys()].every((name) => name.endsWith(`.${member.zone.apex}`))).toBe(true)
      const site = nameSpaceOf(member)
        .resolve({ name: member.host, type: 'A' }, { at: START_AT, region: 'eu' })
        .answer.map(({ data }) => data)
      if ([...seen.values()].some((address) => site.includes(address))) onSite++
    }
    expect(onSite).toBeGreaterThan(3)
    expect(onSite).toBeLessThan(of('own-servers').length)
  })

  it('volunteers stand in as many ASNs as there are', () => {
    for (const member of of('volunteer-secondaries')) {
      const seen = [...nameServersSeen(member, START_AT, 'eu').values()]
      expect(seen.length).toBeGreaterThanOrEqual(3)
      expect(asnsOf(member, seen).size).toBe(seen.length)
    }
  })

  it('geographic ones differ by region or change over time, within one AS', () => {
    for (const member of of('geo-dns').slice(0, 25)) {
      expect(versions(member, 1).size, JSON.stringify(member.parameters)).toBeGreaterThan(1)
      const seen = LAB_REGIONS.flatMap((region) =>
        momentsOf(1).flatMap((at) => [...nameServersSeen(member, at, region).values()]),
      )
      expect(asnsOf(member, seen).size).toBe(1)
    }
  })

  it('those that move do so once during the watch, by names or by one address', () => {
    const moving = [
      ...of('moved-once'),
      ...Array.from({ length: 30 }, (_, index) =>
        drawBenign(
          BENIGN_GROUPS.find(({ group }) => group === 'migration')!,
          'report',
          index,
        ),
      ).filter(({ truth }) => truth.nameServers === 'moved-once'),
    ]
    const ways = new Set<string>()
    for (const member of moving) {
      const [before, after] = [START_AT, START_AT + DAY_MS].map((at) => nameServersSeen(member, at, 'eu'))
      expect(versions(member, 1, ['eu']).size, member.host).toBe(2)
      const stayed = [...before!.keys()].filter((name) => after!.has(name))
      const renumbered = stayed.filter((name) => before!.get(name) !== after!.get(name))
      expect([0, before!.size]).toContain(stayed.length)
      if (stayed.length > 0) expect(renumbered.length).toBe(1)
      ways.add(stayed.length === 0 ? 'names' : 'address')
    }
    expect(ways.size).toBe(2)
  })
})
