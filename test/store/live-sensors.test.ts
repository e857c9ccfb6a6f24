import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sightings } from '../../src/core/import/sightings.ts'
import { keys } from '../../src/store/keys.ts'
import { ADDRESSES_PER_NAME, LiveSensors } from '../../src/store/live-sensors.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { HOUR_MS, LiveHouse, T } from './live-house.ts'

const NAME = 'www.bad.example'

let house: LiveHouse
let sensors: LiveSensors
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  sensors = new LiveSensors(house.redis)
})

const sightings = (
  addresses: Readonly<Record<string, readonly [first: number, last: number]>>,
  name = NAME,
): Sightings =>
  new Map([
    [name, new Map(Object.entries(addresses).map(([address, [first, last]]) => [address, { first, last }]))],
  ])

const THREE = sightings({ '20.0.0.1': [T - 9, T - 5], '20.0.0.2': [T - 8, T - 5], '20.0.0.3': [T - 7, T] })

/** As another process sees it, which remembers nothing. */
const seen = (name = NAME, now = T) => new LiveSensors(house.redis).of(name, now)

async function commands(work: () => Promise<unknown>): Promise<number> {
  await house.redis.config('RESETSTAT')
  await work()
  const stats = await house.redis.info('commandstats')
  return [...stats.matchAll(/^cmdstat_(?!config|info)\S+?:calls=(\d+)/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  )
}

describe('What a sensor saw of a name', () => {
  test('is found by every process, by address, with times and sensor', async () => {
    expect(await seen()).toBeNull()
    expect(await sensors.note('corp-dns', THREE)).toEqual({ noted: 1, passedOver: 0, noRoom: 0 })
    expect(await seen()).toEqual([
      { address: '20.0.0.1', first: T - 9, last: T - 5, sensors: ['corp-dns'] },
      { address: '20.0.0.2', first: T - 8, last: T - 5, sensors: ['corp-dns'] },
      { address: '20.0.0.3', first: T - 7, last: T, sensors: ['corp-dns'] },
    ])
    expect(await seen('other.example')).toBeNull()
  })

  test('noted again, or in another order with that of others, is the same', async () => {
    const earlier = sightings({ '20.0.0.1': [T - 90, T - 80], '20.0.0.9': [T - 90, T - 80] })
    const branch = sightings({ '20.0.0.1': [T - 3, T + 1] })
    const steps = [
      () => sensors.note('corp-dns', THREE),
      () => sensors.note('corp-dns', earlier),
      () => sensors.note('branch', branch),
    ]
    for (const step of steps) await step()
    const once = await seen()
    expect(once?.[0]).toEqual({
      address: '20.0.0.1',
      first: T - 90,
      last: T + 1,
      sensors: ['branch', 'corp-dns'],
    })
    for (const step of steps.toReversed()) await step()
    expect(await seen()).toEqual(once)
    await house.redis.flushall()
    // The first of them needs to be worth it.
    for (const step of [steps[0]!, steps[2]!, steps[1]!]) await step()
    expect(await seen()).toEqual(once)
  })

  test('is kept of the 512 addresses that were seen last, whatever comes first', async () => {
    const many = (from: number, count: number): Sightings =>
      sightings(
        Object.fromEntries(
          Array.from({ length: count }, (_, index) => {
            const at = T + from + index
            return [`20.${(from + index) >> 8}.${(from + index) & 255}.1`, [at, at] as const]
          }),
        ),
      )
    await sensors.note('corp-dns', many(300, 400))
    await sensors.note('corp-dns', many(0, 400))
    const kept = await seen(NAME, T + 1000)
    expect(kept).toHaveLength(ADDRESSES_PER_NAME)
    expect(Math.min(...kept!.map(({ last }) => last))).toBe(T + 700 - ADDRESSES_PER_NAME)
    // More at once than are kept are not even sent.
    await house.redis.flushall()
    await sensors.note('corp-dns', many(0, 700))
    expect(await seen(NAME, T + 1000)).toEqual(kept)
  })

  test('counts for a month after it was seen last, and goes by itself', async () => {
    await sensors.note('corp-dns', THREE)
    expect(await seen(NAME, T + RETENTION_MS)).toHaveLength(1)
    expect(await seen(NAME, T + RETENTION_MS + 1)).toBeNull()
    for (const key of [keys.sensed(NAME), keys.sensedAtAll()]) {
      const left = await house.redis.pttl(key)
      expect(left).toBeGreaterThan(RETENTION_MS - HOUR_MS)
      expect(left).toBeLessThanOrEqual(RETENTION_MS)
    }
  })

  test('at fewer than three addresses is noted only of a name that is watched, or noted already', async () => {
    const two = sightings({ '20.0.0.1': [T, T], '20.0.0.2': [T, T] })
    expect(await sensors.note('corp-dns', two)).toEqual({ noted: 0, passedOver: 1, noRoom: 0 })
    expect(await seen()).toBeNull()
    await house.scan(['www.bad.example'])
    expect(await sensors.note('corp-dns', two)).toMatchObject({ noted: 1 })
    expect(await seen()).toHaveLength(2)

    await sensors.note(
      'corp-dns',
      sightings({ '20.0.0.1': [T, T], '20.0.0.2': [T, T], '20.0.0.3': [T, T] }, 'b.example'),
    )
    expect(await sensors.note('corp-dns', sightings({ '20.0.0.4': [T, T] }, 'b.example'))).toMatchObject({
      noted: 1,
    })
    expect(await seen('b.example')).toHaveLength(4)
  })

  test('is not noted where the memory of Redis is for those who are watched', async () => {
    const used = Number(/^used_memory:(\d+)/m.exec(await house.redis.info('memory'))![1])
    await house.redis.config('SET', 'maxmemory', String(Math.floor(used * 1.3)))
    try {
      expect(await sensors.note('corp-dns', THREE)).toEqual({ noted: 0, passedOver: 0, noRoom: 1 })
      expect(await seen()).toBeNull()
    } finally {
      await house.redis.config('SET', 'maxmemory', '0')
    }
  })
})

describe('Reading what sensors saw', () => {
  test('costs one command a minute while nothing was ever imported, however many names are asked for', async () => {
    const asked = async (now: number): Promise<void> => {
      for (let index = 0; index < 50; index += 1)
        expect(await sensors.of(`w${index}.example`, now)).toBeNull()
    }
    expect(await commands(() => asked(T))).toBe(1)
    expect(await commands(() => asked(T + 59_999))).toBe(0)
    expect(await commands(() => asked(T + 60_000))).toBe(1)
  })

  test('costs one command a name and minute afterwards, and shows what is new within the minute', async () => {
    await sensors.note('corp-dns', THREE)
    const reader = new LiveSensors(house.redis)
    expect(await commands(() => reader.of(NAME, T))).toBe(2)
    expect(await commands(() => reader.of(NAME, T + 1000))).toBe(0)
    await sensors.note('corp-dns', sightings({ '20.0.0.4': [T, T] }))
    expect(await reader.of(NAME, T + 59_999)).toHaveLength(3)
    expect(await reader.of(NAME, T + 60_000)).toHaveLength(4)
  })
})
