// From webhook endpoints and deliveries to the wire. The secret leaves at creation only.
import type { Delivery, WebhookEndpoint } from '../../core/model/webhook.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

export function presentWebhook(endpoint: WebhookEndpoint, links: LinkMaker) {
  const self = links.webhook(endpoint.id)
  return {
    id: endpoint.id,
    url: endpoint.url,
    events: [...endpoint.events],
    scan: endpoint.scan,
    created_at: presentInstant(endpoint.createdAt),
    disabled_at: presentInstantOrNull(endpoint.disabledAt),
    disabled_reason: endpoint.disabledReason,
    links: { self, test: `${self}/test`, deliveries: `${self}/deliveries` },
  }
}

export function presentNewWebhook(endpoint: WebhookEndpoint, links: LinkMaker) {
  return { ...presentWebhook(endpoint, links), secret: endpoint.secret }
}

export function presentDelivery(delivery: Delivery, links: LinkMaker) {
  const webhook = links.webhook(delivery.endpoint)
  return {
    id: delivery.id,
    webhook: delivery.endpoint,
    state: delivery.state,
    created_at: presentInstant(delivery.createdAt),
    event: delivery.event,
    attempts: delivery.attempts.map((attempt) => ({
      at: presentInstant(attempt.at),
      status: attempt.status,
      error: attempt.error,
      duration_ms: attempt.durationMs,
    })),
    links: { webhook, redeliver: `${webhook}/deliveries/${encodeURIComponent(delivery.id)}/redeliver` },
  }
}
