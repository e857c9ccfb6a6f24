import type { Queue } from 'bullmq'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { readProbeJob, type ProbeJob } from '../../src/queue/job-catalogue.ts'
import { Planner, type DueTargets, type PlannerOptions } from '../../src/queue/planner.ts'
import { closeProbeShards, openProbeShards, type ProbeShard } from '../../src/queue/probe-queues.ts'
import { PARTITIONS, probePrefixes } from '../../src/store/keys.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { connectForRequests, ready, type LiveRedis } from '../../src/store/redis.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const T = 1_770_000_000_000
const ZONE = targetId({ kind: 'zone', name: 'bad.example' })

/** Announces when somebody begins to wait: then all work before that is done. */
class AnnouncingClock extends SteppedClock {
  #announce: (() => void)[] = []

  sleeping(): Promise<void> {
    return new Promise((resolve) => this.#announce.push(resolve))
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const asleep = super.sleep(ms, signal)
    for (const announce of this.#announce.splice(0)) announce()
    return asleep
  }
}

let server: TestRedis
let redis: LiveRedis
let shards: readonly ProbeShard[]
let queue: Queue<ProbeJob>
let targets: LiveTargets
let clock: AnnouncingClock

beforeAll(async () => {
  server = await startRedis()
  redis = await ready(connectForRequests({ socketPath: server.path }))
  shards = openProbeShards(redis, probePrefixes(false), PARTITIONS, (error) => {
    throw error
  })
  queue = shards[0]!.queues.due
  targets = new LiveTargets(redis)
})
afterAll(async () => {
  await closeProbeShards(shards ?? [])
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  clock = new AnnouncingClock(T)
})

function planner(options: Partial<PlannerOptions> = {}, due: DueTargets = targets): Planner {
  return new Planner({
    due,
    shards,
    clock,
    options: {
      leaseMs: 60_000,
      tickMs: 250,
      batchSize: 4,
      maxWaitingJobs: 100,
      isHeldUp: async () => false,
      onError: (error) => {
        throw error
      },
      ...options,
    },
  })
}

/** Targets of all partitions that are due at `T + 1`, `T + 2`, … */
async function schedule(count: number, start = 0): Promise<TargetId[]> {
  const ids = Array.from({ length: count }, (_, index) =>
    targetId({ kind: 'host', name: `n${start + index}.example` }),
  )
  for (const [index, id] of ids.entries()) await targets.addReference(id, ZONE, T + start + index + 1)
  return ids
}

/** The batches that wait, in the order in which workers take them. */
async function batches(): Promise<ProbeJob['targets'][]> {
  const jobs = await queue.getJobs(['waiting'], 0, -1, true)
  return jobs.map((job) => readProbeJob(job.data).targets)
}

describe('One look at the due sets', () => {
  test('puts what is due into batches, oldest first over all partitions, with its due time', async () => {
    const ids = await schedule(10)
    clock.advance(1000)
    expect(await planner().plan()).toBe(10)
    const expected = ids.map((id, index) => ({ id, dueAt: T + index + 1 }))
    expect(await batches()).toEqual([expected.slice(0, 4), expected.slice(4, 8), expected.slice(8)])
  })

  test('claims with a lease: nothing again before it ends, everything after', async () => {
    await schedule(5)
    clock.advance(1000)
    const one = planner({ leaseMs: 60_000 })
    expect(await one.plan()).toBe(5)
    clock.advance(59_999)
    expect(await one.plan()).toBe(0)
    clock.advance(1)
    expect(await one.plan()).toBe(5)
  })

  test('claims nothing while what follows from rounds cannot keep up, and goes on afterwards', async () => {
    await schedule(3)
    clock.advance(1000)
    let isHeldUp = true
    const one = planner({ isHeldUp: async () => isHeldUp })
    expect(await one.plan()).toBe(0)
    isHeldUp = false
    expect(await one.plan()).toBe(3)
  })

  test('tells the worker until when the targets are its own', async () => {
    await schedule(1)
    clock.advance(1000)
    await planner({ leaseMs: 60_000 }).plan()
    const [job] = await queue.getJobs(['waiting'])
    expect(readProbeJob(job!.data).leaseEnd).toBe(T + 61_000)
  })

  test('leaves what is not due', async () => {
    await schedule(5)
    clock.advance(2)
    expect(await planner().plan()).toBe(2)
    expect((await batches()).flat().map((target) => target.dueAt)).toEqual([T + 1, T + 2])
  })

  test('two planners never put one target into two batches', async () => {
    const ids = await schedule(50)
    clock.advance(1000)
    const planned = await Promise.all([planner().plan(), planner().plan(), planner().plan()])
    expect(planned.reduce((sum, count) => sum + count, 0)).toBe(50)
    expect(
      (await batches())
        .flat()
        .map((target) => target.id)
        .toSorted(),
    ).toEqual(ids.toSorted())
  })
})

describe('A full queue', () => {
  test('is not filled beyond its limit, whatever is due', async () => {
    await schedule(400)
    clock.advance(1000)
    const one = planner({ batchSize: 10, maxWaitingJobs: 5 })
    for (let look = 0; look < 10; look += 1) {
      await one.plan()
      expect(await queue.getWaitingCount()).toBeLessThanOrEqual(5)
    }
    expect(await queue.getWaitingCount()).toBe(5)
    expect(await one.plan()).toBe(0)
  })

  test('leaves the rest unclaimed until there is room', async () => {
    await schedule(400)
    clock.advance(1000)
    const one = planner({ batchSize: 16, maxWaitingJobs: 2 })
    const first = await one.plan()
    expect(first).toBeLessThanOrEqual(32)
    expect(await one.plan()).toBe(0)
    expect((await targets.lag(T + 1000)).oldestDueMs).toBeGreaterThan(0)
    await queue.drain()
    expect(await one.plan()).toBeGreaterThan(0)
  })
})

describe('The running planner', () => {
  test('looks again at once while batches are full, and then at every tick', async () => {
    const ids = await schedule(64)
    clock.advance(1000)
    const one = planner({ batchSize: 4, maxWaitingJobs: 40, tickMs: 250 })
    const asleep = clock.sleeping()
    one.start()
    await asleep
    expect(
      (await batches())
        .flat()
        .map((target) => target.id)
        .toSorted(),
    ).toEqual(ids.toSorted())

    const [late] = await schedule(1, 1000)
    for (let tick = 0; tick < 3; tick += 1) {
      const asleepAgain = clock.sleeping()
      clock.advance(250)
      await asleepAgain
      // Due since `T + 1001`, and the first tick is at `T + 1250`.
      expect((await batches()).flat().map((target) => target.id)).toContain(late)
    }
    await one.stop()
  })

  test('survives an error of Redis, says so, and goes on at the next tick', async () => {
    const ids = await schedule(3)
    clock.advance(1000)
    const errors: unknown[] = []
    let isFailing = true
    const due: DueTargets = {
      lookDue: async (...look) => targets.lookDue(...look),
      claimDue: async (...claim) => {
        if (isFailing) throw new Error('LOADING Redis is loading the dataset in memory')
        return targets.claimDue(...claim)
      },
    }
    const one = planner({ onError: (error) => errors.push(error) }, due)
    const asleep = clock.sleeping()
    one.start()
    await asleep
    expect(errors).toEqual([new Error('LOADING Redis is loading the dataset in memory')])
    expect(await batches()).toEqual([])
    isFailing = false
    const asleepAgain = clock.sleeping()
    clock.advance(250)
    await asleepAgain
    await one.stop()
    expect((await batches()).flat().map((target) => target.id)).toEqual(ids)
    expect(errors).toHaveLength(1)
  })

  test('claims nothing after it has stopped', async () => {
    const one = planner()
    one.start()
    await one.stop()
    await schedule(3)
    clock.advance(10_000)
    expect(await queue.getWaitingCount()).toBe(0)
    expect(await targets.lag(T + 10_000)).toMatchObject({ watched: 3, oldestDueMs: 9_999 })
  })

  test('that was never started can be stopped', async () => {
    await expect(planner().stop()).resolves.toBeUndefined()
  })
})
