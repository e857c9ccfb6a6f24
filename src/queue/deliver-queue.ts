// Puts webhook deliveries into the BullMQ queue `deliver`: events as they happen, tests and redeliveries as they are asked for.
// The delivery log is written first and is the guard against doubles; sending is the delivery worker's business.
import { randomBytes } from 'node:crypto'
import { Queue } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type { Clock } from '../core/clock.ts'
import type { FluxEvent } from '../core/model/event.ts'
import type { Delivery, DeliveryState, WebhookEndpoint } from '../core/model/webhook.ts'
import { DELIVER_QUEUE, DELIVERY_BACKOFF, DELIVERY_JOB, deliveryId, deliveryJobId } from './delivery-job.ts'
import type { DeliveryJob } from './delivery-job.ts'

/** Attempts of one delivery: as many as Standard Webhooks' example schedule has. */
export const DELIVERY_ATTEMPTS = 10

/** A delivery that is owed, and how often it was reopened. */
export interface Owed {
  readonly id: string
  readonly reopened: number
}

/** Where deliveries are recorded. */
export interface DeliveryRecords {
  create(delivery: Omit<Delivery, 'state' | 'attempts'>): Promise<'created' | 'no_endpoint' | DeliveryState>
  get(id: string): Promise<Delivery | null>
  /** Null when nothing is owed. */
  owed(id: string): Promise<Owed | null>
  reopen(delivery: { id: string; endpoint: string }): Promise<Owed | null>
  removeAll(endpoint: string): Promise<readonly Owed[]>
}

export interface EndpointLookup {
  get(id: string): Promise<WebhookEndpoint | null>
}

export interface DeliverQueueParts {
  /** Not closed here. For requests: `enableOfflineQueue: false`, so that adding fails at once while Redis is away. */
  readonly redis: Redis | Cluster
  /** `QUEUE_PREFIX.deliver`. */
  readonly prefix: string
  readonly records: DeliveryRecords
  readonly endpoints: EndpointLookup
  readonly clock: Clock
  readonly attempts?: number
  /** Failures of the connection in the background; calls reject by themselves. */
  readonly onError: (error: Error) => void
}

export class DeliverQueue {
  readonly #queue: Queue<DeliveryJob>
  readonly #parts: DeliverQueueParts

  constructor(parts: DeliverQueueParts) {
    this.#parts = parts
    // The delivery log keeps what is over, so the queue keeps nothing.
    this.#queue = new Queue<DeliveryJob>(DELIVER_QUEUE, {
      connection: parts.redis,
      prefix: parts.prefix,
      defaultJobOptions: {
        attempts: parts.attempts ?? DELIVERY_ATTEMPTS,
        backoff: DELIVERY_BACKOFF,
        removeOnComplete: true,
        removeOnFail: true,
      },
    })
    this.#queue.on('error', parts.onError)
  }

  /**
   * The event is owed to these endpoints once this resolves. Repeating the call adds nothing, neither while the first job
   * waits nor after it is done, for as long as the log remembers the delivery. Removed endpoints are skipped. Answers how many
   * deliveries are new.
   */
  async enqueue(event: FluxEvent, endpointIds: readonly string[]): Promise<number> {
    const results = await Promise.all(endpointIds.map((endpoint) => this.#owe(event, endpoint, false)))
    return results.filter((result) => result === 'created').length
  }

  /** Sends an `endpoint.test` event, once, even to a disabled endpoint. Null when there is no such endpoint. */
  async test(endpoint: string): Promise<Delivery | null> {
    const event: FluxEvent = {
      id: `test_${randomBytes(9).toString('hex')}`,
      type: 'endpoint.test',
      timestamp: new Date(this.#parts.clock.now()).toISOString(),
      data: { message: 'This is a test of your webhook endpoint. It says nothing about any domain.' },
    }
    const result = await this.#owe(event, endpoint, true)
    return result === 'no_endpoint' ? null : this.#parts.records.get(deliveryId(event.id, endpoint))
  }

  /**
   * Sends the event of a delivery again, at once, with the same `webhook-id` and a whole retry schedule. A delivery that
   * still waits for its next attempt is made now instead. Null when there is no such endpoint or it has no such delivery.
   */
  async redeliver(endpoint: string, id: string): Promise<Delivery | null> {
    const { records, endpoints, clock } = this.#parts
    const [delivery, known] = await Promise.all([records.get(id), endpoints.get(endpoint)])
    if (delivery === null || known === null || delivery.endpoint !== endpoint) return null
    const owed = await records.reopen(delivery)
    if (owed === null) return null
    await this.#add(owed, { delivery: id, endpoint, queuedAt: clock.now(), byHand: true })
    const job = await this.#queue.getJob(deliveryJobId(owed))
    // It may have begun since: then there is nothing to hurry up.
    if (job !== undefined && (await job.isDelayed())) await job.promote().catch(() => {})
    return records.get(id)
  }

  /** Forgets every delivery of a removed endpoint, with its waiting jobs. A job that runs ends by itself. */
  async dropAll(endpoint: string): Promise<void> {
    for (const owed of await this.#parts.records.removeAll(endpoint)) {
      await this.#queue.remove(deliveryJobId(owed))
    }
  }

  /** Jobs that nobody has begun yet, without those that wait for their next attempt. */
  waiting(): Promise<number> {
    return this.#queue.getWaitingCount()
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }

  async #owe(
    event: FluxEvent,
    endpoint: string,
    byHand: boolean,
  ): Promise<'created' | 'no_endpoint' | DeliveryState> {
    const id = deliveryId(event.id, endpoint)
    const { records, clock } = this.#parts
    const now = clock.now()
    const result = await records.create({ id, endpoint, event, createdAt: now })
    // "waiting" may mean that a process died between the record and the job. Adding a job that exists changes nothing.
    const owed =
      result === 'created' ? { id, reopened: 0 } : result === 'waiting' ? await records.owed(id) : null
    if (owed !== null) {
      await this.#add(owed, { delivery: id, endpoint, queuedAt: now, byHand }, byHand ? 1 : undefined)
    }
    return result
  }

  async #add(owed: Owed, job: DeliveryJob, attempts?: number): Promise<void> {
    const jobId = deliveryJobId(owed)
    await this.#queue.add(DELIVERY_JOB, job, attempts === undefined ? { jobId } : { jobId, attempts })
  }
}
