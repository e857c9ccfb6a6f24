import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { commitOf, host, HOUR_MS, LiveHouse, observationOf, T, verdictEntryOf, zone } from './live-house.ts'

const NAME = 'www.bad.example'
const ID = host(NAME)

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

async function ttl(key: string): Promise<number> {
  return house.redis.pttl(key)
}

describe('A committed round', () => {
  test('writes series, verdict, next due time and both streams', async () => {
    await house.scan([NAME])
    const commit = commitOf(ID, 0, { verdict: 'flux', nextDueAt: T + 45_000 })
    expect(await house.targets.commit(commit)).toBe('committed')

    expect(await house.targets.load(ID)).toMatchObject({
      round: 1,
      series: commit.series,
      watch: { verdict: 'flux', fluxType: 'single', firstFlaggedAt: T },
    })
    expect(await house.domains.get(NAME)).toMatchObject({
      verdict: 'flux',
      firstFlaggedAt: T,
      watching: true,
      assessment: commit.domain!.assessment,
    })
    expect(await house.dueAt(ID)).toBe(T + 45_000)
    expect(await house.rounds(NAME)).toEqual([[observationOf(ID, 1)]])
    expect(await house.events(NAME)).toEqual([verdictEntryOf(NAME, 'flux', 1)])
  })

  test('is published with the name of its domain when the verdict changes', async () => {
    await house.scan([NAME])
    const subscriber = new Redis(house.server.path)
    try {
      await subscriber.subscribe(keys.verdictChannel())
      const heard = once(subscriber, 'message')
      await house.targets.commit(commitOf(ID, 0, { verdict: 'pending' }))
      await house.targets.commit(commitOf(ID, 1, { verdict: 'suspicious' }))
      expect(await heard).toEqual([keys.verdictChannel(), NAME])
    } finally {
      subscriber.disconnect()
    }
  })

  test('without observations or events leaves nothing in the streams', async () => {
    await house.scan([NAME])
    await house.targets.commit({ ...commitOf(ID, 0, { verdict: 'pending' }), observations: [], entries: [] })
    expect(await house.rounds(NAME)).toEqual([])
    expect(await house.events(NAME)).toEqual([])
    expect((await house.targets.load(ID)).round).toBe(1)
  })

  test('of a shared target touches no domain', async () => {
    await house.targets.addReference(zone('bad.example'), ID, T)
    const commit = commitOf(zone('bad.example'), 0)
    expect(await house.targets.commit(commit)).toBe('committed')
    expect(await house.targets.seriesOf(zone('bad.example'))).toEqual(commit.series)
    expect(await house.domains.get('bad.example')).toBeNull()
    expect(await house.events('bad.example')).toEqual([])
  })
})

describe('Nothing is written by a round', () => {
  test('that is delivered twice: the second is stale', async () => {
    await house.scan([NAME])
    const commit = commitOf(ID, 0, { verdict: 'flux' })
    await house.targets.commit(commit)
    const before = await house.everything()
    expect(await house.targets.commit({ ...commit, nextDueAt: T + 99_000 })).toBe('stale')
    expect(await house.everything()).toEqual(before)
  })

  test('that skips a number', async () => {
    await house.scan([NAME])
    const before = await house.everything()
    expect(await house.targets.commit(commitOf(ID, 4, { verdict: 'flux' }))).toBe('stale')
    expect(await house.everything()).toEqual(before)
  })

  test('of two that ran at the same time by the one that commits later', async () => {
    await house.scan([NAME])
    const results = await Promise.all([
      house.targets.commit(commitOf(ID, 0, { verdict: 'flux' })),
      house.targets.commit(commitOf(ID, 0, { verdict: 'suspicious' })),
    ])
    expect(results).toEqual(['committed', 'stale'])
    expect((await house.domains.get(NAME))?.verdict).toBe('flux')
    expect(await house.rounds(NAME)).toHaveLength(1)
  })

  test('of a domain that was stopped while it was probed', async () => {
    await house.scan([NAME])
    await house.targets.commit(commitOf(ID, 0, { verdict: 'pending' }))
    await house.domains.stop(NAME)
    const before = await house.everything()
    expect(await house.targets.commit(commitOf(ID, 1, { verdict: 'flux' }))).toBe('gone')
    expect(await house.everything()).toEqual(before)
  })

  test('of a target that nobody needs, which is also not due any more', async () => {
    const shared = zone('bad.example')
    await house.targets.addReference(shared, ID, T)
    await house.targets.removeReference(shared, ID)
    expect(await house.targets.commit(commitOf(shared, 0))).toBe('gone')
    expect(await house.dueAt(shared)).toBeNull()
    expect(await house.everything()).toEqual({})
  })
})

describe('A domain that is watched anew while its host is probed', () => {
  const known = commitOf(ID, 0, { verdict: 'flux', nextDueAt: T + 30_000 })
  const inFlight = commitOf(ID, 1, { verdict: 'flux', against: 'flux', asOf: T + 40_000 })

  test('gets nothing of a round that was judged against the verdict of before: it is stale, and redone at once', async () => {
    const first = await house.scan([NAME])
    // A zone needs the host too, so that it stays scheduled with its lease when the scan is cancelled.
    await house.targets.addReference(ID, zone('bad.example'), T)
    await house.targets.commit(known)
    await house.claim(partitionOf(NAME), T + 35_000, T + 95_000, 10)
    await house.scans.cancel(first)
    const second = await house.scan([NAME])
    expect(await house.dueAt(ID)).toBe(T + 95_000)
    const before = await house.everything()
    expect(await house.targets.commit({ ...inFlight, entries: [] })).toBe('stale')
    expect(await house.dueAt(ID)).toBe(T + 40_000)
    const slot = partitionOf(NAME)
    const { [keys.due(slot)]: _due, [keys.leases(slot)]: _lease, ...unwritten } = before
    expect(await house.everything()).toEqual({ ...unwritten, [keys.due(slot)]: expect.any(String) })
    expect(await house.scans.get(second)).toMatchObject({ state: 'running', verdicts: { pending: 1 } })

    // Done again, it finds `pending`, and what it tells reaches the new scan.
    const again = commitOf(ID, 1, { verdict: 'flux', asOf: T + 41_000 })
    expect(await house.targets.commit(again)).toBe('committed')
    expect((await house.events(NAME)).at(-1)).toEqual(verdictEntryOf(NAME, 'flux', 2))
  })

  test('with another type of flux is stale as well', async () => {
    await house.scan([NAME])
    await house.targets.commit(known)
    const asDouble = { ...inFlight.domain!, judgedAgainst: { verdict: 'flux', fluxType: 'double' } } as const
    expect(await house.targets.commit({ ...inFlight, domain: asDouble })).toBe('stale')
    expect((await house.targets.load(ID)).round).toBe(1)
  })
})

test('a name server that is submitted while it is probed is due again as soon as the least interval allows', async () => {
  await house.targets.addReference(ID, zone('bad.example'), T)
  await house.claim(partitionOf(NAME), T, T + 60_000, 10)
  await house.scan([NAME])
  expect(await house.dueAt(ID)).toBe(T + 60_000)
  const shared = commitOf(ID, 0, { nextDueAt: T + HOUR_MS, earliestNextAt: T + 30_000 })
  expect(await house.targets.commit(shared)).toBe('committed')
  expect(await house.dueAt(ID)).toBe(T + 30_000)
})

test('what is left of a target that was released while it was probed goes after the retention time', async () => {
  await house.targets.addReference(ID, zone('bad.example'), T)
  await house.targets.commit(commitOf(ID, 0))
  expect(await ttl(keys.target(NAME, ID))).toBe(-1)
  await house.targets.removeReference(ID, zone('bad.example'))
  expect(await house.targets.commit(commitOf(ID, 1))).toBe('gone')
  expect(await ttl(keys.target(NAME, ID))).toBeGreaterThan(RETENTION_MS - 60_000)
  expect(await ttl(keys.target(NAME, ID))).toBeLessThanOrEqual(RETENTION_MS)
})

test('a stopped domain that serves as a name server goes on as a shared host, without a verdict', async () => {
  await house.scan([NAME])
  await house.targets.addReference(ID, zone('bad.example'), T)
  await house.domains.stop(NAME)
  const told = await house.events(NAME)
  expect(await house.targets.commit(commitOf(ID, 0, { verdict: 'flux' }))).toBe('unwatched')
  expect((await house.targets.load(ID)).round).toBe(1)
  expect(await house.domains.get(NAME)).toMatchObject({ verdict: 'pending', watching: false })
  expect(await house.events(NAME)).toEqual(told)
})

describe('The round that ends a watch', () => {
  const ending = commitOf(ID, 0, { verdict: 'no_flux_seen', watchOver: true, asOf: T + HOUR_MS })

  test('unschedules the host, tells its end after its verdict, and keeps it readable for the retention time', async () => {
    await house.scan([NAME], { watchForSeconds: 3600 })
    expect(await house.targets.commit(ending)).toBe('committed')
    expect(await house.dueAt(ID)).toBeNull()
    expect(await house.targets.load(ID)).toMatchObject({ referenced: false, watch: null, round: 1 })
    expect(await house.domains.get(NAME)).toMatchObject({ watching: false, verdict: 'no_flux_seen' })
    expect((await house.events(NAME)).map((entry) => entry.kind)).toEqual(['verdict', 'watch-ended'])
    for (const key of [keys.assessment(NAME), keys.target(NAME, ID)]) {
      expect(await ttl(key)).toBeGreaterThan(RETENTION_MS - 60_000)
      expect(await ttl(key)).toBeLessThanOrEqual(RETENTION_MS)
    }
  })

  test('leaves the host scheduled where a zone needs it', async () => {
    await house.scan([NAME], { watchForSeconds: 3600 })
    await house.targets.addReference(ID, zone('bad.example'), T)
    await house.targets.commit(ending)
    expect(await house.dueAt(ID)).toBe(ending.nextDueAt)
    expect(await ttl(keys.target(NAME, ID))).toBe(-1)
    expect(await house.domains.get(NAME)).toMatchObject({ watching: false })
  })

  test('does not end a watch that was made longer while it was probed', async () => {
    await house.scan([NAME], { watchForSeconds: 3600 })
    await house.scan([NAME], { watchForSeconds: 7200 })
    expect(await house.targets.commit(ending)).toBe('committed')
    expect(await house.domains.get(NAME)).toMatchObject({ watching: true, verdict: 'no_flux_seen' })
    expect((await house.events(NAME)).map((entry) => entry.kind)).toEqual(['verdict'])
    expect(await house.dueAt(ID)).toBe(ending.nextDueAt)
    expect(await ttl(keys.target(NAME, ID))).toBe(-1)
  })

  test('ends an open watch that is answered, long before its time', async () => {
    await house.scan([NAME], { watchForSeconds: 72_000, endsWhenAnswered: true })
    const answered = commitOf(ID, 0, { verdict: 'no_flux_seen', watchOver: 'answered' })
    expect(await house.targets.commit(answered)).toBe('committed')
    expect(await house.domains.get(NAME)).toMatchObject({ watching: false, verdict: 'no_flux_seen' })
    expect((await house.events(NAME)).at(-1)).toMatchObject({ kind: 'watch-ended', reason: 'answered' })
    expect(await house.dueAt(ID)).toBeNull()
  })

  test('does not end a watch as answered that was ordered while it was probed', async () => {
    await house.scan([NAME], { endsWhenAnswered: true })
    await house.scan([NAME], { endsWhenAnswered: false })
    const answered = commitOf(ID, 0, { verdict: 'no_flux_seen', watchOver: 'answered' })
    expect(await house.targets.commit(answered)).toBe('committed')
    expect(await house.domains.get(NAME)).toMatchObject({ watching: true, verdict: 'no_flux_seen' })
    expect((await house.events(NAME)).map((entry) => entry.kind)).toEqual(['verdict'])
    expect(await house.dueAt(ID)).toBe(answered.nextDueAt)
  })
})
