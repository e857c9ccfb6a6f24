// Webhook endpoints in Redis: who is told about what, and who no longer is. What was sent to them is in delivery-log.ts;
// URLs and secrets are checked before they come here. Secrets are kept as they are, because signing needs them.
import type { FluxEvent } from '../core/model/event.ts'
import type { Page } from '../core/model/watch.ts'
import type { WebhookEndpoint } from '../core/model/webhook.ts'
import { keys } from './keys.ts'
import { newestFirst } from './newest-first.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import {
  ADD_ENDPOINT,
  DISABLE_ENDPOINT,
  NOTE_DELIVERED,
  REMOVE_ENDPOINT,
} from './scripts/webhook-endpoints.ts'

/** `gone`: it answered 410 · `failing`: a whole retry schedule failed and nothing got through meanwhile. */
export type DisabledReason = 'gone' | 'failing'

/** What is written once; the rest of an endpoint are fields that change. */
type FixedPart = Omit<WebhookEndpoint, 'disabledAt' | 'disabledReason'>

export class WebhookStore {
  readonly #redis: LiveRedis

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  async add(endpoint: FixedPart): Promise<WebhookEndpoint> {
    const { id, url, secret, events, scan, createdAt } = endpoint
    const fixed: FixedPart = { id, url, secret, events, scan, createdAt }
    await runScript(
      this.#redis,
      ADD_ENDPOINT,
      [keys.endpoint(id), keys.endpoints(), membersKey(scan)],
      [id, JSON.stringify(fixed), createdAt],
    )
    return { ...fixed, disabledAt: null, disabledReason: null }
  }

  async get(id: string): Promise<WebhookEndpoint | null> {
    return readEndpoint(await this.#redis.hgetall(keys.endpoint(id)))
  }

  /** Newest first. A cursor that was not made here throws FLUX_INVALID. */
  async list(query: { cursor: string | null; limit: number }): Promise<Page<WebhookEndpoint>> {
    const { members, next } = await newestFirst(this.#redis, keys.endpoints(), query)
    const found = await Promise.all(members.map((id) => this.get(id)))
    // An endpoint of a scan that was let go long ago is gone; its place in the list goes now.
    const gone = members.filter((_, index) => found[index] === null)
    if (gone.length > 0) await this.#redis.zrem(keys.endpoints(), ...gone)
    return { items: found.filter((endpoint) => endpoint !== null), next }
  }

  /** Takes the endpoint away, not its deliveries. False when there is no such endpoint. */
  async remove(id: string): Promise<boolean> {
    const endpoint = await this.get(id)
    if (endpoint === null) return false
    const places = [keys.endpoint(id), keys.endpoints(), membersKey(endpoint.scan)]
    return (await runScript(this.#redis, REMOVE_ENDPOINT, places, [id])) === 1
  }

  /**
   * Ids of the enabled endpoints that subscribed to the event's type: those for everything, and those of the given
   * scans. Sorted, without duplicates.
   */
  async endpointsFor(event: FluxEvent, scans: readonly string[]): Promise<readonly string[]> {
    return this.#subscribed(event, [keys.globalEndpoints(), ...scans.map((scan) => keys.scanEndpoints(scan))])
  }

  /** The endpoints of a scan that is over go with it, after what may still be delivered. */
  async expireOfScan(scan: string): Promise<void> {
    const ids = await this.#redis.smembers(keys.scanEndpoints(scan))
    const leaving = [keys.scanEndpoints(scan), ...ids.map((id) => keys.endpoint(id))]
    await Promise.all(leaving.map((key) => this.#redis.pexpire(key, RETENTION_MS)))
  }

  /** The same among the endpoints of one scan alone. */
  async endpointsOfScan(event: FluxEvent, scan: string): Promise<readonly string[]> {
    return this.#subscribed(event, [keys.scanEndpoints(scan)])
  }

  async #subscribed(event: FluxEvent, sets: readonly string[]): Promise<readonly string[]> {
    const ids = await this.#redis.sunion(...sets)
    const found = await Promise.all(ids.map((id) => this.get(id)))
    return found
      .filter((endpoint) => endpoint !== null)
      .filter((endpoint) => endpoint.disabledAt === null && endpoint.events.includes(event.type))
      .map((endpoint) => endpoint.id)
      .toSorted()
  }

  /**
   * Nothing is sent to it any more. With `unlessDeliveredSince` (ms), only if no delivery succeeded from then on.
   * Answers whether this call disabled it.
   */
  async disable(
    id: string,
    reason: DisabledReason,
    now: number,
    unlessDeliveredSince: number | null = null,
  ): Promise<boolean> {
    const values = [now, reason, unlessDeliveredSince ?? '']
    return (await runScript(this.#redis, DISABLE_ENDPOINT, [keys.endpoint(id)], values)) === 1
  }

  /** A delivery succeeded: remembered for `disable`, and it enables a disabled endpoint (a test or redelivery got through). */
  async noteDelivered(id: string, now: number): Promise<void> {
    await runScript(this.#redis, NOTE_DELIVERED, [keys.endpoint(id)], [now])
  }
}

function membersKey(scan: string | null): string {
  return scan === null ? keys.globalEndpoints() : keys.scanEndpoints(scan)
}

function readEndpoint(fields: Record<string, string>): WebhookEndpoint | null {
  if (fields['endpoint'] === undefined) return null
  const fixed = JSON.parse(fields['endpoint']) as FixedPart
  const disabledAt = fields['disabledAt'] === undefined ? null : Number(fields['disabledAt'])
  return { ...fixed, disabledAt, disabledReason: fields['disabledReason'] ?? null }
}
