// The probe queues of an instance: two a shard, and which partitions a shard serves. One shard on one Redis; in a cluster several,
// each in a slot of its own, so that the masters share the load. Jobs hold nothing that is not also in the due sets: when the number
// of shards changes, what waits in the old queues comes back with its leases.
import { Queue } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import { EXPRESS_QUEUE, PROBE_QUEUE, type ProbeJob } from './job-catalogue.ts'

export type ProbeKind = 'due' | 'express'

export const QUEUE_OF_KIND: Readonly<Record<ProbeKind, string>> = { due: PROBE_QUEUE, express: EXPRESS_QUEUE }

export interface ProbeShard {
  readonly prefix: string
  readonly partitions: readonly string[]
  readonly queues: Readonly<Record<ProbeKind, Queue<ProbeJob>>>
}

/**
 * `prefixes`: one a shard. Each gets partitions that stand side by side: in a cluster they lie on the master of its queues, and one
 * that is away holds up its own shards only.
 */
export function openProbeShards(
  connection: Redis | Cluster,
  prefixes: readonly string[],
  partitions: readonly string[],
  onError: (error: Error) => void,
): readonly ProbeShard[] {
  const open = (prefix: string, name: string): Queue<ProbeJob> => {
    const queue = new Queue<ProbeJob>(name, { connection, prefix })
    queue.on('error', onError)
    return queue
  }
  return prefixes.map((prefix, shard) => ({
    prefix,
    partitions: partitions.filter(
      (_, place) => Math.floor((place * prefixes.length) / partitions.length) === shard,
    ),
    queues: { due: open(prefix, PROBE_QUEUE), express: open(prefix, EXPRESS_QUEUE) },
  }))
}

export async function closeProbeShards(shards: readonly ProbeShard[]): Promise<void> {
  await Promise.all(shards.flatMap(({ queues }) => [queues.due.close(), queues.express.close()]))
}

/** Jobs of a kind that nobody has begun yet, of all shards. */
export async function waitingJobs(shards: readonly ProbeShard[], kind: ProbeKind): Promise<number> {
  const counts = await Promise.all(shards.map(({ queues }) => queues[kind].getWaitingCount()))
  return counts.reduce((sum, count) => sum + count, 0)
}
