// The only file that puts the rooms together: opens what a process needs, plugs ports, and takes it all down in order.
// Decides the order of start and drain, and nothing else.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { buildApp } from './api/app.ts'
import { checkHealth } from './api/health-checks.ts'
import { ConfigError, isLoopbackHost, urlOf, type Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import { DEFAULT_POLICY, type Policy } from './core/policy.ts'
import { Prober } from './dns/prober.ts'
import { DEFAULT_VANTAGES, parseVantageConfigs, type VantageConfig } from './dns/vantage-config.ts'
import { openVantages } from './dns/vantage.ts'
import { geoPaths } from './enrich/default-paths.ts'
import { openEnrichment, type MmdbEnrichment } from './enrich/mmdb-enrichment.ts'
import { Metrics } from './metrics.ts'
import { WebhookEndpoints } from './notify/webhook-endpoints.ts'
import { WebhookSender } from './notify/webhook-sender.ts'
import { retryDelayMs } from './notify/retry-schedule.ts'
import { DeliverQueue } from './queue/deliver-queue.ts'
import { DeliveryWorker } from './queue/delivery-worker.ts'
import { dispatcher } from './queue/dispatcher.ts'
import { historian } from './queue/historian.ts'
import { PROBE_QUEUE, type ProbeJob } from './queue/job-catalogue.ts'
import { Planner } from './queue/planner.ts'
import { ProbeWorker } from './queue/probe-worker.ts'
import { scanSweeper } from './queue/scan-sweeper.ts'
import { DeliveryLog } from './store/delivery-log.ts'
import { openSqliteHistory } from './store/history/sqlite/sqlite-history.ts'
import { RedisIdempotencyKeys } from './store/idempotency-keys.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from './store/keys.ts'
import { LiveDomains } from './store/live-domains.ts'
import { LiveScans } from './store/live-scans.ts'
import { LiveTargets } from './store/live-targets.ts'
import { backlogOf, OutboxReader, type OutboxHandler } from './store/outbox-reader.ts'
import {
  connectForRequests,
  connectForWork,
  evictionPolicy,
  ready,
  type RedisAddress,
} from './store/redis.ts'
import { VerdictSignal } from './store/verdict-signal.ts'
import { WebhookStore } from './store/webhook-store.ts'
import { Teardown } from './teardown.ts'

export interface ServiceOptions {
  readonly config: Config
  readonly redis: RedisAddress
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  readonly roles: { readonly api: boolean; readonly worker: boolean }
  /** Names this process in consumer groups. One process alone on its Redis keeps its name over restarts. */
  readonly consumer?: string
  /** Thresholds and intervals other than the default (a world in compressed time). */
  readonly policy?: Policy
  /** How much faster than real time the clock runs: leases must outlive real DNS time-outs. Default 1. */
  readonly speed?: number
}

export interface Service {
  /** Where the API listens; null without that role. */
  readonly url: string | null
  /** Ids of the vantages. */
  readonly vantages: readonly string[]
  /** Which address databases are loaded, in a sentence. */
  readonly enrichment: string
  /** Drains: intake stops, rounds in flight commit, streams are flushed. At most about `limitMs`. */
  close(limitMs?: number): Promise<void>
}

const LEASE_MS = 60_000
const PLANNER_TICK_MS = 250
const BATCH_SIZE = 16
/** 64 targets at a time: at 20 questions a second (the default vantages) their questions wait about six seconds. */
const CONCURRENT_BATCHES = 4
/** Rounds that history has not taken in yet; beyond this nothing new is probed, so that Redis does not fill up. Hand-set. */
const MAX_HISTORY_BACKLOG = 50_000
/** How soon after its time is up a scan is ended; ms of the clock. */
const SWEEP_MS = 10_000
/** How long requests under way may go on when the service drains. */
const OPEN_REQUESTS_MS = 5_000
const DRAIN_LIMIT_MS = 30_000
/** A database that `geo update` replaced is picked up within this time. */
const GEO_RELOAD_MS = 60_000
/** How often history is cut to the days that are kept. */
const PRUNE_MS = 3_600_000
const DAY_MS = 86_400_000

/** Starts the given roles. Rejects, with nothing left running, when something needed cannot be opened. */
export async function startService(options: ServiceOptions): Promise<Service> {
  let report: (error: unknown, part: string) => void = () => {}
  const teardown = new Teardown((error, part) => report(error, part))
  try {
    checkSettings(options.config, options.roles)
    const house = await openHouse(options, teardown)
    report = house.onError
    if (options.roles.worker) await startWorker(options, house, teardown)
    const url = options.roles.api ? await startApi(options, house, teardown) : null
    return {
      url,
      vantages: house.vantages.map(({ id }) => id),
      enrichment: house.enrichment.describe(Date.now()).sentence,
      close: (limitMs = DRAIN_LIMIT_MS) => teardown.run(limitMs),
    }
  } catch (error) {
    await teardown.run(DRAIN_LIMIT_MS)
    throw error
  }
}

type House = Awaited<ReturnType<typeof openHouse>>

/** What both roles stand on: connections, live state, history, enrichment, vantages, metrics. */
async function openHouse({ config, clock, logger, redis: address }: ServiceOptions, teardown: Teardown) {
  // First of all: whatever fails on the way is counted.
  const metrics = new Metrics(readFigures)
  const onError = (error: unknown, part: string): void => {
    metrics.errors.inc({ part: part.replace(/^(host|zone):.*/, 'round').replace(/ job.*/, ' job') })
    logger.error({ err: error, part }, `${part} failed`)
  }
  const open = async (make: (address: RedisAddress) => Redis, part: string): Promise<Redis> => {
    const redis = make(address)
    redis.on('error', (error) => onError(error, part))
    teardown.push(part, async () => redis.disconnect())
    return ready(redis)
  }

  const vantages = openVantages(vantageConfigs(config))
  teardown.push('vantages', () => Promise.all(vantages.map((vantage) => vantage.close())))
  const enrichment = await loadEnrichment(config)
  every(GEO_RELOAD_MS, 'enrichment', () => enrichment.reload())
  const history = await openSqliteHistory(join(config.dataDirectory, 'history.sqlite'))
  teardown.push('history', () => history.close())

  const requests = await open(connectForRequests, 'redis')
  const targets = new LiveTargets(requests)
  const signal = new VerdictSignal(await open(connectForWork, 'redis subscription'))
  const domains = new LiveDomains({ redis: requests, targets, signal, clock })
  const scans = new LiveScans({ redis: requests, domains, clock })
  const endpoints = new WebhookStore(requests)
  const deliveryLog = new DeliveryLog(requests)
  const deliveries = new DeliverQueue({
    redis: requests,
    prefix: QUEUE_PREFIX.deliver,
    records: deliveryLog,
    endpoints,
    clock,
    onError: (error) => onError(error, 'deliver queue'),
  })
  teardown.push('deliver queue', () => deliveries.close())
  const probeQueue = new Queue<ProbeJob>(PROBE_QUEUE, { connection: requests, prefix: QUEUE_PREFIX.probe })
  probeQueue.on('error', (error) => onError(error, 'probe queue'))
  teardown.push('probe queue', () => probeQueue.close())

  async function readFigures() {
    const [lag, observations, events, probe, deliver] = await Promise.all([
      targets.lag(clock.now()),
      backlogOf(requests, PARTITIONS.map(keys.observations)),
      backlogOf(requests, PARTITIONS.map(keys.events)),
      probeQueue.getWaitingCount(),
      deliveries.waiting(),
    ])
    const statuses = vantages.map((vantage) => vantage.status())
    return { ...lag, backlog: { observations, events }, queued: { probe, deliver }, vantages: statuses }
  }

  /** Something to do now and then, in real time, that must never end the service. */
  function every(ms: number, part: string, act: () => Promise<unknown>): void {
    const timer = setInterval(() => {
      act().catch((error: unknown) => onError(error, part))
    }, ms)
    teardown.push(`${part} timer`, async () => clearInterval(timer))
  }

  return {
    onError,
    open,
    every,
    vantages,
    enrichment,
    history,
    requests,
    domains,
    scans,
    endpoints,
    deliveryLog,
    deliveries,
    probeQueue,
    metrics,
  }
}

/** In the order in which it is taken down backwards: intake of work first, then rounds, streams, deliveries. */
async function startWorker(options: ServiceOptions, house: House, teardown: Teardown): Promise<void> {
  const { config, clock, speed = 1 } = options
  const { onError, open, scans, endpoints, deliveries, history, enrichment, vantages, metrics } = house
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
  await read('dispatcher', keys.events, 'event', dispatcher({ scans, subscriptions: endpoints, deliveries }))

  const targets = new LiveTargets(work)
  const prober = new Prober({ vantages, clock })
  const policy = policyOf(options)
  const probes = new ProbeWorker(
    { store: targets, prober, enrichment, policy, clock },
    {
      onRound(result, lagMs) {
        metrics.rounds.inc({ result })
        metrics.roundLag.observe(Math.max(0, lagMs) / 1000)
      },
      onError,
    },
    {
      connection: await open(connectForWork, 'redis for probes'),
      prefix: QUEUE_PREFIX.probe,
      concurrency: CONCURRENT_BATCHES,
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
    queue: house.probeQueue,
    clock,
    options: {
      partitions: PARTITIONS,
      leaseMs: LEASE_MS * speed,
      tickMs: PLANNER_TICK_MS * speed,
      batchSize: BATCH_SIZE,
      maxWaitingJobs: CONCURRENT_BATCHES * 2,
      isHeldUp: async () => (await backlogOf(work, PARTITIONS.map(keys.observations))) > MAX_HISTORY_BACKLOG,
      onError: (error) => onError(error, 'planner'),
    },
  })
  planner.start()
  teardown.push('planner', () => planner.stop())
  house.every(PRUNE_MS, 'history retention', () => history.prune(clock.now() - config.historyDays * DAY_MS))
}

/** Answers the URL that it listens on. */
async function startApi(options: ServiceOptions, house: House, teardown: Teardown): Promise<string> {
  const { config, clock, logger, roles, version } = options
  const { scans, domains, history, endpoints, deliveryLog, deliveries, requests, vantages, enrichment } =
    house
  const app = await buildApp({
    ports: {
      scans,
      domains,
      history,
      webhooks: new WebhookEndpoints({
        store: endpoints,
        history: deliveryLog,
        queue: deliveries,
        allow: config.webhookAllow,
        clock,
      }),
      idempotency: new RedisIdempotencyKeys(requests),
      health: {
        check: () =>
          checkHealth({
            ping: () => requests.ping(),
            evictionPolicy: () => evictionPolicy(requests),
            history,
            vantages: roles.worker ? vantages.map((vantage) => vantage.status()) : [],
            enrichment: enrichment.describe(Date.now()),
          }),
      },
      metrics: house.metrics,
    },
    config: { apiKeys: config.apiKeys, minIntervalSeconds: policyOf(options).minIntervalSeconds },
    logger,
    version,
  })
  teardown.push('api', async (limitMs) => {
    // New requests are refused at once; who is still sending or waiting after a while is cut off, and what was taken in stays.
    const cut = setTimeout(() => app.server.closeAllConnections(), Math.min(limitMs / 2, OPEN_REQUESTS_MS))
    await app.close()
    clearTimeout(cut)
  })
  await app.listen({ host: config.host, port: config.port })
  const listening = app.server.address()
  if (typeof listening !== 'object' || listening === null) throw new Error('the API listens on no port')
  return urlOf(config.host, listening.port)
}

/** The vantages of the configuration, or the defaults. Throws `ConfigError` with a sentence that names entry and field. */
export function vantageConfigs(config: Config): readonly VantageConfig[] {
  if (config.vantages === null) return DEFAULT_VANTAGES
  try {
    return parseVantageConfigs(config.vantages)
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

/** The address databases of the configuration, or those of `geo update`. Throws `ConfigError` for a file that cannot be used. */
export async function loadEnrichment(config: Config): Promise<MmdbEnrichment> {
  return openEnrichment(geoPaths(config)).catch((error: unknown) => {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  })
}

function policyOf({ policy, config }: ServiceOptions): Policy {
  return withMinInterval(policy ?? DEFAULT_POLICY, config.minIntervalSeconds)
}

/** The policy with the least interval of the configuration, where it sets one. */
export function withMinInterval(policy: Policy, minIntervalSeconds: number | null): Policy {
  return minIntervalSeconds === null ? policy : { ...policy, minIntervalSeconds }
}

/** What can be seen to be wrong before anything is opened. Throws `ConfigError`. */
export function checkSettings(config: Config, roles: ServiceOptions['roles']): void {
  vantageConfigs(config)
  if (!roles.api || config.apiKeys.length > 0 || isLoopbackHost(config.host)) return
  throw new ConfigError(
    `FLUXWATCH_HOST is ${config.host}, which other machines can reach, but there is no API key. Set FLUXWATCH_API_KEYS ` +
      '(make one with: npm run -s fluxwatch -- keys create), or listen on 127.0.0.1.',
  )
}
