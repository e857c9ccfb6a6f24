// The log of what was sent to each webhook endpoint, in Redis: one hash a delivery, with its attempts, and two sorted sets
// an endpoint. It is also the guard against sending an event twice: a delivery is created once. Sending is not its business.
import type { Page } from '../core/model/watch.ts'
import type { Delivery, DeliveryAttempt, DeliveryState } from '../core/model/webhook.ts'
import { keys } from './keys.ts'
import { newestFirst } from './newest-first.ts'
import type { LiveRedis } from './redis.ts'
import { runScript } from './script.ts'
import { CREATE_DELIVERY, RECORD_ATTEMPT, REOPEN_DELIVERY } from './scripts/webhook-deliveries.ts'

/** A delivery is forgotten this long after its creation or redelivery; ms. The retry schedule takes 3.2 days of it. */
export const DELIVERY_RETENTION_MS = 30 * 24 * 60 * 60 * 1_000
/** Settled deliveries kept per endpoint. Hand-set: what a person scrolls through. */
export const SETTLED_DELIVERIES_KEPT = 1_000
/** Attempts kept per delivery, the newest: a schedule has 10, the rest is room for redeliveries. Hand-set. */
export const ATTEMPTS_KEPT = 100

/** Rank of the last of 500: deliveries of a removed endpoint go in steps, so that no single one holds Redis up. */
const LAST_OF_BATCH = '499'

/** What is written once; the rest of a delivery are fields that change. */
type FixedPart = Omit<Delivery, 'state' | 'attempts'>

/** A delivery that is still owed, and how often it was reopened: together they name its job. */
export interface OwedDelivery {
  readonly id: string
  readonly reopened: number
}

export class DeliveryLog {
  readonly #redis: LiveRedis
  readonly #settledKept: number

  constructor(redis: LiveRedis, options: { settledKept?: number } = {}) {
    this.#redis = redis
    this.#settledKept = options.settledKept ?? SETTLED_DELIVERIES_KEPT
  }

  /**
   * Answers `created`, or the state of the delivery that already has this id (nothing is changed then), or `no_endpoint`
   * when the endpoint was removed.
   */
  async create(delivery: FixedPart): Promise<'created' | 'no_endpoint' | DeliveryState> {
    const { id, endpoint, event, createdAt } = delivery
    const fixed: FixedPart = { id, endpoint, event, createdAt }
    const places = [keys.delivery(id), keys.endpoint(endpoint), ...logKeys(endpoint)]
    const values = [id, JSON.stringify(fixed), createdAt, DELIVERY_RETENTION_MS]
    return (await runScript(this.#redis, CREATE_DELIVERY, places, values)) as 'created'
  }

  async get(id: string): Promise<Delivery | null> {
    return readDelivery(await this.#redis.hgetall(keys.delivery(id)))
  }

  /** Newest first; empty for an endpoint that does not exist. A cursor that was not made here throws FLUX_INVALID. */
  async list(endpoint: string, query: { cursor: string | null; limit: number }): Promise<Page<Delivery>> {
    const { members, next } = await newestFirst(this.#redis, keys.deliveries(endpoint), query)
    const found = await Promise.all(members.map((id) => this.get(id)))
    return { items: found.filter((delivery) => delivery !== null), next }
  }

  /** Appends the attempt (null: none was made) and sets the state, in one step. Nothing happens to a removed delivery. */
  async record(
    delivery: { id: string; endpoint: string },
    attempt: DeliveryAttempt | null,
    state: DeliveryState,
  ): Promise<void> {
    await runScript(
      this.#redis,
      RECORD_ATTEMPT,
      [keys.delivery(delivery.id), ...logKeys(delivery.endpoint)],
      [
        delivery.id,
        attempt === null ? '' : JSON.stringify(attempt),
        state,
        ATTEMPTS_KEPT,
        this.#settledKept,
        keys.delivery(''),
        DELIVERY_RETENTION_MS,
      ],
    )
  }

  /** Null when nothing is owed: it is settled, or there is no such delivery. */
  async owed(id: string): Promise<OwedDelivery | null> {
    const [state, reopened] = await this.#redis.hmget(keys.delivery(id), 'state', 'reopened')
    return state === 'waiting' ? { id, reopened: Number(reopened ?? 0) } : null
  }

  /** Makes a settled delivery wait again; one that still waits stays as it is. Null when there is none. */
  async reopen(delivery: { id: string; endpoint: string }): Promise<OwedDelivery | null> {
    const places = [keys.delivery(delivery.id), keys.settledDeliveries(delivery.endpoint)]
    const values = [delivery.id, DELIVERY_RETENTION_MS]
    const reopened = await runScript(this.#redis, REOPEN_DELIVERY, places, values)
    return typeof reopened === 'number' ? { id: delivery.id, reopened } : null
  }

  /**
   * Forgets every delivery of an endpoint and answers those that were still owed. In batches, after the endpoint itself is
   * gone: what a crash leaves behind expires, and its jobs find no endpoint.
   */
  async removeAll(endpoint: string): Promise<readonly OwedDelivery[]> {
    const owed: OwedDelivery[] = []
    for (;;) {
      const ids = await this.#redis.zrange(keys.deliveries(endpoint), 0, LAST_OF_BATCH)
      if (ids.length === 0) break
      const found = await Promise.all(ids.map((id) => this.owed(id)))
      owed.push(...found.filter((delivery) => delivery !== null))
      await this.#redis.unlink(...ids.map((id) => keys.delivery(id)))
      await this.#redis.zrem(keys.deliveries(endpoint), ...ids)
    }
    await this.#redis.del(...logKeys(endpoint))
    return owed
  }
}

function logKeys(endpoint: string): [string, string] {
  return [keys.deliveries(endpoint), keys.settledDeliveries(endpoint)]
}

function readDelivery(fields: Record<string, string>): Delivery | null {
  if (fields['delivery'] === undefined) return null
  const fixed = JSON.parse(fields['delivery']) as FixedPart
  const last = Number(fields['attempts'] ?? 0)
  const attempts: DeliveryAttempt[] = []
  for (let number = Math.max(1, last - ATTEMPTS_KEPT + 1); number <= last; number++) {
    const attempt = fields[`attempt:${number}`]
    if (attempt !== undefined) attempts.push(JSON.parse(attempt) as DeliveryAttempt)
  }
  return { ...fixed, state: fields['state'] as DeliveryState, attempts }
}
