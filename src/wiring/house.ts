// What both roles stand on: connections, live state, history, enrichment, vantages, metrics. Opens them in order, and
// leaves the order of taking down to the teardown.
import { NO_OPT_OUT } from '../dns/opt-out-list.ts'
import { Metrics } from '../metrics.ts'
import { DeliverQueue } from '../queue/deliver-queue.ts'
import { closeProbeShards, openProbeShards, waitingJobs } from '../queue/probe-queues.ts'
import { DeliveryLog } from '../store/delivery-log.ts'
import { keys, PARTITIONS, probePrefixes, QUEUE_PREFIX } from '../store/keys.ts'
import { IntakeGate } from '../store/intake-gate.ts'
import { LiveDomains } from '../store/live-domains.ts'
import { LiveScans } from '../store/live-scans.ts'
import { LiveTargets } from '../store/live-targets.ts'
import { readHistoryBacklog } from '../store/history-backlog.ts'
import { backlogOf } from '../store/outbox-reader.ts'
import {
  connectForRequests,
  connectForWork,
  isCluster,
  type LiveRedis,
  ready,
  type RedisAddress,
  usedMemory,
} from '../store/redis.ts'
import { VerdictSignal } from '../store/verdict-signal.ts'
import { WebhookStore } from '../store/webhook-store.ts'
import type { Teardown } from '../teardown.ts'
import type { ServiceOptions } from './service-options.ts'
import { openHistory } from './open-history.ts'
import { openProbing } from './probing.ts'
import { loadEnrichment, loadOptOut, policyOf } from './settings.ts'

/** A database that `geo update` replaced is picked up within this time. */
const GEO_RELOAD_MS = 60_000
/** How long an intake waits for its replicas before it is refused. */
const REPLICATION_MS = 2_000
/** A name that was added to the opt-out list is left alone within this time. */
const OPT_OUT_RELOAD_MS = 10_000

export type House = Awaited<ReturnType<typeof openHouse>>

/** Opens everything; what is open when something fails is in the teardown already. */
export async function openHouse(options: ServiceOptions, teardown: Teardown) {
  const { config, clock, logger, redis: address, roles, speed = 1, processes, workers } = options
  // First of all: whatever fails on the way is counted.
  const metrics = new Metrics(
    readFigures,
    () => probing?.figures() ?? null,
    async () => {
      const report = await workers?.report()
      return { snapshots: report?.metrics ?? [], probing: report?.figures ?? null }
    },
  )
  const onError = (error: unknown, part: string): void => {
    metrics.errors.inc({ part: part.replace(/^(host|zone):.*/, 'round').replace(/ job.*/, ' job') })
    logger.error({ err: error, part }, `${part} failed`)
  }
  const open = async (make: (address: RedisAddress) => LiveRedis, part: string): Promise<LiveRedis> => {
    const redis = make(address)
    redis.on('error', (error) => onError(error, part))
    teardown.push(part, async () => redis.disconnect())
    return ready(redis)
  }

  const optOutList = await loadOptOut(config)
  if (optOutList) every(OPT_OUT_RELOAD_MS, 'opt-out list', () => optOutList.reload())
  const optOut = optOutList ?? NO_OPT_OUT
  const enrichment = await loadEnrichment(config)
  every(GEO_RELOAD_MS, 'enrichment', () => enrichment.reload())
  const probing = roles.worker
    ? await openProbing({ config, clock, optOut, databases: enrichment, ...(processes && { processes }) })
    : null
  if (probing) teardown.push('vantages', () => probing.close())
  const history = options.history ?? (await openHistory(config, (error) => onError(error, 'history')))
  teardown.push('history', () => history.close())

  const requests = await open(connectForRequests, 'redis')
  const targets = new LiveTargets(requests)
  const signal = new VerdictSignal(await open(connectForWork, 'redis subscription'))
  const policy = policyOf(options)
  const domains = new LiveDomains({ redis: requests, targets, signal, clock, enrichment, policy })
  const gate = new IntakeGate({
    memory: () => usedMemory(requests),
    lag: () => targets.lag(clock.now()),
    limits: {
      targets: config.maxTargets,
      lagMs: config.maxLagSeconds && config.maxLagSeconds * 1000 * speed,
    },
  })
  const scans = new LiveScans({
    // Waiting for replicas holds up whatever else is on the connection.
    redis: config.redisReplicas > 0 ? await open(connectForRequests, 'redis for intake') : requests,
    domains,
    clock,
    gate,
    replication: { replicas: config.redisReplicas, timeoutMs: REPLICATION_MS },
  })
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
  const shards = openProbeShards(requests, probePrefixes(isCluster(requests)), PARTITIONS, (error) =>
    onError(error, 'probe queue'),
  )
  teardown.push('probe queues', () => closeProbeShards(shards))

  async function readFigures() {
    const [lag, forHistory, events, probe, express, deliver] = await Promise.all([
      targets.lag(clock.now()),
      historyBacklog(),
      backlogOf(requests, PARTITIONS.map(keys.events)),
      waitingJobs(shards, 'due'),
      waitingJobs(shards, 'express'),
      deliveries.waiting(),
    ])
    const backlog = { observations: forHistory.entries, events }
    return { ...lag, backlog, history: forHistory, queued: { probe, express, deliver } }
  }

  function historyBacklog() {
    return readHistoryBacklog(requests, config.historyBacklogOctets)
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
    optOut,
    probing,
    enrichment,
    history,
    historyBacklog,
    requests,
    domains,
    scans,
    endpoints,
    deliveryLog,
    deliveries,
    shards,
    metrics,
  }
}
