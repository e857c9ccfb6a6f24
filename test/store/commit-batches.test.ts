// Many rounds that are committed in one turn of the event loop: one call and one entry of the stream a partition, and yet each
// round is in or out by itself.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { roundsOf } from '../../src/core/outbox/round-frames.ts'
import { readObservations } from '../../src/core/outbox/read-observations.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { TargetId } from '../../src/core/model/target.ts'
import { keys, partitionOf, PARTITIONS, type Partition } from '../../src/store/keys.ts'
import type { RoundCommit } from '../../src/store/round-commit.ts'
import { commitOf, host, LiveHouse, observationOf, T, zone } from './live-house.ts'

const NAME = 'www.bad.example'
const ID = host(NAME)

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

/** Names of one partition. */
function namesIn(partition: Partition, count: number): string[] {
  const names: string[] = []
  for (let index = 0; names.length < count; index += 1) {
    const name = `n${index}.example`
    if (partitionOf(name) === partition) names.push(name)
  }
  return names
}

/** Entry by entry, the rounds that stand in it. */
async function entriesOf(partition: Partition): Promise<StoredObservation[][][]> {
  const entries = await house.redis.xrangeBuffer(keys.observations(partition), '-', '+')
  return entries.map(([, fields]) => roundsOf(fields[1]!).map(readObservations))
}

function commitAll(commits: readonly RoundCommit[]) {
  return Promise.all(commits.map((commit) => house.targets.commit(commit)))
}

describe('Rounds that are committed together', () => {
  test('are all written, with one entry of the stream for each partition', async () => {
    const names = PARTITIONS.flatMap((partition) => namesIn(partition, 3))
    await house.scan(names)
    const results = await commitAll(names.map((name) => commitOf(host(name), 0, { verdict: 'suspicious' })))
    expect(results).toEqual(names.map(() => 'committed'))
    for (const partition of PARTITIONS) {
      const own = names.filter((name) => partitionOf(name) === partition)
      expect(await entriesOf(partition)).toEqual([own.map((name) => [observationOf(host(name), 1)])])
    }
    expect(await house.domains.getMany(names)).toMatchObject(
      names.map((domain) => ({ domain, verdict: 'suspicious', assessment: { domain } })),
    )
    for (const name of names) expect(await house.dueAt(host(name))).toBe(T + 30_000)
  })

  test('are more than one entry when they are more than one call holds', async () => {
    const [partition = ''] = PARTITIONS
    const names = namesIn(partition, 70)
    await house.scan(names)
    await commitAll(names.map((name) => commitOf(host(name), 0, { verdict: 'pending' })))
    expect((await entriesOf(partition)).map((rounds) => rounds.length)).toEqual([64, 6])
  })

  test('leave a stale and a gone one among them out, and those only', async () => {
    const [partition = ''] = PARTITIONS
    const [stale = '', gone = '', ...good] = namesIn(partition, 6)
    await house.scan([stale, gone, ...good])
    await house.domains.stop(gone)
    const before = await house.redis.getBuffer(keys.target(stale, host(stale)))
    const [a = '', b = '', ...others] = good
    const commits = [
      commitOf(host(a), 0, { verdict: 'flux' }),
      commitOf(host(stale), 7, { verdict: 'flux' }),
      commitOf(host(b), 0, { verdict: 'flux' }),
      commitOf(host(gone), 0, { verdict: 'flux' }),
      ...others.map((name) => commitOf(host(name), 0, { verdict: 'flux' })),
    ]
    expect(await commitAll(commits)).toEqual([
      'committed',
      'stale',
      'committed',
      'gone',
      'committed',
      'committed',
    ])
    expect(await entriesOf(partition)).toEqual([good.map((name) => [observationOf(host(name), 1)])])
    expect((await house.domains.getMany(good)).map(({ verdict }) => verdict)).toEqual(good.map(() => 'flux'))
    expect(await house.redis.getBuffer(keys.target(stale, host(stale)))).toEqual(before)
    expect(await house.domains.get(gone)).toMatchObject({ verdict: 'pending', watching: false })
  })

  test('of the same target count once, and the next one goes on from there', async () => {
    await house.scan([NAME])
    const results = await commitAll([
      commitOf(ID, 0, { verdict: 'pending' }),
      commitOf(ID, 0, { verdict: 'flux' }),
      commitOf(ID, 1, { verdict: 'suspicious' }),
    ])
    expect(results).toEqual(['committed', 'stale', 'committed'])
    expect(await entriesOf(partitionOf(NAME))).toEqual([[[observationOf(ID, 1)], [observationOf(ID, 2)]]])
    expect(await house.domains.get(NAME)).toMatchObject({ verdict: 'suspicious' })
  })

  test('each give another stamp, also of the same target', async () => {
    await house.scan([NAME])
    const stamps = [await house.domains.stampOf(NAME)]
    await commitAll([commitOf(ID, 0, { verdict: 'pending' }), commitOf(ID, 1, { verdict: 'pending' })])
    stamps.push(await house.domains.stampOf(NAME))
    await house.targets.commit(commitOf(ID, 2, { verdict: 'pending' }))
    stamps.push(await house.domains.stampOf(NAME))
    expect(new Set(stamps).size).toBe(3)
    expect((await house.redis.getBuffer(keys.target(NAME, ID)))!.readUInt16LE(2)).toBe(4)
  })

  test('lose nothing by one whose record cannot be read: it fails, the others are in the streams', async () => {
    const [partition = ''] = PARTITIONS
    const names = namesIn(partition, 4)
    await house.scan(names)
    const [first = '', broken = '', third = '', fourth = ''] = names
    await house.redis.set(keys.target(broken, host(broken)), Buffer.from([1, 3]))
    const results = await Promise.allSettled(
      names.map((name) => house.targets.commit(commitOf(host(name), 0, { verdict: 'flux' }))),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    const good = [first, third, fourth]
    expect((await entriesOf(partition)).flat()).toEqual(good.map((name) => [observationOf(host(name), 1)]))
    expect((await house.domains.getMany(good)).map(({ verdict }) => verdict)).toEqual([
      'flux',
      'flux',
      'flux',
    ])
    expect(results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))).toEqual(
      good.map(() => 'committed'),
    )
  })

  test('without observations make no entry, and one that has some does', async () => {
    const [partition = ''] = PARTITIONS
    const [a = '', b = ''] = namesIn(partition, 2)
    await house.scan([a, b])
    const silent = (name: string) => ({
      ...commitOf(host(name), 0, { verdict: 'pending' }),
      observations: [],
    })
    expect(await commitAll([silent(a), silent(b)])).toEqual(['committed', 'committed'])
    expect(await entriesOf(partition)).toEqual([])
    await commitAll([
      { ...commitOf(host(a), 1, { verdict: 'pending' }), observations: [] },
      commitOf(host(b), 1, { verdict: 'pending' }),
    ])
    expect(await entriesOf(partition)).toEqual([[[observationOf(host(b), 2)]]])
  })

  test('of hosts and zones of one name are told apart', async () => {
    await house.scan(['bad.example'])
    await house.targets.addReference(zone('bad.example'), host('bad.example'), T)
    const results = await commitAll([
      commitOf(zone('bad.example'), 0),
      commitOf(host('bad.example'), 0, { verdict: 'pending' }),
    ])
    expect(results).toEqual(['committed', 'committed'])
    expect(await house.targets.seriesOf(zone('bad.example'))).toMatchObject({ kind: 'zone', rounds: 1 })
    expect(await house.targets.seriesOf(host('bad.example'))).toMatchObject({ kind: 'host', rounds: 1 })
  })
})

describe('Records that are read together', () => {
  test('go each to who asked, also where there is none', async () => {
    const [partition = ''] = PARTITIONS
    const names = namesIn(partition, 5)
    await house.scan(names.slice(1))
    await house.targets.commit(commitOf(host(names[2]!), 0, { verdict: 'flux' }))
    const loaded = await Promise.all(names.map((name) => house.targets.load(host(name))))
    expect(loaded.map(({ round, referenced, watch }) => [round, referenced, watch?.verdict ?? null])).toEqual(
      [
        [0, false, null],
        [0, true, 'pending'],
        [1, true, 'flux'],
        [0, true, 'pending'],
        [0, true, 'pending'],
      ],
    )
  })
})

test('One record that cannot be read fails alone, and the others of its batch are read', async () => {
  const [partition = ''] = PARTITIONS
  const names = namesIn(partition, 3)
  await house.scan(names)
  await house.redis.set(keys.target(names[1]!, host(names[1]!)), Buffer.from([9]))
  const loaded = await Promise.allSettled(names.map((name) => house.targets.load(host(name))))
  expect(loaded).toMatchObject([
    { status: 'fulfilled', value: { id: host(names[0]!), referenced: true } },
    { status: 'rejected', reason: new Error('Expected a record of form 1, got 9') },
    { status: 'fulfilled', value: { id: host(names[2]!), referenced: true } },
  ])
})

describe('A domain at rest', () => {
  const against = { verdict: 'no_flux_seen', fluxType: null } as const

  /** A round that was not assessed. */
  function stillOf(id: TargetId, expectedRound: number, rounds: number): RoundCommit {
    return { ...commitOf(id, expectedRound), still: { judgedAgainst: against, rounds } }
  }

  beforeEach(async () => {
    await house.scan([NAME])
    await house.targets.commit(commitOf(ID, 0, { verdict: 'no_flux_seen' }))
  })

  async function keptAssessment(): Promise<number> {
    return house.redis.exists(keys.assessment(NAME))
  }

  test('keeps its assessment after the first round of its verdict, and none once the verdict rests', async () => {
    expect(await keptAssessment()).toBe(1)
    const again = commitOf(ID, 1, { verdict: 'no_flux_seen', against: 'no_flux_seen', isAtRest: true })
    expect(await house.targets.commit(again)).toBe('committed')
    expect(await keptAssessment()).toBe(0)
    expect(await house.targets.load(ID)).toMatchObject({ round: 2, stillRounds: 0 })
    expect(await house.domains.get(NAME)).toMatchObject({ verdict: 'no_flux_seen', watching: true })
  })

  test('counts its still rounds, and drops with the first one what was kept before', async () => {
    expect(await house.targets.commit(stillOf(ID, 1, 1))).toBe('committed')
    expect(await keptAssessment()).toBe(0)
    expect(await house.targets.load(ID)).toMatchObject({
      round: 2,
      stillRounds: 1,
      watch: { verdict: 'no_flux_seen' },
    })
    expect(await house.targets.commit(stillOf(ID, 2, 2))).toBe('committed')
    expect((await house.targets.load(ID)).stillRounds).toBe(2)
    // The verdict is that of the latest round that assessed, and so is what the scans count it by.
    expect((await house.targets.recordOf(ID))?.submitted).toMatchObject({ version: 1, score: 0.078 })
    expect(await house.rounds(NAME)).toHaveLength(3)
  })

  test('keeps an assessment again as soon as its verdict changes', async () => {
    await house.targets.commit(stillOf(ID, 1, 1))
    await house.targets.commit(commitOf(ID, 2, { verdict: 'suspicious', against: 'no_flux_seen' }))
    expect(await keptAssessment()).toBe(1)
    expect(await house.domains.get(NAME)).toMatchObject({ assessment: { verdict: 'suspicious' } })
  })

  test('is assessed at its next round when it was hastened', async () => {
    await house.targets.commit(stillOf(ID, 1, 1))
    await house.targets.hasten(ID, T)
    expect((await house.targets.load(ID)).stillRounds).toBeNull()
    expect(await house.dueAt(ID)).toBe(T)
  })

  test('that was watched anew meanwhile does not take a still round of the watch before', async () => {
    await house.domains.stop(NAME)
    await house.scan([NAME])
    expect(await house.targets.commit(stillOf(ID, 1, 1))).toBe('stale')
    expect(await house.targets.load(ID)).toMatchObject({ round: 1, watch: { verdict: 'pending' } })
  })

  test('that was stopped meanwhile takes it as a shared host, or not at all', async () => {
    await house.targets.addReference(ID, zone('bad.example'), T)
    await house.domains.stop(NAME)
    expect(await house.targets.commit(stillOf(ID, 1, 1))).toBe('unwatched')
    expect((await house.targets.load(ID)).round).toBe(2)
    await house.targets.removeReference(ID, zone('bad.example'))
    expect(await house.targets.commit(stillOf(ID, 2, 2))).toBe('gone')
  })
})
