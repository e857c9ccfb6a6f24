import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys } from '../../src/store/keys.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { commitOf, host, LiveHouse, T, zone } from './live-house.ts'

const ZONE = zone('bad.example')
const A = host('a.bad.example')
const B = host('b.bad.example')

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

describe('A shared target', () => {
  test('is scheduled by its first referrer and keeps its due time with the others', async () => {
    await house.targets.addReference(ZONE, A, T + 5)
    await house.targets.addReference(ZONE, B, T)
    await house.targets.addReference(ZONE, B, T + 9)
    expect(await house.dueAt(ZONE)).toBe(T + 5)
    expect((await house.targets.referrersOf(ZONE, 10)).toSorted()).toEqual([A, B])
  })

  test('is kept while anybody refers to it', async () => {
    await house.targets.addReference(ZONE, A, T)
    await house.targets.addReference(ZONE, B, T)
    await house.targets.commit(commitOf(ZONE, 0))
    await house.targets.removeReference(ZONE, A)
    await house.targets.removeReference(ZONE, A)
    const before = await house.everything()
    await house.targets.retire(ZONE)
    expect(await house.everything()).toEqual(before)
    expect((await house.targets.load(ZONE)).referenced).toBe(true)
  })

  test('is retired after the last one left: not due any more, its series kept for the retention time', async () => {
    await house.targets.addReference(ZONE, A, T)
    await house.targets.commit(commitOf(ZONE, 0))
    await house.targets.removeReference(ZONE, A)
    expect((await house.targets.load(ZONE)).referenced).toBe(false)
    await house.targets.retire(ZONE)
    expect(await house.dueAt(ZONE)).toBeNull()
    const left = await house.redis.pttl(keys.target('bad.example', ZONE))
    expect(left).toBeGreaterThan(RETENTION_MS - 60_000)
    expect(left).toBeLessThanOrEqual(RETENTION_MS)
  })

  test('that comes back never uses the number of a committed round again', async () => {
    await house.targets.addReference(ZONE, A, T)
    await house.targets.commit(commitOf(ZONE, 0))
    await house.targets.removeReference(ZONE, A)
    await house.targets.retire(ZONE)
    await house.targets.addReference(ZONE, B, T + 7)
    expect(await house.targets.load(ZONE)).toMatchObject({ round: 1, referenced: true })
    expect(await house.dueAt(ZONE)).toBe(T + 7)
    expect(await house.redis.pttl(keys.target('bad.example', ZONE))).toBe(-1)
  })

  test('does not name the watch itself among its referrers', async () => {
    await house.scan(['a.bad.example'])
    await house.targets.addReference(A, ZONE, T)
    expect(await house.targets.referrersOf(A, 10)).toEqual([ZONE])
  })

  test('names no more referrers than asked for', async () => {
    for (let index = 0; index < 20; index += 1) {
      await house.targets.addReference(ZONE, host(`h${index}.bad.example`), T)
    }
    expect(await house.targets.referrersOf(ZONE, 16)).toHaveLength(16)
  })
})

describe('Hastening', () => {
  test('brings a due time forward and never back', async () => {
    await house.targets.addReference(ZONE, A, T + 1000)
    await house.targets.hasten(ZONE, T + 2000)
    expect(await house.dueAt(ZONE)).toBe(T + 1000)
    await house.targets.hasten(ZONE, T + 500)
    expect(await house.dueAt(ZONE)).toBe(T + 500)
  })

  test('never makes a retired or unknown target due', async () => {
    await house.targets.addReference(ZONE, A, T)
    await house.targets.removeReference(ZONE, A)
    await house.targets.retire(ZONE)
    await house.targets.hasten(ZONE, T)
    await house.targets.hasten(host('never.example'), T)
    expect(await house.targets.lag(T)).toEqual({ watched: 0, oldestDueMs: 0 })
  })
})
