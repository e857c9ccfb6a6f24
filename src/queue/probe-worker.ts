// Takes probe batches from BullMQ and runs the rounds. Decides concurrency, who waits while the vantages are busy, and draining; a
// round itself is probe-round.ts.
import { setTimeout as delay } from 'node:timers/promises'
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import { readProbeJob, type ProbeJob } from './job-catalogue.ts'
import { probeRound } from './probe-round.ts'
import { QUEUE_OF_KIND, type ProbeKind } from './probe-queues.ts'
import type { RoundParts, RoundResult } from './round-ports.ts'

export interface ProbeWorkerEvents {
  /** After each round, with how late it began; ms of the clock. */
  onRound(result: RoundResult | 'failed', lagMs: number): void
  onError(error: unknown, about: string): void
}

export interface ProbeWorkerOptions {
  readonly connection: Redis | Cluster
  /** One a shard. */
  readonly prefixes: readonly string[]
  /** Batches of a shard and kind at the same time. */
  readonly concurrency: number
  /** Rounds at the same time, beyond which no ordinary batch is begun; asked for each. */
  readonly maxRounds: () => number
}

/** A batch is over for the queue after this long; rounds that a slow server holds up go on beside the next batches. Real time. */
const STRAGGLING_MS = 1_000
/** Ordinary batches wait while a question would wait longer than this for its turn at some vantage; real time. */
const MAX_BACKLOG_MS = 500
/** How often a batch that waits looks again; real time. */
const LOOK_AGAIN_MS = 20

export class ProbeWorker {
  readonly #parts: RoundParts
  readonly #events: ProbeWorkerEvents
  readonly #workers: readonly Worker<ProbeJob>[]
  readonly #maxRounds: () => number
  readonly #abort = new AbortController()
  readonly #rounds = new Set<Promise<void>>()
  #isClosing = false

  constructor(
    parts: RoundParts,
    events: ProbeWorkerEvents,
    { connection, prefixes, concurrency, maxRounds }: ProbeWorkerOptions,
  ) {
    this.#maxRounds = maxRounds
    this.#parts = parts
    this.#events = events
    this.#workers = prefixes.flatMap((prefix) =>
      (['express', 'due'] as const).map((kind) => this.#open(kind, prefix, connection, concurrency)),
    )
  }

  start(): void {
    for (const worker of this.#workers) {
      worker.run().catch((error: unknown) => this.#events.onError(error, 'probe worker'))
    }
  }

  /** Lets the rounds in flight commit; after `limitMs` of real time they are given up (their leases bring them back). */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    const timer = setTimeout(() => this.#abort.abort(new Error('draining took too long')), limitMs)
    await Promise.all(this.#workers.map((worker) => worker.close()))
    while (this.#rounds.size > 0) await Promise.all(this.#rounds)
    clearTimeout(timer)
  }

  #open(kind: ProbeKind, prefix: string, connection: Redis | Cluster, concurrency: number): Worker<ProbeJob> {
    const worker = new Worker<ProbeJob>(QUEUE_OF_KIND[kind], (job, token) => this.#run(kind, job, token), {
      connection,
      prefix,
      concurrency,
      autorun: false,
    })
    worker.on('error', (error) => this.#events.onError(error, 'probe worker'))
    worker.on('failed', (job, error) => this.#events.onError(error, `probe job ${job?.id}`))
    return worker
  }

  async #run(kind: ProbeKind, job: Job<ProbeJob>, token?: string): Promise<void> {
    const { targets, leaseEnd } = parse(job.data)
    if (kind === 'due') while (!this.#isClosing && this.#isBusy(targets.length)) await delay(LOOK_AGAIN_MS)
    if (this.#isClosing) {
      // BullMQ was fetching it when it was told to close: somebody else's now.
      await job.moveToWait(token)
      throw new WaitingError()
    }
    // The job waited too long: the targets have been claimed anew, or will be.
    if (this.#parts.clock.now() >= leaseEnd) return
    const rounds = targets.map((target) => this.#round(target, kind === 'express'))
    // A slow server must not hold up the names that stand beside it: what is still under way after a while goes on by itself.
    const patience = new AbortController()
    await Promise.race([
      Promise.all(rounds),
      delay(STRAGGLING_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ])
    patience.abort()
  }

  /** Whether so many more rounds would wait for others. A batch that is alone is begun, however large. */
  #isBusy(more: number): boolean {
    if (this.#rounds.size > 0 && this.#rounds.size + more > this.#maxRounds()) return true
    return (this.#parts.prober.backlogMs?.() ?? 0) > MAX_BACKLOG_MS
  }

  /** One target that fails must not fail its batch: its lease runs out and it is claimed again. */
  #round({ id, dueAt }: ProbeJob['targets'][number], isExpress: boolean): Promise<void> {
    const lagMs = this.#parts.clock.now() - dueAt
    const round = probeRound(id, this.#parts, this.#abort.signal, isExpress)
      .then((result) => this.#events.onRound(result, lagMs))
      .catch((error: unknown) => {
        this.#events.onRound('failed', lagMs)
        this.#events.onError(error, id)
      })
      .finally(() => this.#rounds.delete(round))
    this.#rounds.add(round)
    return round
  }
}

function parse(payload: unknown): ProbeJob {
  try {
    return readProbeJob(payload)
  } catch (error) {
    throw new UnrecoverableError(error instanceof Error ? error.message : String(error))
  }
}
