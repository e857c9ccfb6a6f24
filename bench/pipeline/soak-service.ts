// The service of a soak, put together as the worker's wiring does it, though on a virtual clock and a scripted world, and with a
// planner that is called instead of one that waits. The one file of the soak that knows the rooms.
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { dispatcher } from '../../src/queue/dispatcher.ts'
import { historian } from '../../src/queue/historian.ts'
import { Planner } from '../../src/queue/planner.ts'
import { closeProbeShards, openProbeShards } from '../../src/queue/probe-queues.ts'
import { ProbeWorker } from '../../src/queue/probe-worker.ts'
import { keys, PARTITIONS, probePrefixes } from '../../src/store/keys.ts'
import { LiveAgents } from '../../src/store/live-agents.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { backlogOf, OutboxReader, type OutboxHandler } from '../../src/store/outbox-reader.ts'
import { connectForWork, ready, type LiveRedis } from '../../src/store/redis.ts'
import { VerdictSignal } from '../../src/store/verdict-signal.ts'
import { intakeOf } from '../../src/wiring/rate-share.ts'
import { enrichment } from '../assess-names.ts'
import type { BenchRedis } from './bench-redis.ts'
import { CountingHistory } from './counting-history.ts'
import type { Claim } from './lateness.ts'
import type { ScriptedWorld } from './scripted-world.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** As the worker has them, with vantages that hold nobody up. */
const LEASE_MS = 60_000
const CONCURRENT_BATCHES = 32
const {
  batchSize: BATCH_SIZE,
  rounds: MAX_ROUNDS,
  waitingJobs: WAITING_JOBS,
} = intakeOf([{ id: 'v1', protocol: 'udp', server: '127.0.0.1', qps: 1_000_000 }], 1)
const CLOSE_MS = 10_000

export interface SoakService {
  readonly scans: LiveScans
  /** Rounds by how they ended. */
  readonly results: ReadonlyMap<string, number>
  /** Claimed, and not ended yet. */
  readonly outstanding: number
  /** Claims of what is due, and answers how many: as many as the service would, or so many at most (a multiple of the partitions). */
  plan(atMost: number | null): Promise<number>
  /** Resolves when not more than so many are outstanding. */
  settled(outstanding: number): Promise<void>
  /** Entries that wait in the streams. */
  backlog(): Promise<number>
  close(): Promise<void>
}

export async function openSoakService(parts: {
  readonly redis: BenchRedis
  readonly clock: VirtualClock
  readonly world: ScriptedWorld
  readonly onClaims: (claims: readonly Claim[], now: number) => void
  readonly onError: (error: unknown, part: string) => void
}): Promise<SoakService> {
  const { redis, clock, world, onClaims, onError } = parts
  const connections: LiveRedis[] = []
  const open = async (): Promise<LiveRedis> => {
    const connection = await ready(connectForWork({ socketPath: redis.socketPath }))
    connections.push(connection)
    return connection
  }
  const work = await open()
  const targets = new LiveTargets(work)
  const domains = new LiveDomains({
    redis: work,
    targets,
    signal: new VerdictSignal(redis.subscriber),
    clock,
    enrichment,
    policy: DEFAULT_POLICY,
  })
  const scans = new LiveScans({ redis: work, domains, clock })

  const results = new Map<string, number>()
  let outstanding = 0
  let waiting: { readonly atMost: number; readonly wake: () => void } | null = null
  const probes = new ProbeWorker(
    {
      store: targets,
      prober: world,
      enrichment,
      agents: new LiveAgents(work),
      policy: DEFAULT_POLICY,
      clock,
    },
    {
      onRound(result) {
        results.set(result, (results.get(result) ?? 0) + 1)
        outstanding -= 1
        if (waiting !== null && outstanding <= waiting.atMost) waiting.wake()
      },
      onError,
    },
    {
      connection: await open(),
      prefixes: probePrefixes(false),
      concurrency: CONCURRENT_BATCHES,
      maxRounds: () => MAX_ROUNDS,
    },
  )
  probes.start()

  const readers: OutboxReader[] = []
  const read = async (
    group: string,
    streamOf: (partition: string) => string,
    field: string,
    handle: OutboxHandler,
  ): Promise<void> => {
    const streams = PARTITIONS.map(streamOf)
    const options = {
      group,
      consumer: 'soak',
      streams,
      field,
      onError: (error: unknown) => onError(error, group),
    }
    const reader = new OutboxReader(await open(), options)
    await reader.start(handle)
    readers.push(reader)
  }
  await read('historian', keys.observations, 'round', historian(new CountingHistory(null, () => {})))
  await read('dispatcher', keys.events, 'event', dispatcher({ scans, ...NOBODY_LISTENS }))

  const shards = openProbeShards(work, probePrefixes(false), PARTITIONS, (error) =>
    onError(error, 'probe queue'),
  )
  const streams = PARTITIONS.flatMap((partition) => [keys.observations(partition), keys.events(partition)])
  const plannerOf = (batchSize: number, maxWaitingJobs: number): Planner =>
    new Planner({
      due: {
        lookDue: (partition, now) => targets.lookDue(partition, now),
        async claimDue(partition, now, leaseEnd, quotas) {
          const claimed = await targets.claimDue(partition, now, leaseEnd, quotas)
          onClaims(
            [...claimed.express, ...claimed.due].map(({ id, dueAt }) => ({ id, dueAt, partition })),
            now,
          )
          return claimed
        },
      },
      shards,
      clock,
      options: {
        leaseMs: LEASE_MS,
        tickMs: 0,
        batchSize,
        maxWaitingJobs,
        onError: (error) => onError(error, 'planner'),
      },
    })
  const usual = plannerOf(BATCH_SIZE, WAITING_JOBS)
  const limited = new Map<number, Planner>()

  return {
    scans,
    results,
    get outstanding() {
      return outstanding
    },
    async plan(atMost) {
      let planner = usual
      if (atMost !== null)
        limited.set(
          atMost,
          (planner = limited.get(atMost) ?? plannerOf(PARTITIONS.length, atMost / PARTITIONS.length)),
        )
      // Counted before they are in the queue: the worker may be faster than the answer.
      const before = outstanding
      let claimed = 0
      outstanding += UNKNOWN
      try {
        claimed = await planner.plan()
      } finally {
        outstanding += claimed - UNKNOWN
      }
      if (waiting !== null && before + claimed <= waiting.atMost) waiting.wake()
      return claimed
    },
    settled(atMost) {
      if (outstanding <= atMost) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting = {
        atMost,
        wake: () => {
          waiting = null
          resolve()
        },
      }
      return promise
    },
    backlog: () => backlogOf(work, streams),
    async close() {
      await probes.close(CLOSE_MS)
      await Promise.all(readers.map((reader) => reader.stop(CLOSE_MS)))
      await closeProbeShards(shards)
      for (const connection of connections) connection.disconnect()
    },
  }
}

/** More than one plan claims: nobody who waits is woken while it is not known how many. */
const UNKNOWN = 1e9

const NOBODY_LISTENS = {
  subscriptions: {
    endpointsFor: async () => [],
    endpointsOfScan: async () => [],
    expireOfScan: async () => {},
  },
  deliveries: { enqueue: async () => 0 },
}
