// Everything that a webhook delivery passes through, put together as the service does it: log, queue, worker and sender on a real
// Redis. Tests wait for what was recorded or for the end of a job; nothing here sleeps.
import { EventEmitter } from 'node:events'
import { QueueEvents } from 'bullmq'
import { systemClock } from '../../src/clock.ts'
import type { FluxEvent } from '../../src/core/model/event.ts'
import type { Delivery, WebhookEndpoint } from '../../src/core/model/webhook.ts'
import { parseCidr } from '../../src/core/net/cidr.ts'
import { makeSecret } from '../../src/notify/secret.ts'
import { WebhookEndpoints } from '../../src/notify/webhook-endpoints.ts'
import { WebhookSender } from '../../src/notify/webhook-sender.ts'
import { DeliverQueue } from '../../src/queue/deliver-queue.ts'
import type { AttemptLog } from '../../src/queue/delivery-ports.ts'
import { DeliveryWorker } from '../../src/queue/delivery-worker.ts'
import { DeliveryLog } from '../../src/store/delivery-log.ts'
import { QUEUE_PREFIX } from '../../src/store/keys.ts'
import { connectForRequests, connectForWork, ready, type LiveRedis } from '../../src/store/redis.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'

export const LOOPBACK = [parseCidr('127.0.0.0/8')!]

export interface HouseOptions {
  /** Waits before the second, third, … attempt; ms. */
  readonly retriesMs?: readonly number[]
  readonly lockMs?: number
  readonly timeoutMs?: number
  readonly concurrency?: number
}

export class DeliveryHouse {
  readonly store: WebhookStore
  readonly log: DeliveryLog
  readonly queue: DeliverQueue
  readonly webhooks: WebhookEndpoints
  readonly errors: Error[] = []
  readonly #path: string
  readonly #options: Required<HouseOptions>
  readonly #redis: LiveRedis
  readonly #jobsRedis: LiveRedis
  readonly #jobs: QueueEvents
  readonly #recorded = new EventEmitter().setMaxListeners(0)
  readonly #closing: (() => Promise<unknown>)[] = []

  private constructor(redis: LiveRedis, path: string, options: HouseOptions) {
    this.#path = path
    this.#options = { retriesMs: [5, 5], lockMs: 30_000, timeoutMs: 20_000, concurrency: 16, ...options }
    this.#redis = redis
    this.store = new WebhookStore(redis)
    this.log = new DeliveryLog(redis)
    this.queue = new DeliverQueue({
      redis,
      prefix: QUEUE_PREFIX.deliver,
      records: this.log,
      endpoints: this.store,
      clock: systemClock,
      attempts: this.#options.retriesMs.length + 1,
      onError: (error) => this.errors.push(error),
    })
    this.webhooks = new WebhookEndpoints({
      store: this.store,
      history: this.log,
      queue: this.queue,
      allow: LOOPBACK,
      clock: systemClock,
    })
    this.#jobsRedis = connectForWork({ socketPath: path })
    // From the first event on: those that come while it still connects count too.
    this.#jobs = new QueueEvents('deliver', {
      connection: this.#jobsRedis,
      prefix: QUEUE_PREFIX.deliver,
      lastEventId: '0',
    })
  }

  static async open(path: string, options: HouseOptions = {}): Promise<DeliveryHouse> {
    const redis = await ready(connectForRequests({ socketPath: path }))
    await redis.flushall()
    const house = new DeliveryHouse(redis, path, options)
    await house.#jobs.waitUntilReady()
    return house
  }

  /** Begins to deliver. Several can run. */
  startWorker(): DeliveryWorker {
    const redis = connectForWork({ socketPath: this.#path })
    const sender = new WebhookSender({
      version: '0.0.0',
      allow: LOOPBACK,
      timeoutMs: this.#options.timeoutMs,
    })
    const announcing: AttemptLog = {
      get: (id) => this.log.get(id),
      record: async (delivery, attempt, state) => {
        await this.log.record(delivery, attempt, state)
        this.#recorded.emit('recorded')
      },
    }
    const worker = new DeliveryWorker({
      redis,
      prefix: QUEUE_PREFIX.deliver,
      sender,
      log: announcing,
      endpoints: this.store,
      clock: systemClock,
      retryDelayMs: (made) => this.#options.retriesMs[made - 1] ?? null,
      onError: (error) => this.errors.push(error),
      lockMs: this.#options.lockMs,
      concurrency: this.#options.concurrency,
    })
    this.#closing.unshift(async () => {
      await worker.close(2_000)
      await sender.close()
      redis.disconnect()
    })
    return worker
  }

  addEndpoint(url: string, parts: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
    const endpoint = { id: 'wh_a', url, secret: makeSecret(), events: ['domain.flux.detected'], scan: null }
    return this.store.add({ ...endpoint, createdAt: systemClock.now(), ...parts } as WebhookEndpoint)
  }

  /** Resolves with the delivery once the log says so. */
  async until(id: string, isSo: (delivery: Delivery) => boolean): Promise<Delivery> {
    for (;;) {
      const next = new Promise((resolve) => this.#recorded.once('recorded', resolve))
      const delivery = await this.log.get(id)
      if (delivery !== null && isSo(delivery)) return delivery
      await next
    }
  }

  /** Resolves when BullMQ is done with a job, from the call on, and says how. */
  jobEnds(jobId: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.#jobs.on('completed', (job) => job.jobId === jobId && resolve(`completed: ${job.returnvalue}`))
    this.#jobs.on('failed', (job) => job.jobId === jobId && resolve(`failed: ${job.failedReason}`))
    return promise
  }

  /** Resolves when a job begins to wait for its retry, from the call on. */
  jobDelayed(jobId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#jobs.on('delayed', (job) => job.jobId === jobId && resolve())
    return promise
  }

  /** Every key of the queue that belongs to a job. */
  async jobKeys(): Promise<string[]> {
    const found = await this.#redis.keys(`${QUEUE_PREFIX.deliver}:deliver:*-wh_*`)
    return found.toSorted()
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close()
    await this.queue.close()
    await this.#jobs.close()
    this.#jobsRedis.disconnect()
    this.#redis.disconnect()
  }
}

export function fluxEvent(id: string): FluxEvent {
  return {
    id,
    type: 'domain.flux.detected',
    timestamp: '2026-01-31T12:00:00.000Z',
    data: { message: `what happened in ${id}` },
  }
}
