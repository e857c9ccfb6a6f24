// What a probing process runs: planner, probe rounds, history and event readers, deliveries. Decides their order and sizes.
import { hostname } from 'node:os'
import type { Policy } from '../core/policy.ts'
import type { Probing } from './probing.ts'
import { retryDelayMs } from '../notify/retry-schedule.ts'
import { WebhookSender } from '../notify/webhook-sender.ts'
import { DeliveryWorker } from '../queue/delivery-worker.ts'
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
import { backlogOf, OutboxReader, type OutboxHandler } from '../store/outbox-reader.ts'
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
/**
 * Entries that history has not taken in yet, of up to 64 rounds each; beyond this nothing new is probed, so that Redis does not fill
 * up: they take 80 MB at most. Hand-set.
 */
const MAX_HISTORY_BACKLOG = 10_000
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
  ): Promise<void> => {
    const reader = new OutboxReader(await open(connectForWork, `redis for ${group}`), {
      group,
      consumer,
      streams: PARTITIONS.map(streamOf),
      field,
      onError: (error) => onError(error, group),
    })
    await reader.start(handle)
    teardown.push(group, (limitMs) => reader.stop(limitMs / 2))
  }
  await read('historian', keys.observations, 'round', historian(history))
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

  const targets = new LiveTargets(work)
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
      isHeldUp: async (partitions) => {
        const backlog = await backlogOf(work, partitions.map(keys.observations))
        return backlog > (MAX_HISTORY_BACKLOG * partitions.length) / PARTITIONS.length
      },
      onError: (error) => onError(error, 'planner'),
    },
  })
  planner.start()
  teardown.push('planner', () => planner.stop())
  house.every(PRUNE_MS, 'history retention', () => history.prune(clock.now() - config.historyDays * DAY_MS))
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
