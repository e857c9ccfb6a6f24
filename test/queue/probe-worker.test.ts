import { Queue, QueueEvents, UnrecoverableError, type Job } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import {
  EXPRESS_QUEUE,
  PROBE_JOB_OPTIONS,
  PROBE_QUEUE,
  type ProbeJob,
} from '../../src/queue/job-catalogue.ts'
import type { RoundProber, RoundResult, RoundStore } from '../../src/queue/round-ports.ts'
import { ProbeWorker } from '../../src/queue/probe-worker.ts'
import { probePrefixes } from '../../src/store/keys.ts'
import { MemoryTargets } from '../../src/store/memory-targets.ts'
import { connectForWork, ready, type LiveRedis } from '../../src/store/redis.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { ScriptedProber } from './scripted-prober.ts'

const T = 1_770_000_000_000
const PLENTY_MS = 15_000
const [PREFIX = ''] = probePrefixes(false)
const NAMES = ['a.example', 'b.example', 'c.example']

let server: TestRedis
let redis: LiveRedis
let queue: Queue<ProbeJob>
let express: Queue<ProbeJob>
let events: QueueEvents
let expressEvents: QueueEvents
let clock: SteppedClock
let store: MemoryTargets
let prober: ScriptedProber
let told: { result: RoundResult | 'failed'; lagMs: number }[]
let errors: { error: unknown; about: string }[]
let firstError: PromiseWithResolvers<void>
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  server = await startRedis()
  redis = await ready(connectForWork({ socketPath: server.path }))
  queue = new Queue<ProbeJob>(PROBE_QUEUE, { connection: redis, prefix: PREFIX })
  express = new Queue<ProbeJob>(EXPRESS_QUEUE, { connection: redis, prefix: PREFIX })
})
afterAll(async () => {
  await queue?.close()
  await express?.close()
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  const connection = connectForWork({ socketPath: server.path })
  // From the first event on: those that come while it still connects count too.
  events = new QueueEvents(PROBE_QUEUE, { connection, prefix: PREFIX, lastEventId: '0' })
  expressEvents = new QueueEvents(EXPRESS_QUEUE, { connection, prefix: PREFIX, lastEventId: '0' })
  await Promise.all([events.waitUntilReady(), expressEvents.waitUntilReady()])
  closing.push(
    () => events.close(),
    () => expressEvents.close(),
    async () => connection.disconnect(),
  )
  clock = new SteppedClock(T)
  store = new MemoryTargets()
  prober = new ScriptedProber(clock)
  told = []
  errors = []
  firstError = Promise.withResolvers()
  for (const name of NAMES) store.watch(name, T, { watchUntil: T + 3_600_000, intervalSeconds: null })
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function host(name: string): TargetId {
  return targetId({ kind: 'host', name })
}

async function startWorker(roundStore: RoundStore = store): Promise<ProbeWorker> {
  const connection = await ready(connectForWork({ socketPath: server.path }))
  const worker = new ProbeWorker(
    {
      store: roundStore,
      prober,
      enrichment: {
        hasAsn: false,
        hasCountry: false,
        factsOf: () => ({ asn: null, organisation: null, country: null }),
      },
      policy: DEFAULT_POLICY,
      clock,
    },
    {
      onRound: (result, lagMs) => told.push({ result, lagMs }),
      onError: (error, about) => {
        errors.push({ error, about })
        firstError.resolve()
      },
    },
    { connection, prefixes: [PREFIX], concurrency: 2, maxRounds: () => 100 },
  )
  closing.unshift(
    () => worker.close(0),
    async () => connection.disconnect(),
  )
  worker.start()
  return worker
}

function add(names: readonly string[], dueAt = T, leaseEnd = T + 60_000): Promise<Job<ProbeJob>> {
  return queue.add(
    PROBE_QUEUE,
    { targets: names.map((name) => ({ id: host(name), dueAt })), leaseEnd },
    PROBE_JOB_OPTIONS,
  )
}

function addExpress(names: readonly string[]): Promise<Job<ProbeJob>> {
  const targets = names.map((name) => ({ id: host(name), dueAt: T }))
  return express.add(EXPRESS_QUEUE, { targets, leaseEnd: T + 60_000 }, PROBE_JOB_OPTIONS)
}

async function roundsOf(...names: string[]): Promise<number[]> {
  return Promise.all(names.map(async (name) => (await store.load(host(name))).round))
}

describe('A batch', () => {
  test('is probed whole, and each round tells how late it began', async () => {
    clock.advance(500)
    await startWorker()
    const job = await add(NAMES)
    await job.waitUntilFinished(events, PLENTY_MS)
    expect(await roundsOf(...NAMES)).toEqual([1, 1, 1])
    expect(told).toEqual(NAMES.map(() => ({ result: 'committed', lagMs: 500 })))
    expect(errors).toEqual([])
  })

  test('leaves no finished job behind', async () => {
    await startWorker()
    await (await add(NAMES)).waitUntilFinished(events, PLENTY_MS)
    expect(await queue.getJobCounts('completed', 'failed', 'waiting', 'active')).toEqual({
      completed: 0,
      failed: 0,
      waiting: 0,
      active: 0,
    })
  })

  test('does not fail because one of its targets does', async () => {
    const load = store.load.bind(store)
    store.load = async (id) => {
      if (id === host('b.example')) throw new Error('the store is away')
      return load(id)
    }
    await startWorker()
    await (await add(NAMES)).waitUntilFinished(events, PLENTY_MS)
    store.load = load
    expect(await roundsOf(...NAMES)).toEqual([1, 0, 1])
    expect(told.map((round) => round.result).toSorted()).toEqual(['committed', 'committed', 'failed'])
    expect(errors).toEqual([{ error: new Error('the store is away'), about: 'host:b.example' }])
  })

  test('delivered twice commits each round once more, never one number twice', async () => {
    await startWorker()
    const jobs = [await add(NAMES), await add(NAMES)]
    await Promise.all(jobs.map((job) => job.waitUntilFinished(events, PLENTY_MS)))
    const committed = told.filter((round) => round.result === 'committed').length
    const rounds = await roundsOf(...NAMES)
    expect(rounds.reduce((sum, count) => sum + count, 0)).toBe(committed)
    expect(told.filter((round) => round.result === 'stale')).toHaveLength(6 - committed)
  })

  test('whose lease is over is left to whoever claims its targets next', async () => {
    await startWorker()
    const late = await add(['late.example'], T, T)
    await late.waitUntilFinished(events, PLENTY_MS)
    expect(told).toEqual([])
    expect(await roundsOf('late.example')).toEqual([0])
  })

  test('with a payload that is none is failed for good, with a sentence', async () => {
    await startWorker()
    const job = await queue.add(PROBE_QUEUE, { targets: 'all of them' } as unknown as ProbeJob, {
      ...PROBE_JOB_OPTIONS,
      attempts: 3,
    })
    await expect(job.waitUntilFinished(events, PLENTY_MS)).rejects.toThrow(
      'a probe job needs a list of targets',
    )
    await firstError.promise
    expect((await queue.getJob(job.id!))?.attemptsMade).toBe(1)
    expect(errors).toEqual([{ error: expect.any(UnrecoverableError), about: `probe job ${job.id}` }])
    expect(told).toEqual([])
  })
})

describe('While the vantages are busy', () => {
  /** Resolves when somebody has asked so often how long a question would wait. */
  function askedTimes(times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let asked = 0
    Object.assign(prober, {
      backlogMs: () => {
        asked += 1
        if (asked === times) resolve()
        return backlogMs
      },
    })
    return promise
  }
  let backlogMs: number
  beforeEach(() => {
    backlogMs = 501
  })

  test('an ordinary batch waits, and is probed when they are free', async () => {
    const waited = askedTimes(3)
    await startWorker()
    const job = await add(['a.example'])
    await waited
    expect(prober.asked).toEqual([])
    expect(await roundsOf('a.example')).toEqual([0])
    backlogMs = 500
    await job.waitUntilFinished(events, PLENTY_MS)
    expect(await roundsOf('a.example')).toEqual([1])
  })

  test('an express batch does not wait, and its questions go before others', async () => {
    const waited = askedTimes(3)
    const urgent: (boolean | undefined)[] = []
    const probe = prober.probe.bind(prober)
    const noting: RoundProber['probe'] = async (questions, signal, only, options) => {
      urgent.push(options?.urgent)
      return probe(questions, signal, only)
    }
    prober.probe = noting
    await startWorker()
    const ordinary = await add(['a.example'])
    await waited
    const urgentJob = await addExpress(['b.example'])
    await urgentJob.waitUntilFinished(expressEvents, PLENTY_MS)
    expect(await roundsOf('a.example', 'b.example')).toEqual([0, 1])
    expect(urgent).toEqual([true])
    backlogMs = 0
    await ordinary.waitUntilFinished(events, PLENTY_MS)
    expect(urgent).toEqual([true, false])
  })

  test('a batch that waited until its lease was over is left to whoever claims its targets next', async () => {
    const waited = askedTimes(3)
    await startWorker()
    const job = await add(['a.example'], T, T + 1000)
    await waited
    clock.advance(1000)
    backlogMs = 0
    await job.waitUntilFinished(events, PLENTY_MS)
    expect(told).toEqual([])
    expect(prober.asked).toEqual([])
  })

  test('a batch that waits goes back into the queue when the worker closes', async () => {
    const waited = askedTimes(3)
    const worker = await startWorker()
    const job = await add(['a.example'])
    await waited
    await worker.close(PLENTY_MS)
    expect(await queue.getWaitingCount()).toBe(1)
    expect(await queue.getActiveCount()).toBe(0)
    expect(await roundsOf('a.example')).toEqual([0])
    expect(errors).toEqual([])

    backlogMs = 0
    await startWorker()
    await job.waitUntilFinished(events, PLENTY_MS)
    expect(await roundsOf('a.example')).toEqual([1])
  })
})

describe('A batch with a target that hangs', () => {
  let hanging: PromiseWithResolvers<void>
  beforeEach(() => {
    hanging = Promise.withResolvers()
    prober.during = async (questions) => {
      if (questions.some(({ name }) => name === 'b.example')) await hanging.promise
    }
  })

  test('is over for the queue after a second, and its round is committed when the answer comes', async () => {
    const committed = Promise.withResolvers<void>()
    const commit = store.commit.bind(store)
    store.commit = async (round) => {
      const result = await commit(round)
      if (round.id === host('b.example')) committed.resolve()
      return result
    }
    const worker = await startWorker()
    const job = await add(NAMES)
    await job.waitUntilFinished(events, PLENTY_MS)
    expect(await roundsOf(...NAMES)).toEqual([1, 0, 1])
    // The next batch does not wait for it either.
    store.watch('d.example', T, { watchUntil: T + 3_600_000, intervalSeconds: null })
    await (await add(['d.example'])).waitUntilFinished(events, PLENTY_MS)
    expect(await roundsOf('b.example', 'd.example')).toEqual([0, 1])

    hanging.resolve()
    await committed.promise
    await worker.close(PLENTY_MS)
    expect(await roundsOf(...NAMES)).toEqual([1, 1, 1])
    expect(told.map(({ result }) => result)).toEqual(['committed', 'committed', 'committed', 'committed'])
    expect(errors).toEqual([])
  })

  test('lets the closing worker wait for it, and be committed', async () => {
    const worker = await startWorker()
    const job = await add(NAMES)
    await job.waitUntilFinished(events, PLENTY_MS)
    let isClosed = false
    const closed = worker.close(PLENTY_MS).then(() => {
      isClosed = true
    })
    // No batch is under way any more: only the round that hangs holds the worker up.
    expect(await queue.getActiveCount()).toBe(0)
    await (await add(['a.example'])).getState()
    expect(isClosed).toBe(false)
    hanging.resolve()
    await closed
    expect(await roundsOf('b.example')).toEqual([1])
    expect(errors).toEqual([])
  })

  test('is given up when closing takes too long', async () => {
    prober.probe = (_questions, signal) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error), { once: true })
      })
    const worker = await startWorker()
    await (await add(['b.example'])).waitUntilFinished(events, PLENTY_MS)
    expect(told).toEqual([])
    await worker.close(10)
    expect(told).toEqual([{ result: 'failed', lagMs: 0 }])
    expect(errors).toEqual([{ error: new Error('draining took too long'), about: 'host:b.example' }])
    expect(await roundsOf('b.example')).toEqual([0])
  })
})

describe('Closing', () => {
  test('lets rounds in flight commit and takes nothing new', async () => {
    const probing = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    prober.during = async () => {
      probing.resolve()
      await answer.promise
    }
    const worker = await startWorker()
    await add(['a.example'])
    await probing.promise
    const closed = worker.close(PLENTY_MS)
    await add(['b.example'])
    answer.resolve()
    await closed
    expect(await roundsOf('a.example', 'b.example')).toEqual([1, 0])
    expect(await queue.getWaitingCount()).toBe(1)
    expect(errors).toEqual([])
  })

  test('gives rounds up that take longer than the limit, without a commit', async () => {
    const probing = Promise.withResolvers<void>()
    // As a vantage does that never answers: only the signal ends it.
    const probe = prober.probe.bind(prober)
    prober.probe = async (questions, signal) => {
      probing.resolve()
      await new Promise<void>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error), { once: true })
      })
      return probe(questions, signal)
    }
    const worker = await startWorker()
    await add(['a.example'])
    await probing.promise
    await worker.close(10)
    expect(await roundsOf('a.example')).toEqual([0])
    expect(told).toEqual([{ result: 'failed', lagMs: 0 }])
    expect(errors).toEqual([{ error: new Error('draining took too long'), about: 'host:a.example' }])
  })

  test('an idle worker is at once', async () => {
    const worker = await startWorker()
    await worker.close(PLENTY_MS)
    expect(told).toEqual([])
  })
})
