// The webhook endpoints as the API sees them: puts the URL guard, the store, the log and the queue together. All of these come
// in as ports; nothing here knows of Redis or HTTP.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { FluxError } from '../core/errors.ts'
import type { EventType } from '../core/model/event.ts'
import type { Page } from '../core/model/watch.ts'
import type { Delivery, WebhookEndpoint } from '../core/model/webhook.ts'
import type { Cidr } from '../core/net/cidr.ts'
import { makeSecret, secretKey } from './secret.ts'
import { parseWebhookUrl } from './webhook-url.ts'

type PageQuery = { cursor: string | null; limit: number }

/** Where endpoints are kept. */
export interface EndpointStore {
  add(endpoint: Omit<WebhookEndpoint, 'disabledAt' | 'disabledReason'>): Promise<WebhookEndpoint>
  get(id: string): Promise<WebhookEndpoint | null>
  list(query: PageQuery): Promise<Page<WebhookEndpoint>>
  remove(id: string): Promise<boolean>
}

/** Where the deliveries of an endpoint can be read. */
export interface DeliveryHistory {
  list(endpoint: string, query: PageQuery): Promise<Page<Delivery>>
}

/** What the queue does on request. */
export interface DeliveryRequests {
  test(endpoint: string): Promise<Delivery | null>
  redeliver(endpoint: string, delivery: string): Promise<Delivery | null>
  dropAll(endpoint: string): Promise<void>
}

/** Implements the API's port `Webhooks`. */
export class WebhookEndpoints {
  readonly #store: EndpointStore
  readonly #history: DeliveryHistory
  readonly #queue: DeliveryRequests
  readonly #allow: readonly Cidr[]
  readonly #clock: Clock

  constructor(parts: {
    store: EndpointStore
    history: DeliveryHistory
    queue: DeliveryRequests
    allow: readonly Cidr[]
    clock: Clock
  }) {
    this.#store = parts.store
    this.#history = parts.history
    this.#queue = parts.queue
    this.#allow = parts.allow
    this.#clock = parts.clock
  }

  /** Without a secret one is made. Throws FLUX_WEBHOOK_URL_REFUSED; FLUX_INVALID for a bad secret or no event type. */
  async create(wanted: {
    url: string
    secret: string | null
    events: readonly EventType[]
    scan: string | null
  }): Promise<WebhookEndpoint> {
    const url = parseWebhookUrl(wanted.url, this.#allow)
    if (wanted.secret !== null) secretKey(wanted.secret)
    if (wanted.events.length === 0) {
      const detail = 'expected at least one event type'
      throw new FluxError('FLUX_INVALID', `The webhook would never be called: ${detail}`, [
        { pointer: '/events', code: 'no_events', detail },
      ])
    }
    return this.#store.add({
      id: `wh_${randomBytes(12).toString('hex')}`,
      url: url.href,
      secret: wanted.secret ?? makeSecret(),
      events: [...new Set(wanted.events)],
      scan: wanted.scan,
      createdAt: this.#clock.now(),
    })
  }

  list(query: PageQuery): Promise<Page<WebhookEndpoint>> {
    return this.#store.list(query)
  }

  get(id: string): Promise<WebhookEndpoint | null> {
    return this.#store.get(id)
  }

  /** The endpoint goes first, so that nothing new is owed to it while its deliveries are dropped. Idempotent. */
  async remove(id: string): Promise<boolean> {
    const removed = await this.#store.remove(id)
    await this.#queue.dropAll(id)
    return removed
  }

  test(id: string): Promise<Delivery | null> {
    return this.#queue.test(id)
  }

  async deliveries(id: string, query: PageQuery): Promise<Page<Delivery> | null> {
    return (await this.#store.get(id)) === null ? null : this.#history.list(id, query)
  }

  redeliver(id: string, delivery: string): Promise<Delivery | null> {
    return this.#queue.redeliver(id, delivery)
  }
}
