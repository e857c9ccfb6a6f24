// What waits for history in the live state: counted, bounded, told. A history that is away stops neither rounds nor verdicts, and what
// was accepted for it stays until it is back.
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { historian } from '../../src/queue/historian.ts'
import { readHistoryBacklog } from '../../src/store/history-backlog.ts'
import { keys, partitionOf, PARTITIONS } from '../../src/store/keys.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { ENTRY_OCTETS } from '../../src/store/scripts/commit-rounds.ts'
import { OutboxReader, type OutboxHandler } from '../../src/store/outbox-reader.ts'
import { commitOf, host, HOUR_MS, LiveHouse, observationOf, T } from './live-house.ts'

const NAME = 'www.bad.example'
const ID = host(NAME)
const PARTITION = partitionOf(NAME)
/** Of all partitions; of one, about four rounds that are committed by themselves. */
const LIMIT = 16 * 640
const STOP_LIMIT_MS = 10_000

let house: LiveHouse
let targets: LiveTargets
const connections: Redis[] = []
beforeAll(async () => {
  house = await LiveHouse.open()
  targets = new LiveTargets(house.redis, { historyBacklogOctets: LIMIT })
})
afterAll(() => house?.close())
beforeEach(() => house.reset())
afterEach(() => {
  for (const connection of connections.splice(0)) connection.disconnect()
})

const backlog = () => readHistoryBacklog(house.redis, LIMIT)

/** The rounds from `first` on, one commit after the other. */
async function commitRounds(first: number, count: number, asOf = T): Promise<void> {
  for (let round = first; round < first + count; round += 1) {
    expect(await targets.commit(commitOf(ID, round, { verdict: 'pending', asOf }))).toBe('committed')
  }
}

function reader(consumer = 'a', errors: unknown[] = []): OutboxReader {
  const connection = new Redis(house.server.path, { maxRetriesPerRequest: null })
  connections.push(connection)
  return new OutboxReader(connection, {
    group: 'historian',
    consumer,
    streams: PARTITIONS.map(keys.observations),
    field: 'round',
    backlogs: PARTITIONS.map((partition) => ({
      counts: keys.observationsBacklog(partition),
      unreadable: keys.observationsUnreadable(partition),
    })),
    onError: (error) => errors.push(error),
  })
}

/** Everything that waits goes to the handler; answers what it got. */
async function drain(handle?: OutboxHandler): Promise<number[]> {
  const rounds: number[] = []
  const one = reader()
  await one.start(
    handle ??
      (async (payloads) => {
        rounds.push(...payloads.flatMap(observationsOfEntry).map(({ round }) => round))
      }),
  )
  await one.stop(STOP_LIMIT_MS)
  return rounds
}

describe('What waits for history', () => {
  test('is nothing at first', async () => {
    expect(await backlog()).toEqual({
      entries: 0,
      octets: 0,
      oldestMs: 0,
      fullness: 0,
      lostRounds: 0,
      lostObservations: 0,
      gap: null,
      unreadable: 0,
    })
  })

  test('is counted as it comes and goes: its payloads, and what an entry takes beside them', async () => {
    await house.scan([NAME])
    await commitRounds(0, 3)
    const { entries, octets, fullness } = await backlog()
    expect(entries).toBe(3)
    expect(fullness).toBeCloseTo((octets * 16) / LIMIT, 6)
    const there = await house.redis.xrangeBuffer(keys.observations(PARTITION), '-', '+')
    expect(octets).toBe(there.reduce((sum, [, [, payload]]) => sum + payload!.length + ENTRY_OCTETS, 0))
    expect(await drain()).toEqual([1, 2, 3])
    expect(await backlog()).toMatchObject({ entries: 0, octets: 0, lostRounds: 0 })
    expect(await house.redis.hget(keys.observationsBacklog(PARTITION), 'octets')).toBeNull()
  })

  test('tells how long its oldest entry waits, by the clock of Redis', async () => {
    const [seconds] = (await house.redis.time()) as unknown as [string, string]
    const id = `${Number(seconds) * 1000 - 90_000}-0`
    await house.redis.xadd(keys.observations(PARTITION), id, 'round', 'x')
    await house.scan([NAME])
    await commitRounds(0, 1)
    const { oldestMs } = await backlog()
    expect(oldestMs).toBeGreaterThanOrEqual(90_000)
    expect(oldestMs).toBeLessThan(100_000)
  })

  test('is counted off once, whoever settles an entry besides', async () => {
    await house.scan([NAME])
    await commitRounds(0, 2)
    const [first] = await house.redis.xrange(keys.observations(PARTITION), '-', '+')
    const before = (await backlog()).octets
    const one = reader('one')
    let again: Promise<void> | null = null
    await one.start(async () => {
      // Another one that had it, too, is done with it first.
      await house.redis.xdel(keys.observations(PARTITION), first![0])
      again ??= commitRounds(2, 1)
      await again
    })
    await again
    await one.stop(STOP_LIMIT_MS)
    expect(before).toBeGreaterThan(0)
    expect((await backlog()).octets).toBe(0)
  })
})

describe('When too much waits for history', () => {
  test('rounds and verdicts go on, what waits stays, and what is not recorded is counted', async () => {
    await house.scan([NAME])
    await commitRounds(0, 10)
    const { entries, lostRounds, lostObservations, gap, fullness } = await backlog()
    expect(entries).toBeGreaterThan(0)
    expect(entries + lostRounds).toBe(10)
    expect(lostRounds).toBeGreaterThan(0)
    expect(lostObservations).toBe(lostRounds)
    expect(gap).toEqual({ from: T, to: T })
    expect(fullness).toBeLessThanOrEqual(1)
    expect((await targets.load(ID)).round).toBe(10)
    expect((await house.events(NAME)).length).toBe(10)
    // The oldest are those that were accepted; none of them was given up for a newer one.
    expect(await drain()).toEqual(Array.from({ length: entries }, (_, index) => index + 1))
    // There is room again.
    await commitRounds(10, 1, T + 60_000)
    expect(await drain()).toEqual([11])
    expect(await backlog()).toMatchObject({ lostRounds, gap: { from: T, to: T } })
  })

  test('others than the full partition go on being recorded', async () => {
    const other = ['a', 'b', 'c', 'd']
      .map((label) => `${label}.example`)
      .find((name) => partitionOf(name) !== PARTITION)!
    await house.scan([NAME, other])
    await commitRounds(0, 10)
    const { entries } = await backlog()
    expect(await targets.commit(commitOf(host(other), 0, { verdict: 'pending' }))).toBe('committed')
    expect((await backlog()).entries).toBe(entries + 1)
  })

  test('losses within an hour are one gap, a later one is another', async () => {
    await house.scan([NAME])
    await commitRounds(0, 10, T)
    await commitRounds(10, 1, T + HOUR_MS)
    expect((await backlog()).gap).toEqual({ from: T, to: T + HOUR_MS })
    await commitRounds(11, 1, T + 2 * HOUR_MS + 1)
    expect((await backlog()).gap).toEqual({ from: T + 2 * HOUR_MS + 1, to: T + 2 * HOUR_MS + 1 })
  })

  test('a stream that an operator removed has room again', async () => {
    await house.scan([NAME])
    await commitRounds(0, 10)
    const { lostRounds } = await backlog()
    await house.redis.del(keys.observations(PARTITION))
    await commitRounds(10, 1)
    expect(await backlog()).toMatchObject({ entries: 1, lostRounds })
  })

  test('a round that is not committed is not lost either', async () => {
    await house.scan([NAME])
    await commitRounds(0, 10)
    const { lostRounds } = await backlog()
    expect(await targets.commit(commitOf(ID, 3, { verdict: 'pending' }))).toBe('stale')
    expect((await backlog()).lostRounds).toBe(lostRounds)
  })
})

test('A history that was away gets everything when it is back, in order and once', async () => {
  await house.scan([NAME])
  const rows: StoredObservation[] = []
  const errors: unknown[] = []
  let refusals = 2
  const one = reader('a', errors)
  const back = Promise.withResolvers<void>()
  await one.start(
    historian({
      async appendEntries(entries) {
        if (refusals > 0) {
          refusals -= 1
          if (refusals === 0) back.resolve()
          throw new FluxError('FLUX_STORE_UNAVAILABLE', 'the disk is full')
        }
        rows.push(...entries.flatMap(observationsOfEntry))
      },
    }),
  )
  await house.targets.commit(commitOf(ID, 0))
  for (let round = 1; round < 300; round += 1) await house.targets.commit(commitOf(ID, round))
  await back.promise
  expect((await backlog()).entries).toBe(300)
  await expect.poll(() => rows.length, { timeout: 10_000 }).toBe(300)
  await one.stop(STOP_LIMIT_MS)
  expect(rows).toEqual(Array.from({ length: 300 }, (_, index) => observationOf(ID, index + 1)))
  expect(errors.map((error) => (error as Error).message)).toEqual(['the disk is full', 'the disk is full'])
  expect(await backlog()).toMatchObject({ entries: 0, octets: 0, lostRounds: 0 })
})

describe('An entry that nobody can read', () => {
  const stream = keys.observations(PARTITION)
  const aside = keys.observationsUnreadable(PARTITION)
  const sinkOf = (rows: StoredObservation[]) => ({
    async appendEntries(entries: readonly Uint8Array[]) {
      rows.push(...entries.flatMap(observationsOfEntry))
    },
  })

  test('is set aside with its id and the reason, and the others go on', async () => {
    await house.scan([NAME])
    await commitRounds(0, 1)
    const id = await house.redis.xadd(stream, '*', 'round', Buffer.of(9, 9))
    await commitRounds(1, 1)
    const rows: StoredObservation[] = []
    await drain(historian(sinkOf(rows)))
    expect(rows.map(({ round }) => round)).toEqual([1, 2])
    expect(await backlog()).toMatchObject({ entries: 0, octets: 0, unreadable: 1 })
    const [[, fields]] = (await house.redis.xrangeBuffer(aside, '-', '+')) as [[Buffer, Buffer[]]]
    expect(fields.slice(0, 5).map(String)).toEqual([
      'entry',
      id,
      'reason',
      'Expected observations of version 1, got 9',
      'round',
    ])
    expect(fields[5]).toEqual(Buffer.of(9, 9))
  })

  test('is one of the latest 64 that are kept; all are counted', async () => {
    for (let index = 0; index < 100; index += 1) await house.redis.xadd(stream, '*', 'round', `bad ${index}`)
    await drain(historian(sinkOf([])))
    expect(await house.redis.xlen(aside)).toBe(64)
    expect((await backlog()).unreadable).toBe(100)
    const [[, fields]] = (await house.redis.xrange(aside, '-', '+', 'COUNT', 1)) as [[string, string[]]]
    expect(fields[5]).toBe('bad 36')
  })
})
