// What both roles stand on: connections, live state, history, enrichment, vantages, metrics. Opens them in order, and
// leaves the order of taking down to the teardown.
import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { NO_OPT_OUT } from '../dns/opt-out-list.ts'
import { Metrics } from '../metrics.ts'
import { DeliverQueue } from '../queue/deliver-queue.ts'
import { PROBE_QUEUE, type ProbeJob } from '../queue/job-catalogue.ts'
import { DeliveryLog } from '../store/delivery-log.ts'
import { openSqliteHistory } from '../store/history/sqlite/sqlite-history.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from '../store/keys.ts'
import { LiveDomains } from '../store/live-domains.ts'
import { LiveScans } from '../store/live-scans.ts'
import { LiveTargets } from '../store/live-targets.ts'
import { backlogOf } from '../store/outbox-reader.ts'
import { connectForRequests, connectForWork, ready, type RedisAddress } from '../store/redis.ts'
import { VerdictSignal } from '../store/verdict-signal.ts'
import { WebhookStore } from '../store/webhook-store.ts'
import type { Teardown } from '../teardown.ts'
import type { ServiceOptions } from './service-options.ts'
import { openProbing } from './probing.ts'
import { loadEnrichment, loadOptOut } from './settings.ts'

/** A database that `geo update` replaced is picked up within this time. */
const GEO_RELOAD_MS = 60_000
/** A name that was added to the opt-out list is left alone within this time. */
const OPT_OUT_RELOAD_MS = 10_000

export type House = Awaited<ReturnType<typeof openHouse>>

/** Opens everything; what is open when something fails is in the teardown already. */
export async function openHouse(
  { config, clock, logger, redis: address, roles, history: given }: ServiceOptions,
  teardown: Teardown,
) {
  // First of all: whatever fails on the way is counted.
  const metrics = new Metrics(readFigures, () => probing?.figures() ?? null)
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

  const optOutList = await loadOptOut(config)
  if (optOutList) every(OPT_OUT_RELOAD_MS, 'opt-out list', () => optOutList.reload())
  const optOut = optOutList ?? NO_OPT_OUT
  const enrichment = await loadEnrichment(config)
  every(GEO_RELOAD_MS, 'enrichment', () => enrichment.reload())
  const probing = roles.worker ? await openProbing({ config, clock, optOut, databases: enrichment }) : null
  if (probing) teardown.push('vantages', () => probing.close())
  const history = given ?? (await openSqliteHistory(join(config.dataDirectory, 'history.sqlite')))
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
    return { ...lag, backlog: { observations, events }, queued: { probe, deliver } }
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
