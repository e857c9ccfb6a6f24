// BullMQ on a cluster: each queue lies in one slot (its prefix is a hash tag), and its workers outlive the master that has it, with
// the connections that the service gives them.
import { Queue, Worker } from 'bullmq'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { WebhookEndpoint } from '../../src/core/model/webhook.ts'
import { DeliverQueue } from '../../src/queue/deliver-queue.ts'
import type { SendResult } from '../../src/queue/delivery-conclusion.ts'
import type { WebhookSender } from '../../src/queue/delivery-ports.ts'
import { DeliveryWorker } from '../../src/queue/delivery-worker.ts'
import { PROBE_JOB_OPTIONS, PROBE_QUEUE } from '../../src/queue/job-catalogue.ts'
import { isStoreOutage } from '../../src/api/problems/store-outage.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { DeliveryLog } from '../../src/store/delivery-log.ts'
import { probePrefixes, QUEUE_PREFIX } from '../../src/store/keys.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { fluxEvent } from '../queue/delivery-house.ts'
import { eventually } from '../support/redis-process.ts'
import { TestCluster } from '../support/redis-cluster.ts'
import { StateOnRedis } from './cluster-house.ts'

const ENDPOINT: WebhookEndpoint = {
  id: 'wh_a',
  url: 'https://hooks.example/',
  secret: 'whsec_x',
  events: ['domain.flux.detected'],
  scan: null,
  createdAt: 0,
  disabledAt: null,
  disabledReason: null,
}

let cluster: TestCluster
let state: StateOnRedis
const errors: Error[] = []
beforeAll(async () => {
  cluster = await TestCluster.start()
  state = await StateOnRedis.open(cluster.url)
})
afterAll(async () => {
  state?.close()
  await cluster?.stop()
})

/** Kills the master of a queue and brings it back as the replica of its successor. */
async function killMasterOf(prefix: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const victim = await cluster.ownerOf(slotOf(prefix))
  await cluster.kill(victim)
  await meanwhile()
  await cluster.isWhole()
  await cluster.restart(victim)
}

/** The replica has all that was written until now. */
async function replicaIsEven(prefix: string): Promise<boolean> {
  const { redis } = await cluster.ownerOf(slotOf(prefix))
  const told = await redis.info('replication')
  const figure = (pattern: RegExp): string | undefined => pattern.exec(told)?.[1]
  return figure(/^master_repl_offset:(\d+)/m) === figure(/^slave0:.*offset=(\d+)/m)
}

/** As whoever gets a 503, or reads the same stream entry again. */
async function untilTaken<Answer>(add: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await add()
    } catch (error) {
      if (!isStoreOutage(error)) throw error
    }
  }
}

/** Delivers to nobody, and lets nothing through while its gate is shut. */
class GatedSender implements WebhookSender {
  readonly sent: string[] = []
  gate: Promise<void> = Promise.resolve()

  async send({ messageId, now }: { messageId: string; now: number }): Promise<SendResult> {
    this.sent.push(messageId)
    await this.gate
    return { outcome: 'delivered', at: now, status: 204, error: null, durationMs: 1, retryAfterMs: null }
  }
}

const [PROBE_PREFIX = ''] = probePrefixes(true)

test('Probe batches are worked off before, during and after the death of their master', async () => {
  const queue = new Queue(PROBE_QUEUE, { connection: state.requests, prefix: PROBE_PREFIX })
  queue.on('error', (error) => errors.push(error))
  const done = new Set<number>()
  const worker = new Worker<{ number: number }>(
    PROBE_QUEUE,
    async ({ data: { number } }) => {
      done.add(number)
    },
    { connection: await state.workConnection(), prefix: PROBE_PREFIX, concurrency: 2 },
  )
  worker.on('error', (error) => errors.push(error))
  const add = (from: number) =>
    untilTaken(() =>
      queue.addBulk(
        Array.from({ length: 20 }, (_, index) => ({
          name: PROBE_QUEUE,
          data: { number: from + index },
          opts: PROBE_JOB_OPTIONS,
        })),
      ),
    )
  await add(0)
  await eventually(() => done.size === 20, 'the first batches are done')
  await killMasterOf(PROBE_PREFIX, () => add(20))
  await eventually(() => done.size === 40, 'those of the fail-over are done')
  await add(40)
  await eventually(() => done.size === 60, 'those after it are done')
  await eventually(async () => (await queue.getJobCounts('active')).active === 0, 'no job is under way')
  expect(await queue.getJobCounts('waiting', 'failed')).toEqual({ waiting: 0, failed: 0 })
  await worker.close()
  await queue.close()
}, 60_000)

test('Webhook deliveries that are owed before, during and after it are all made', async () => {
  const store = new WebhookStore(state.requests)
  await store.add(ENDPOINT)
  const work = await state.workConnection()
  const log = new DeliveryLog(work)
  const onError = (error: Error): void => void errors.push(error)
  const queue = new DeliverQueue({
    redis: state.requests,
    prefix: QUEUE_PREFIX.deliver,
    records: new DeliveryLog(state.requests),
    endpoints: store,
    clock: systemClock,
    onError,
  })
  const sender = new GatedSender()
  const worker = new DeliveryWorker({
    redis: await state.workConnection(),
    prefix: QUEUE_PREFIX.deliver,
    sender,
    log,
    endpoints: new WebhookStore(work),
    clock: systemClock,
    retryDelayMs: () => 10,
    onError,
    lockMs: 2_000,
  })
  const ids: string[] = []
  const owe = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      ids.push(name)
      await untilTaken(() => queue.enqueue(fluxEvent(name), ['wh_a']))
    }
  }
  const delivered = async (): Promise<boolean> => {
    const page = await log.list('wh_a', { cursor: null, limit: 100 })
    return page.items.length === ids.length && page.items.every(({ state: how }) => how === 'delivered')
  }
  await owe(['evt_1', 'evt_2', 'evt_3'])
  await eventually(delivered, 'the first deliveries are made')

  // One is under way when the master dies, and ends while nobody can be told.
  const gate = Promise.withResolvers<void>()
  sender.gate = gate.promise
  await owe(['evt_4'])
  await eventually(() => sender.sent.includes('evt_4-wh_a'), 'the fourth is under way')
  // What is owed must not depend on how fast the replica was: that is the business of `replicated`.
  await eventually(() => replicaIsEven(QUEUE_PREFIX.deliver), 'the replica has it')
  await killMasterOf(QUEUE_PREFIX.deliver, async () => {
    gate.resolve()
    await owe(['evt_5', 'evt_6'])
  })
  await owe(['evt_7'])
  await eventually(delivered, 'every delivery is made')
  expect(new Set(sender.sent)).toEqual(new Set(ids.map((id) => `${id}-wh_a`)))
  await worker.close(2_000)
  await queue.close()
}, 60_000)
