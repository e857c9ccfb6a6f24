import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Redis } from 'ioredis'
import type { TargetId } from '../../src/core/model/target.ts'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { claimAll, commitOf, host, LiveHouse, T, zone } from './live-house.ts'

const LEASE_MS = 60_000
const PARTITION = partitionOf('a.example')

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

/** Names of one partition, since claims are made by partition. */
function namesOfPartition(count: number): string[] {
  const names: string[] = []
  for (let index = 0; names.length < count; index += 1) {
    if (partitionOf(`n${index}.example`) === PARTITION) names.push(`n${index}.example`)
  }
  return names
}

/** Makes targets due at `T`, `T + 1`, … in an order that is not the order of their names. */
async function schedule(count: number): Promise<string[]> {
  const ids = namesOfPartition(count).map((name) => host(name))
  for (const [index, id] of ids.toReversed().entries()) {
    await house.targets.addReference(id, zone('a.example'), T + index)
  }
  return ids.toReversed()
}

describe('Claiming', () => {
  test('takes the oldest due first, up to the limit, and says since when they were due', async () => {
    const ids = await schedule(6)
    const claimed = await house.claim(PARTITION, T + 100, T + LEASE_MS, 4)
    expect(claimed).toEqual(ids.slice(0, 4).map((id, index) => ({ id, dueAt: T + index })))
  })

  test('leaves alone what is not due yet', async () => {
    const ids = await schedule(3)
    const claimed = await house.claim(PARTITION, T + 1, T + LEASE_MS, 10)
    expect(claimed.map((one) => one.id)).toEqual(ids.slice(0, 2))
  })

  test('gives nothing twice before the lease ends, and everything again when it has', async () => {
    const ids = await schedule(3)
    const leaseEnd = T + LEASE_MS
    await house.claim(PARTITION, T + 10, leaseEnd, 10)
    expect(await house.claim(PARTITION, leaseEnd - 1, leaseEnd + LEASE_MS, 10)).toEqual([])
    const again = await house.claim(PARTITION, leaseEnd, leaseEnd + LEASE_MS, 10)
    expect(again.map((one) => one.id).toSorted()).toEqual(ids.toSorted())
  })

  test('by several processes at once gives each target to one of them', async () => {
    const ids = await schedule(100)
    const others = [new Redis(house.server.path), new Redis(house.server.path)]
    try {
      const claimers = others.map((redis) => new LiveTargets(redis))
      const claims = await Promise.all(
        Array.from({ length: 14 }, (_, turn) =>
          claimAll(claimers[turn % 2]!, PARTITION, T + 1000, T + LEASE_MS, 10),
        ),
      )
      const claimed = claims.flat().map((one) => one.id)
      expect(claimed.length).toBe(100)
      expect(claimed.toSorted()).toEqual(ids.toSorted())
    } finally {
      for (const redis of others) redis.disconnect()
    }
  })

  test('leaves no lease behind when it is over, by a commit, by retirement or by its time', async () => {
    const [committed, retired, lost] = (await schedule(3)) as [TargetId, TargetId, TargetId]
    await house.claim(PARTITION, T + 10, T + LEASE_MS, 10)
    expect(await house.redis.zcard(keys.leases(PARTITION))).toBe(3)
    await house.targets.commit(commitOf(committed, 0, { nextDueAt: T + 10 * LEASE_MS }))
    await house.targets.removeReference(retired, zone('a.example'))
    await house.targets.retire(retired)
    expect(await house.redis.zrange(keys.leases(PARTITION), 0, '-1')).toEqual([lost])
    await house.targets.removeReference(lost, zone('a.example'))
    await house.redis.zrem(keys.due(PARTITION), lost)
    await house.claim(PARTITION, T + LEASE_MS, T + 2 * LEASE_MS, 10)
    expect(await house.redis.exists(keys.leases(PARTITION))).toBe(0)
  })

  test('works after the server has forgotten its scripts', async () => {
    await schedule(2)
    await house.claim(PARTITION, T, T + LEASE_MS, 1)
    await house.redis.script('FLUSH')
    expect(await house.claim(PARTITION, T + 1, T + LEASE_MS, 1)).toHaveLength(1)
  })
})

test('lag tells how many are watched and how late the latest is', async () => {
  expect(await house.targets.lag(T)).toEqual({ watched: 0, oldestDueMs: 0 })
  await house.targets.addReference(host('a.example'), zone('a.example'), T)
  await house.targets.addReference(host('b.example'), zone('a.example'), T + 9000)
  expect(await house.targets.lag(T + 5000)).toEqual({ watched: 2, oldestDueMs: 5000 })
})
