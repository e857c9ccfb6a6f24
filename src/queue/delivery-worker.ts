// Works through the queue `deliver`: sends what is owed, records every attempt, and decides what a failure means for the delivery
// and its endpoint. How an event is sent and signed is the sender's business, how long to wait is the schedule's.
import { setTimeout as delay } from 'node:timers/promises'
import { DelayedError, UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type { Clock } from '../core/clock.ts'
import type { Delivery, WebhookEndpoint } from '../core/model/webhook.ts'
import { concludeAttempt, type SendResult } from './delivery-conclusion.ts'
import { DELIVER_QUEUE, type DeliveryJob } from './delivery-job.ts'
import type { AttemptLog, EndpointStates, WebhookSender } from './delivery-ports.ts'
import { EndpointShares } from './endpoint-shares.ts'

/** Deliveries under way at the same time in one process. Hand-set. */
export const DELIVERY_CONCURRENCY = 16

/** A worker that dies (is killed, runs out of memory) does not fail the delivery; one that kills every worker must end. */
const MAX_STALLED_COUNT = 25

/** How long `close` waits after its deadline for interrupted attempts to be given back; ms. */
const GIVE_BACK_MS = 1_000

export interface DeliveryWorkerParts {
  /** With `maxRetriesPerRequest: null`, as BullMQ demands. Not closed here. */
  readonly redis: Redis | Cluster
  /** `QUEUE_PREFIX.deliver`. */
  readonly prefix: string
  readonly sender: WebhookSender
  readonly log: AttemptLog
  readonly endpoints: EndpointStates
  readonly clock: Clock
  /** Wait after so many failed attempts, in ms; null: give up. */
  readonly retryDelayMs: (attemptsMade: number) => number | null
  /** Failures in the background; a failed attempt is none. */
  readonly onError: (error: Error) => void
  readonly concurrency?: number
  /** A job of a dead process is taken over after this; ms, 30 s unless set. */
  readonly lockMs?: number
}

/** Carries the wait before the next attempt to BullMQ's back-off strategy. */
class AttemptFailed extends Error {
  readonly waitMs: number

  constructor(reason: string, waitMs: number) {
    super(reason)
    this.waitMs = waitMs
  }
}

/** Ends the job; the log says already what came of the delivery. */
class DeliveryFailed extends UnrecoverableError {}

export class DeliveryWorker {
  readonly #parts: DeliveryWorkerParts
  readonly #worker: Worker<DeliveryJob>
  readonly #shares = new EndpointShares()

  /** Begins at once. */
  constructor(parts: DeliveryWorkerParts) {
    this.#parts = parts
    const lockMs = parts.lockMs ?? 30_000
    this.#worker = new Worker<DeliveryJob>(
      DELIVER_QUEUE,
      // Three named parameters: BullMQ counts them, and only then makes a signal.
      (job, token, signal) => this.#deliver(job, token, signal),
      {
        connection: parts.redis,
        prefix: parts.prefix,
        concurrency: parts.concurrency ?? DELIVERY_CONCURRENCY,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        maxStalledCount: MAX_STALLED_COUNT,
        settings: {
          backoffStrategy: (attemptsMade, _type, error) =>
            error instanceof AttemptFailed ? error.waitMs : (parts.retryDelayMs(attemptsMade) ?? -1),
        },
      },
    )
    this.#worker.on('error', parts.onError)
    this.#worker.on('failed', (job, error) => {
      if (error instanceof AttemptFailed || error instanceof DeliveryFailed) return
      parts.onError(error)
      if (job?.finishedOn !== undefined) void this.#giveUp(job)
    })
  }

  /**
   * Takes no more jobs and lets attempts under way end; after `deadlineMs` they are interrupted and given back to the queue, to
   * be made again elsewhere with the same `webhook-id`. Resolves at most a second after the deadline.
   */
  async close(deadlineMs: number): Promise<void> {
    const closed = this.#worker.close()
    if (await endsWithin(closed, deadlineMs)) return
    this.#worker.cancelAllJobs('shutting down')
    await endsWithin(closed, GIVE_BACK_MS)
  }

  async #deliver(job: Job<DeliveryJob>, token?: string, signal?: AbortSignal): Promise<string> {
    const { log, endpoints } = this.#parts
    const [delivery, endpoint] = await Promise.all([
      log.get(job.data.delivery),
      endpoints.get(job.data.endpoint),
    ])
    // Settled already: an earlier run of this job died after it had recorded the outcome.
    if (delivery === null || endpoint === null || delivery.state !== 'waiting') return 'nothing to do'
    if (endpoint.disabledAt !== null && !(job.data.byHand && job.attemptsMade === 0)) {
      await log.record(delivery, null, 'failed')
      return 'the endpoint is disabled'
    }
    if (!this.#shares.begin(endpoint.id)) {
      await job.moveToDelayed(this.#shares.deferUntil(endpoint.id, Date.now()), token)
      throw new DelayedError()
    }
    const result = await this.#send(delivery, endpoint, signal)
    if (result !== null) return this.#conclude(job, delivery, result)
    // Interrupted by our own shutdown: this was no attempt, and the next worker begins it anew.
    await job.moveToWait(token)
    throw new WaitingError()
  }

  /** Null when it was interrupted. */
  async #send(
    delivery: Delivery,
    endpoint: WebhookEndpoint,
    signal: AbortSignal | undefined,
  ): Promise<SendResult | null> {
    const { id: messageId, event } = delivery
    let durationMs: number | null = null
    try {
      const now = this.#parts.clock.now()
      const result = await this.#parts.sender.send({ endpoint, messageId, event, now, signal })
      durationMs = result.durationMs
      return result
    } catch (error) {
      if (signal?.aborted === true) return null
      throw error
    } finally {
      this.#shares.end(endpoint.id, durationMs)
    }
  }

  /** The endpoint's state is written before the delivery's: if we die in between, the job runs again and repeats both. */
  async #conclude(job: Job<DeliveryJob>, delivery: Delivery, result: SendResult): Promise<string> {
    const { log, endpoints, clock, retryDelayMs } = this.#parts
    const { at, status, error, durationMs } = result
    const conclusion = concludeAttempt(result, {
      made: job.attemptsMade + 1,
      allowed: job.opts.attempts ?? 1,
      retryDelayMs,
    })
    const now = clock.now()
    if (conclusion.state === 'delivered') await endpoints.noteDelivered(delivery.endpoint, now)
    if (conclusion.disable === 'gone') await endpoints.disable(delivery.endpoint, 'gone', now)
    // Did anything get through meanwhile, then the endpoint is alive and it is this event that it does not take.
    if (conclusion.disable === 'failing') {
      await endpoints.disable(delivery.endpoint, 'failing', now, job.data.queuedAt)
    }
    await log.record(delivery, { at, status, error, durationMs }, conclusion.state)
    if (conclusion.state === 'delivered') return 'delivered'
    const reason = error ?? 'failed'
    throw conclusion.state === 'waiting'
      ? new AttemptFailed(reason, conclusion.waitMs)
      : new DeliveryFailed(reason)
  }

  /** The job ended for a reason of ours (no more retries, stalled too often): the log must not say `waiting` for ever. */
  async #giveUp(job: Job<DeliveryJob>): Promise<void> {
    const { delivery: id, endpoint } = job.data
    try {
      const delivery = await this.#parts.log.get(id)
      if (delivery?.state === 'waiting') await this.#parts.log.record({ id, endpoint }, null, 'failed')
    } catch (error) {
      this.#parts.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  const late = delay(ms, false, { signal: timer.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    timer.abort()
  }
}
