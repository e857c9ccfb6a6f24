// What a probing process runs: planner, probe rounds, history and event readers, deliveries. Decides their order and sizes.
import { hostname } from 'node:os'
import type { Policy } from '../core/policy.ts'
import type { Probing } from './probing.ts'
import { retryDelayMs } from '../notify/retry-schedule.ts'
import { WebhookSender } from '../notify/webhook-sender.ts'
import { DeliveryWorker } from '../queue/delivery-worker.ts'
import { AddressPlacer } from '../queue/address-placer.ts'
import { dispatcher } from '../queue/dispatcher.ts'
import { historian } from '../queue/historian.ts'
import { Planner } from '../queue/planner.ts'
import { ProbeWorker } from '../queue/probe-worker.ts'
import { scanSweeper } from '../queue/scan-sweeper.ts'
import { DeliveryLog } from '../store/delivery-log.ts'
import { FlaggedNames } from '../store/flagged-names.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from '../store/keys.ts'
import { LiveAgents } from '../store/live-agents.ts'
import { LiveSensors } from '../store/live-sensors.ts'
import { LiveNetworks } from '../store/live-networks.ts'
import { LiveTargets } from '../store/live-targets.ts'
import { OutboxReader, type OutboxHandler, type OutboxOptions } from '../store/outbox-reader.ts'
import { connectForWork } from '../store/redis.ts'
import { EVERYWHERE, replicated } from '../store/replicated.ts'
import { WebhookStore } from '../store/webhook-store.ts'
import type { Teardown } from '../teardown.ts'
import type { House } from './house.ts'
import { startNetworkKeeping } from './network-keeping.ts'
import type { ServiceOptions } from './service-options.ts'
import { intakeOf } from './rate-share.ts'
import { directVantagesOf, policyOf } from './settings.ts'

const LEASE_MS = 60_000
/** Of first looks half of it is waited at most; an idle look at 16 partitions costs about a millisecond of this and of Redis. */
const PLANNER_TICK_MS = 250
/** Of a shard and kind: what is under way is bounded by its rounds. */
const CONCURRENT_BATCHES = 32
/** Of a stream, about, in one look: so much of a backlog is in memory 16 times. */
const HISTORY_LOOK_OCTETS = 64 * 1024
/** How soon a new address is placed after it was stored; ms. */
const PLACE_MS = 5_000
/** How soon after its time is up a scan is ended; ms of the clock. */
const SWEEP_MS = 10_000
/** How often history is cut to the days that are kept. */
const PRUNE_MS = 3_600_000
const DAY_MS = 86_400_000
/** What events lead to is waited for so long, for each batch, where replicas are asked for. They take about one. */
const EVENTS_REPLICATED_MS = 50

/** In the order in which it is taken down backwards: intake of work first, then rounds, streams, deliveries. */
export async function startWorker(
  options: ServiceOptions,
  house: House,
  probing: Probing,
  teardown: Teardown,
): Promise<void> {
  const { config, clock, speed = 1, processes = 1 } = options
  const { onError, open, scans, endpoints, deliveries, history, metrics, shards } = house
  const consumer = options.consumer ?? `${hostname()}-${process.pid}`
  const work = await open(connectForWork, 'redis for work')

  const sender = new WebhookSender({ version: options.version, allow: config.webhookAllow })
  teardown.push('webhook sender', () => sender.close())
  const deliveryWorker = new DeliveryWorker({
    redis: await open(connectForWork, 'redis for deliveries'),
    prefix: QUEUE_PREFIX.deliver,
    sender,
    // On the patient connection: an outcome that cannot be recorded at once must not cost an attempt.
    log: new DeliveryLog(work),
    endpoints: new WebhookStore(work),
    clock,
    retryDelayMs: (attemptsMade) => retryDelayMs(attemptsMade, Math.random()),
    onError: (error) => onError(error, 'delivery worker'),
  })
  teardown.push('delivery worker', (limitMs) => deliveryWorker.close(limitMs))

  const read = async (
    group: string,
    streamOf: (partition: string) => string,
    field: string,
    handle: OutboxHandler,
    more: Partial<OutboxOptions> = {},
  ): Promise<void> => {
    const reader = new OutboxReader(await open(connectForWork, `redis for ${group}`), {
      group,
      consumer,
      streams: PARTITIONS.map(streamOf),
      field,
      onError: (error) => onError(error, group),
      ...more,
    })
    await reader.start(handle)
    teardown.push(group, (limitMs) => reader.stop(limitMs / 2))
  }
  const placer = new AddressPlacer(history, house.enrichment)
  const record = historian(history, () => placer.noteAppended())
  await read(
    'historian',
    keys.observations,
    'round',
    async (payloads) => {
      const unreadable = await record(payloads)
      for (const { reason } of unreadable) onError(new UnreadableEntryError(reason), 'historian')
      return unreadable
    },
    {
      octetsALook: HISTORY_LOOK_OCTETS,
      backlogs: PARTITIONS.map((partition) => ({
        counts: keys.observationsBacklog(partition),
        unreadable: keys.observationsUnreadable(partition),
      })),
      ...(history.gatherMs !== undefined && { gatherMs: history.gatherMs }),
    },
  )
  house.every(PLACE_MS, 'address places', () => placer.run())
  teardown.push('address places', () => placer.stop())
  const dispatch = dispatcher({ scans, subscriptions: endpoints, deliveries })
  // An event goes from its stream when it is dealt with: what came of it must not go with a master then. Replicas that are away
  // hold nothing up.
  const replication = {
    replicas: config.redisReplicas,
    timeoutMs: EVENTS_REPLICATED_MS,
    goOnWithFewer: true,
  }
  await read('dispatcher', keys.events, 'event', (payloads) =>
    replicated(house.requests, EVERYWHERE, replication, () => dispatch(payloads)),
  )

  await startNetworkKeeping(options, house, replication, teardown)

  const targets = new LiveTargets(work, { historyBacklogOctets: config.historyBacklogOctets })
  const currentPolicy = followVantages(policyOf(options), probing)
  const { batchSize, waitingJobs } = intakeOf(probing.configs, processes)
  const probes = new ProbeWorker(
    {
      store: targets,
      prober: probing.prober,
      enrichment: probing.enrichment,
      agents: new LiveAgents(work),
      sensors: new LiveSensors(work),
      networks: new LiveNetworks(work),
      flaggedNames: new FlaggedNames(work),
      // Read by each round: vantages may change.
      get policy() {
        return currentPolicy()
      },
      clock,
    },
    {
      onRound(result, lagMs) {
        metrics.rounds.inc({ result })
        metrics.roundLag.observe(Math.max(0, lagMs) / 1000)
      },
      onError,
    },
    {
      connection: await open(connectForWork, 'redis for probes'),
      prefixes: shards.map(({ prefix }) => prefix),
      concurrency: CONCURRENT_BATCHES,
      maxRounds: () => intakeOf(probing.configs, processes).rounds,
    },
  )
  probes.start()
  teardown.push('probe worker', (limitMs) => probes.close(limitMs / 2))

  const sweeper = scanSweeper({
    scans,
    clock,
    everyMs: SWEEP_MS,
    onError: (error) => onError(error, 'scan sweeper'),
  })
  sweeper.start()
  teardown.push('scan sweeper', () => sweeper.stop())
  const planner = new Planner({
    due: targets,
    shards,
    clock,
    options: {
      leaseMs: LEASE_MS * speed,
      tickMs: PLANNER_TICK_MS * speed,
      batchSize,
      maxWaitingJobs: waitingJobs,
      weights: config.tenantWeights,
      onError: (error) => onError(error, 'planner'),
    },
  })
  planner.start()
  teardown.push('planner', () => planner.stop())
  house.every(PRUNE_MS, 'history retention', () => history.prune(clock.now() - config.historyDays * DAY_MS))
}

/** For the log; what can be read of the entry is in history. */
class UnreadableEntryError extends Error {
  override readonly name = 'UnreadableEntryError'

  constructor(reason: string) {
    super(
      `An entry for history cannot be read and is set aside in a stream …:observations:unreadable: ${reason}`,
    )
  }
}

/** The policy with the direct vantages of each moment. */
function followVantages(base: Policy, probing: Probing): () => Policy {
  let known = probing.configs
  let policy = base
  return () => {
    if (known !== probing.configs) {
      known = probing.configs
      policy = { ...base, directVantages: directVantagesOf(known) }
    }
    return policy
  }
}
