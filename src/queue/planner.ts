// Moves what is due from the due sets into probe batches. Decides how much and when; what to ask is the worker's.
import type { Queue } from 'bullmq'
import type { Clock } from '../core/clock.ts'
import type { TargetId } from '../core/model/target.ts'
import { ClockLoop } from './clock-loop.ts'
import { PROBE_JOB_OPTIONS, PROBE_QUEUE, type ProbeJob } from './job-catalogue.ts'

export interface DueTargets {
  claimDue(
    partition: string,
    now: number,
    leaseEnd: number,
    limit: number,
  ): Promise<readonly { readonly id: TargetId; readonly dueAt: number }[]>
}

export interface PlannerOptions {
  readonly partitions: readonly string[]
  /** How long a claimed target is left alone before it counts as lost; ms of the clock. */
  readonly leaseMs: number
  /** Pause between two looks at the due sets; ms of the clock. */
  readonly tickMs: number
  /** Targets in one job. */
  readonly batchSize: number
  /** Jobs that may wait in the queue; beyond that nothing is claimed, so that late targets stay ordered by due time. */
  readonly maxWaitingJobs: number
  /** True while what follows from rounds cannot keep up: nothing is claimed then. */
  readonly isHeldUp: () => Promise<boolean>
  readonly onError: (error: unknown) => void
}

export class Planner {
  readonly #due: DueTargets
  readonly #queue: Queue<ProbeJob>
  readonly #clock: Clock
  readonly #options: PlannerOptions
  readonly #loop: ClockLoop

  constructor(parts: { due: DueTargets; queue: Queue<ProbeJob>; clock: Clock; options: PlannerOptions }) {
    this.#due = parts.due
    this.#queue = parts.queue
    this.#clock = parts.clock
    this.#options = parts.options
    this.#loop = new ClockLoop(parts.clock, () => this.#planOrReport())
  }

  start(): void {
    this.#loop.start()
  }

  /** Nothing is claimed after this resolves; what was claimed is in the queue. */
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #planOrReport(): Promise<number> {
    const claimed = await this.plan().catch((error: unknown) => {
      this.#options.onError(error)
      return 0
    })
    // A full batch means that more may be due: look again at once.
    return claimed < this.#options.batchSize ? this.#options.tickMs : 0
  }

  /** One look at all due sets; answers how many targets were put into the queue. */
  async plan(): Promise<number> {
    const { partitions, leaseMs, batchSize, maxWaitingJobs, isHeldUp } = this.#options
    if (await isHeldUp()) return 0
    const room = maxWaitingJobs - (await this.#queue.getWaitingCount())
    if (room <= 0) return 0
    const now = this.#clock.now()
    const leaseEnd = now + leaseMs
    // Rounded down, so that all shares fit in the room; at least one, so that no partition starves.
    const share = Math.max(1, Math.floor((room * batchSize) / partitions.length))
    const claims = await Promise.all(
      partitions.map((partition) => this.#due.claimDue(partition, now, leaseEnd, share)),
    )
    const targets = claims.flat().toSorted((a, b) => a.dueAt - b.dueAt)
    const jobs = Array.from({ length: Math.ceil(targets.length / batchSize) }, (_, index) => ({
      name: PROBE_QUEUE,
      data: { targets: targets.slice(index * batchSize, (index + 1) * batchSize), leaseEnd },
      opts: PROBE_JOB_OPTIONS,
    }))
    if (jobs.length > 0) await this.#queue.addBulk(jobs)
    return targets.length
  }
}
