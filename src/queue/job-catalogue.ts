// Every BullMQ queue of fluxwatch that probes: name, payload and options. (Delivery has its own file.)
import type { JobsOptions } from 'bullmq'
import type { TargetId } from '../core/model/target.ts'

/** Two queues a shard: what waits for its first round in the first names of a scan must not stand behind a million others. */
export const PROBE_QUEUE = 'probe'
export const EXPRESS_QUEUE = 'probe-express'

/** A batch of claimed targets: one job for many, since a job costs far more than a claim. */
export interface ProbeJob {
  readonly targets: readonly { readonly id: TargetId; readonly dueAt: number }[]
  /** From then on the targets are somebody else's again; ms of the clock. */
  readonly leaseEnd: number
}

/**
 * A failed batch is not retried by the queue: the lease of its targets runs out and the planner claims them again, each
 * on its own. Finished jobs are removed at once, failed ones kept for a look (the newest 200).
 */
export const PROBE_JOB_OPTIONS: JobsOptions = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: { count: 200 },
}

/** Throws on a payload that is no `ProbeJob`; the worker turns that into an unrecoverable failure. */
export function readProbeJob(payload: unknown): ProbeJob {
  const { targets, leaseEnd } = (payload ?? {}) as { targets?: unknown; leaseEnd?: unknown }
  if (!Array.isArray(targets)) throw new TypeError('a probe job needs a list of targets')
  for (const target of targets as { id?: unknown; dueAt?: unknown }[]) {
    if (
      typeof target?.id !== 'string' ||
      !/^(host|zone):./.test(target.id) ||
      typeof target.dueAt !== 'number'
    ) {
      throw new TypeError(`not a claimed target: ${JSON.stringify(target)}`)
    }
  }
  if (typeof leaseEnd !== 'number') throw new TypeError('a probe job needs the end of its lease')
  return { targets: targets as ProbeJob['targets'], leaseEnd }
}
