// Takes probe batches from BullMQ and runs the rounds. Decides concurrency and draining; a round itself is probe-round.ts.
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import { PROBE_QUEUE, readProbeJob, type ProbeJob } from './job-catalogue.ts'
import { probeRound } from './probe-round.ts'
import type { RoundParts, RoundResult } from './round-ports.ts'

export interface ProbeWorkerEvents {
  /** After each round, with how late it began; ms of the clock. */
  onRound(result: RoundResult | 'failed', lagMs: number): void
  onError(error: unknown, about: string): void
}

export interface ProbeWorkerOptions {
  readonly connection: Redis | Cluster
  readonly prefix: string
  /** Batches at the same time. */
  readonly concurrency: number
}

export class ProbeWorker {
  readonly #parts: RoundParts
  readonly #events: ProbeWorkerEvents
  readonly #worker: Worker<ProbeJob>
  readonly #abort = new AbortController()
  #isClosing = false

  constructor(
    parts: RoundParts,
    events: ProbeWorkerEvents,
    { connection, prefix, concurrency }: ProbeWorkerOptions,
  ) {
    this.#parts = parts
    this.#events = events
    this.#worker = new Worker<ProbeJob>(PROBE_QUEUE, (job, token) => this.#run(job, token), {
      connection,
      prefix,
      concurrency,
      autorun: false,
    })
    this.#worker.on('error', (error) => events.onError(error, 'probe worker'))
    this.#worker.on('failed', (job, error) => events.onError(error, `probe job ${job?.id}`))
  }

  start(): void {
    this.#worker.run().catch((error: unknown) => this.#events.onError(error, 'probe worker'))
  }

  /** Lets the rounds in flight commit; after `limitMs` of real time they are given up (their leases bring them back). */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    const timer = setTimeout(() => this.#abort.abort(new Error('draining took too long')), limitMs)
    await this.#worker.close()
    clearTimeout(timer)
  }

  async #run(job: Job<ProbeJob>, token?: string): Promise<void> {
    if (this.#isClosing) {
      // BullMQ was fetching it when it was told to close: somebody else's now.
      await job.moveToWait(token)
      throw new WaitingError()
    }
    const { targets, leaseEnd } = parse(job.data)
    // The job waited too long: the targets have been claimed anew, or will be.
    if (this.#parts.clock.now() >= leaseEnd) return
    // One target that fails must not fail its batch: its lease runs out and it is claimed again.
    await Promise.all(
      targets.map(async ({ id, dueAt }) => {
        const lagMs = this.#parts.clock.now() - dueAt
        try {
          this.#events.onRound(await probeRound(id, this.#parts, this.#abort.signal), lagMs)
        } catch (error) {
          this.#events.onRound('failed', lagMs)
          this.#events.onError(error, id)
        }
      }),
    )
  }
}

function parse(payload: unknown): ProbeJob {
  try {
    return readProbeJob(payload)
  } catch (error) {
    throw new UnrecoverableError(error instanceof Error ? error.message : String(error))
  }
}
