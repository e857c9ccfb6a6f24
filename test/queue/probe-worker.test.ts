import { Queue, QueueEvents, UnrecoverableError, type Job } from 'bullmq'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { PROBE_JOB_OPTIONS, PROBE_QUEUE, type ProbeJob } from '../../src/queue/job-catalogue.ts'
import type { RoundResult, RoundStore } from '../../src/queue/round-ports.ts'
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
let events: QueueEvents
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
})
afterAll(async () => {
  await queue?.close()
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  const connection = connectForWork({ socketPath: server.path })
  // From the first event on: those that come while it still connects count too.
  events = new QueueEvents(PROBE_QUEUE, { connection, prefix: PREFIX, lastEventId: '0' })
  await events.waitUntilReady()
  closing.push(
    () => events.close(),
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
