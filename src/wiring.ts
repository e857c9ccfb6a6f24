// The only file that puts the rooms together: opens what a process needs, plugs ports, and takes it all down in order.
// Decides the order of start and drain, and nothing else.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { buildApp } from './api/app.ts'
import { checkHealth } from './api/health-checks.ts'
import { ConfigError, isLoopbackHost, type Config } from './config.ts'
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
import { ScanSweeper } from './queue/scan-sweeper.ts'
import { DeliveryLog } from './store/delivery-log.ts'
import { openSqliteHistory } from './store/history/sqlite/sqlite-history.ts'
import { RedisIdempotencyKeys } from './store/idempotency-keys.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from './store/keys.ts'
import { LiveDomains } from './store/live-domains.ts'
import { LiveScans } from './store/live-scans.ts'
import { LiveTargets } from './store/live-targets.ts'
import { backlogOf, OutboxReader } from './store/outbox-reader.ts'
import {
  connectForRequests,
  connectForWork,
  evictionPolicy,
  ready,
  type RedisAddress,
} from './store/redis.ts'
import { VerdictSignal } from './store/verdict-signal.ts'
import { WebhookStore } from './store/webhook-store.ts'

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
const CONCURRENT_BATCHES = 8
/** How soon after its time is up a scan is ended; ms of the clock. */
const SWEEP_MS = 10_000
const DRAIN_LIMIT_MS = 30_000
/** A database that `geo update` replaced is picked up within this time. */
const GEO_RELOAD_MS = 60_000

/** Starts the given roles. Rejects, with nothing left running, when something needed cannot be opened. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const closers: (() => Promise<unknown>)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close()
  }
  try {
    return await build(options, closers, closeAll)
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function build(
  options: ServiceOptions,
  closers: (() => Promise<unknown>)[],
  closeAll: () => Promise<void>,
): Promise<Service> {
  const { config, clock, logger, roles, redis: address } = options
  if (roles.api) checkExposure(config)
  const onError = (error: unknown, part: string): void => {
    metrics.errors.inc({ part: part.replace(/^(host|zone):.*/, 'round').replace(/ job.*/, ' job') })
    logger.error({ err: error, part }, `${part} failed`)
  }
  const open = async (make: (address: RedisAddress) => Redis, part: string): Promise<Redis> => {
    const redis = make(address)
    redis.on('error', (error) => onError(error, part))
    closers.push(async () => redis.disconnect())
    return ready(redis)
  }

  const vantages = openVantages(vantageConfigs(config))
  closers.push(() => Promise.all(vantages.map((vantage) => vantage.close())))
  const metrics = new Metrics(() => readFigures())

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
  closers.push(() => deliveries.close())
  const history = await openSqliteHistory(join(config.dataDirectory, 'history.sqlite'))
  closers.push(() => history.close())
  const enrichment = await loadEnrichment(config)
  const reload = setInterval(() => {
    enrichment.reload().catch((error: unknown) => onError(error, 'enrichment'))
  }, GEO_RELOAD_MS)
  closers.push(async () => clearInterval(reload))
  const probeQueue = new Queue<ProbeJob>(PROBE_QUEUE, { connection: requests, prefix: QUEUE_PREFIX.probe })
  probeQueue.on('error', (error) => onError(error, 'probe queue'))
  closers.push(() => probeQueue.close())

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

  const policy = withMinInterval(options.policy ?? DEFAULT_POLICY, config.minIntervalSeconds)
  const stopWorking = roles.worker ? await startWorker() : async () => {}

  async function startWorker(): Promise<(limitMs: number) => Promise<void>> {
    const speed = options.speed ?? 1
    const consumer = options.consumer ?? `${hostname()}-${process.pid}`
    const work = await open(connectForWork, 'redis for work')
    const prober = new Prober({ vantages, clock })
    const probes = new ProbeWorker(
      { store: new LiveTargets(work), prober, enrichment, policy, clock },
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
    const planner = new Planner({
      due: new LiveTargets(work),
      queue: probeQueue,
      clock,
      options: {
        partitions: PARTITIONS,
        leaseMs: LEASE_MS * speed,
        tickMs: PLANNER_TICK_MS * speed,
        batchSize: BATCH_SIZE,
        maxWaitingJobs: CONCURRENT_BATCHES * 4,
        onError: (error) => onError(error, 'planner'),
      },
    })
    const reader = async (
      group: string,
      streamOf: (partition: string) => string,
      field: string,
    ): Promise<OutboxReader> =>
      new OutboxReader(await open(connectForWork, `redis for ${group}`), {
        group,
        consumer,
        streams: PARTITIONS.map(streamOf),
        field,
        onError: (error) => onError(error, group),
      })
    const historyReader = await reader('historian', keys.observations, 'round')
    const eventReader = await reader('dispatcher', keys.events, 'event')
    await historyReader.start(historian(history))
    await eventReader.start(dispatcher({ scans, subscriptions: endpoints, deliveries }))
    const sender = new WebhookSender({ version: options.version, allow: config.webhookAllow })
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
    const sweeper = new ScanSweeper({
      scans,
      clock,
      everyMs: SWEEP_MS,
      onError: (error) => onError(error, 'scan sweeper'),
    })
    probes.start()
    planner.start()
    sweeper.start()
    return async (limitMs) => {
      await Promise.all([planner.stop(), sweeper.stop()])
      await probes.close(limitMs / 2)
      await Promise.all([historyReader.stop(limitMs / 4), eventReader.stop(limitMs / 4)])
      await deliveryWorker.close(limitMs / 4)
      await sender.close()
    }
  }

  let app: Awaited<ReturnType<typeof buildApp>> | null = null
  if (roles.api) {
    app = await buildApp({
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
        metrics,
      },
      config: { apiKeys: config.apiKeys },
      logger,
      version: options.version,
    })
    await app.listen({ host: config.host, port: config.port })
  }
  const address_ = app?.server.address()
  const url =
    typeof address_ === 'object' && address_ !== null
      ? `http://${bracketed(config.host)}:${address_.port}`
      : null
  return {
    url,
    vantages: vantages.map(({ id }) => id),
    enrichment: enrichment.describe(Date.now()).sentence,
    async close(limitMs = DRAIN_LIMIT_MS) {
      await app?.close()
      await stopWorking(limitMs)
      await closeAll()
    },
  }
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

/** The policy with the least interval of the configuration, where it sets one. */
export function withMinInterval(policy: Policy, minIntervalSeconds: number | null): Policy {
  return minIntervalSeconds === null ? policy : { ...policy, minIntervalSeconds }
}

function checkExposure(config: Config): void {
  if (config.apiKeys.length > 0 || isLoopbackHost(config.host)) return
  throw new ConfigError(
    `FLUXWATCH_HOST is ${config.host}, which other machines can reach, but there is no API key. Set FLUXWATCH_API_KEYS ` +
      '(make one with: npm run -s fluxwatch -- keys create), or listen on 127.0.0.1.',
  )
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
