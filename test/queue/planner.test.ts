import type { Queue } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { readProbeJob, type ProbeJob } from '../../src/queue/job-catalogue.ts'
import { Planner, type DueTargets, type PlannerOptions } from '../../src/queue/planner.ts'
import {
  closeProbeShards,
  openProbeShards,
  waitingJobs,
  type ProbeShard,
} from '../../src/queue/probe-queues.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { keys, PARTITIONS, partitionOf, probePrefixes } from '../../src/store/keys.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { connectForRequests, ready, type LiveRedis } from '../../src/store/redis.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { commitOf } from '../store/live-house.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const T = 1_770_000_000_000
const ZONE = targetId({ kind: 'zone', name: 'bad.example' })
const ORDINARY = { tenant: '', isExpress: false }
const EXPRESS = { tenant: '', isExpress: true }

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

function planner(
  options: Partial<PlannerOptions> = {},
  due: DueTargets = targets,
  served: readonly ProbeShard[] = shards,
): Planner {
  return new Planner({
    due,
    shards: served,
    clock,
    options: {
      leaseMs: 60_000,
      tickMs: 250,
      batchSize: 4,
      maxWaitingJobs: 100,
      onError: (error) => {
        throw error
      },
      ...options,
    },
  })
}

/** Targets of all partitions that are due at `T + 1`, `T + 2`, … */
async function schedule(count: number, start = 0, lane = ORDINARY): Promise<TargetId[]> {
  const ids = Array.from({ length: count }, (_, index) =>
    targetId({ kind: 'host', name: `${lane.tenant}n${start + index}.example` }),
  )
  await Promise.all(ids.map((id, index) => targets.addReference(id, ZONE, T + start + index + 1, lane)))
  return ids
}

/** The tenant whose name `schedule` put before a target's. */
function tenantOf(id: TargetId): string {
  return /^host:(\w*)n\d/.exec(id)![1]!
}

/** Looks again and again, with nobody in the way: what waits is taken between two looks. Answers what each look claimed. */
async function looks(one: Planner, count: number): Promise<TargetId[][]> {
  const claimed: TargetId[][] = []
  for (let look = 0; look < count; look += 1) {
    await one.plan()
    claimed.push((await batches()).flat().map(({ id }) => id))
    await queue.drain()
  }
  return claimed
}

function countOf(ids: readonly TargetId[], tenant: string): number {
  return ids.filter((id) => tenantOf(id) === tenant).length
}

/** The batches that wait, in the order in which workers take them. */
async function batches(of: Queue<ProbeJob> = queue): Promise<ProbeJob['targets'][]> {
  const jobs = await of.getJobs(['waiting'], 0, -1, true)
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

describe('Express targets', () => {
  test('go into a queue of their own, oldest first, beside the ordinary ones', async () => {
    const ordinary = await schedule(3)
    const express = await schedule(5, 100, EXPRESS)
    clock.advance(1000)
    expect(await planner().plan()).toBe(8)
    expect((await batches()).flat().map(({ id }) => id)).toEqual(ordinary)
    const urgent = await batches(shards[0]!.queues.express)
    expect(urgent).toEqual([
      express.slice(0, 4).map((id, index) => ({ id, dueAt: T + 101 + index })),
      [{ id: express[4]!, dueAt: T + 105 }],
    ])
  })

  test('are claimed though the ordinary queue is full, and not beyond the limit of their own', async () => {
    await schedule(100)
    clock.advance(1000)
    const one = planner({ batchSize: 4, maxWaitingJobs: 2 })
    while ((await queue.getWaitingCount()) < 2) await one.plan()
    const express = await schedule(20, 500, EXPRESS)
    expect(await one.plan()).toBe(8)
    const urgent = (await batches(shards[0]!.queues.express)).flat().map(({ id }) => id)
    expect(urgent).toHaveLength(8)
    expect(express).toEqual(expect.arrayContaining(urgent))
    expect(await queue.getWaitingCount()).toBe(2)
    expect(await one.plan()).toBe(0)
  })

  test('are ordinary from their second round on', async () => {
    const [id = ZONE] = await schedule(1, 0, EXPRESS)
    clock.advance(1000)
    expect(await planner().plan()).toBe(1)
    expect(await targets.commit(commitOf(id, 0, { nextDueAt: T + 2000 }))).toBe('committed')
    await shards[0]!.queues.express.drain()
    clock.advance(1000)
    expect(await planner().plan()).toBe(1)
    expect(await batches()).toEqual([[{ id, dueAt: T + 2000 }]])
    expect(await batches(shards[0]!.queues.express)).toEqual([])
  })
})

describe('Tenants', () => {
  const ACME = { tenant: 'acme', isExpress: false }
  const SOC = { tenant: 'soc', isExpress: false }
  const weights = new Map([
    ['acme', 3],
    ['soc', 1],
  ])

  test('with weights 3 and 1 are claimed 3 to 1 over many looks while thousands are due', async () => {
    await schedule(1500, 0, ACME)
    await schedule(1500, 0, SOC)
    clock.advance(10_000)
    const claimed = await looks(planner({ weights, batchSize: 10, maxWaitingJobs: 5 }), 30)
    // Fifty a look: 37.5 and 12.5, whose halves are carried.
    expect(claimed.map((ids) => ids.length)).toEqual(Array.from({ length: 30 }, () => 50))
    expect(countOf(claimed.flat(), 'acme')).toBe(1125)
    expect(countOf(claimed.flat(), 'soc')).toBe(375)
    for (const ids of claimed) expect([37, 38]).toContain(countOf(ids, 'acme'))
    expect(new Set(claimed.flat()).size).toBe(1500)
  })

  test('that have nothing due leave their share to the others, and get it again when they do', async () => {
    await schedule(600, 0, SOC)
    clock.advance(10_000)
    const one = planner({ weights, batchSize: 10, maxWaitingJobs: 4 })
    expect((await looks(one, 3)).map((ids) => countOf(ids, 'soc'))).toEqual([40, 40, 40])
    await schedule(600, 0, ACME)
    const both = await looks(one, 3)
    expect(both.map((ids) => [countOf(ids, 'acme'), countOf(ids, 'soc')])).toEqual([
      [30, 10],
      [30, 10],
      [30, 10],
    ])
  })

  test('without weights share alike, and with the one that has no name', async () => {
    await schedule(200, 0, ACME)
    await schedule(200)
    clock.advance(10_000)
    const [claimed = []] = await looks(planner({ batchSize: 10, maxWaitingJobs: 4 }), 1)
    expect([countOf(claimed, 'acme'), countOf(claimed, '')]).toEqual([20, 20])
  })

  test('are claimed oldest first, each', async () => {
    const acme = await schedule(400, 0, ACME)
    const soc = await schedule(400, 0, SOC)
    clock.advance(10_000)
    const one = planner({ weights, batchSize: 16, maxWaitingJobs: 4 })
    const claimed = (await looks(one, 6)).flat()
    expect(claimed).toHaveLength(6 * 64)
    // Of each partition the oldest: no target is passed over by a younger one of its tenant and partition.
    for (const [tenant, all] of [
      ['acme', acme],
      ['soc', soc],
    ] as const) {
      const own = Map.groupBy(all, (id) => partitionOf(id.slice('host:'.length)))
      for (const ids of own.values()) {
        const taken = claimed.filter((id) => tenantOf(id) === tenant && ids.includes(id))
        expect(taken).toEqual(ids.slice(0, taken.length))
      }
    }
  })

  test('share the express queue too', async () => {
    await schedule(100, 0, { tenant: 'acme', isExpress: true })
    await schedule(100, 0, { tenant: 'soc', isExpress: true })
    clock.advance(10_000)
    await planner({ weights, batchSize: 10, maxWaitingJobs: 4 }).plan()
    const urgent = (await batches(shards[0]!.queues.express)).flat().map(({ id }) => id)
    expect([countOf(urgent, 'acme'), countOf(urgent, 'soc')]).toEqual([30, 10])
  })
})

describe('Several shards', () => {
  let several: readonly ProbeShard[]
  beforeEach(() => {
    several = openProbeShards(redis, ['{one}', '{two}', '{three}'], PARTITIONS, (error) => {
      throw error
    })
  })
  afterEach(() => closeProbeShards(several))

  test('serve each partition once', () => {
    expect(several.flatMap(({ partitions }) => partitions).toSorted()).toEqual(PARTITIONS.toSorted())
    expect(several.map(({ partitions }) => partitions.length)).toEqual([6, 5, 5])
  })

  test('of a cluster have their queues and their partitions on one master, of up to eight masters', async () => {
    const dealt = openProbeShards(redis, probePrefixes(true), PARTITIONS, (error) => {
      throw error
    })
    try {
      for (const masters of [2, 4, 8]) {
        const masterOf = (key: string) => Math.floor((slotOf(key) * masters) / 16_384)
        for (const { prefix, partitions } of dealt) {
          expect(
            new Set([masterOf(prefix), ...partitions.map((each) => masterOf(keys.due(each)))]).size,
          ).toBe(1)
        }
      }
    } finally {
      await closeProbeShards(dealt)
    }
  })

  test('claim all that is due once, each from its own partitions into its own queues', async () => {
    const ordinary = await schedule(150)
    const express = await schedule(50, 1000, EXPRESS)
    clock.advance(10_000)
    expect(await planner({}, targets, several).plan()).toBe(200)
    const found = { due: [] as TargetId[], express: [] as TargetId[] }
    for (const { partitions, queues } of several) {
      for (const kind of ['due', 'express'] as const) {
        const ids = (await batches(queues[kind])).flat().map(({ id }) => id)
        for (const id of ids) expect(partitions).toContain(partitionOf(id.slice('host:'.length)))
        found[kind].push(...ids)
      }
    }
    expect(found.due.toSorted()).toEqual(ordinary.toSorted())
    expect(found.express.toSorted()).toEqual(express.toSorted())
    expect(await waitingJobs(several, 'due')).toBeGreaterThan(several.length)
    expect(await batches()).toEqual([])
  })

  test('planned for twice at the same time claim nothing twice', async () => {
    const ids = await schedule(120)
    clock.advance(10_000)
    const planned = await Promise.all([
      planner({}, targets, several).plan(),
      planner({}, targets, several).plan(),
    ])
    expect(planned[0]! + planned[1]!).toBe(120)
    const all = await Promise.all(several.map(({ queues }) => batches(queues.due)))
    expect(
      all
        .flat(2)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.toSorted())
  })

  test('are full each by itself: one that nobody serves does not hold the others up', async () => {
    await schedule(300)
    clock.advance(10_000)
    const one = planner({ batchSize: 4, maxWaitingJobs: 2 }, targets, several)
    await one.plan()
    const [, second, third] = several
    await Promise.all([second!.queues.due.drain(), third!.queues.due.drain()])
    await one.plan()
    expect(await several[0]!.queues.due.getWaitingCount()).toBe(2)
    expect(await second!.queues.due.getWaitingCount()).toBe(2)
    expect(await third!.queues.due.getWaitingCount()).toBe(2)
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

  test.each(['lookDue', 'claimDue'] as const)(
    'puts into the queue what it can claim though %s of a partition fails, and says so',
    async (failing) => {
      const ids = await schedule(60)
      clock.advance(1000)
      const [away = ''] = PARTITIONS
      const due: DueTargets = {
        lookDue: (...look) => targets.lookDue(...look),
        claimDue: (...claim) => targets.claimDue(...claim),
      }
      const works = due[failing] as (partition: string, ...rest: unknown[]) => Promise<never>
      due[failing] = async (partition: string, ...rest: unknown[]) => {
        if (partition === away) throw new Error('CLUSTERDOWN The cluster is down')
        return works(partition, ...rest)
      }
      await expect(planner({}, due).plan()).rejects.toThrow('CLUSTERDOWN The cluster is down')
      const there = ids.filter((id) => partitionOf(id.slice('host:'.length)) !== away)
      expect(there.length).toBeLessThan(60)
      const claimed = (await batches()).flat().map(({ id }) => id)
      expect(claimed.toSorted()).toEqual(there.toSorted())
    },
  )

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
