// What an answering process runs: the API over the stores, with the checks behind /readyz.
import { buildApp } from '../api/app.ts'
import { checkHealth } from '../api/health-checks.ts'
import { urlOf } from '../config.ts'
import { WebhookEndpoints } from '../notify/webhook-endpoints.ts'
import { RedisIdempotencyKeys } from '../store/idempotency-keys.ts'
import { evictionPolicy } from '../store/redis.ts'
import type { Teardown } from '../teardown.ts'
import type { House } from './house.ts'
import type { ServiceOptions } from './service-options.ts'
import { policyOf } from './settings.ts'

/** How long requests under way may go on when the service drains. */
const OPEN_REQUESTS_MS = 5_000

/** Answers the URL that it listens on. */
export async function startApi(options: ServiceOptions, house: House, teardown: Teardown): Promise<string> {
  const { config, clock, logger, version, workers } = options
  const {
    scans,
    domains,
    networks,
    history,
    endpoints,
    deliveryLog,
    deliveries,
    requests,
    optOut,
    probing,
    enrichment,
  } = house
  const app = await buildApp({
    ports: {
      scans,
      domains,
      history,
      records: history,
      clock,
      networks,
      addresses: enrichment,
      optOut,
      webhooks: new WebhookEndpoints({
        store: endpoints,
        history: deliveryLog,
        queue: deliveries,
        allow: config.webhookAllow,
        clock,
      }),
      idempotency: new RedisIdempotencyKeys(requests),
      health: {
        async check() {
          const report = await workers?.report()
          const parts = {
            ping: () => requests.ping(),
            evictionPolicy: () => evictionPolicy(requests),
            history,
            backlog: () => house.historyBacklog(),
            probing: probing?.figures() ?? report?.figures ?? null,
            ...(report && { workers: report }),
            enrichment: enrichment.describe(Date.now()),
          }
          return checkHealth(parts, clock.now())
        },
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
