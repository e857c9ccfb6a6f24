// Webhook endpoints and the log of what was sent to them.
import { Type } from '@fastify/type-provider-typebox'
import { ALL_EVENT_TYPES } from '../../core/model/event.ts'
import { instant, Links, nullable, oneOf } from './described.ts'

const webhookProperties = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(oneOf(ALL_EVENT_TYPES, 'An event type.')),
  scan: nullable(Type.String(), 'Only events of this scan are sent; null: all of this service.'),
  created_at: instant('When it was made.'),
  disabled_at: nullable(instant('A time.'), 'When sending stopped; null while it is enabled.'),
  disabled_reason: nullable(
    Type.String(),
    '`gone`: it answered 410 · `failing`: the whole retry schedule failed · null while it is enabled.',
  ),
  links: Links,
}

export const WebhookSchema = Type.Object(webhookProperties, {
  $id: 'Webhook',
  description: 'Where events are sent. The secret is shown at creation only.',
})

export const WebhookCreated = Type.Object(
  {
    ...webhookProperties,
    secret: Type.String({ description: 'Signs the events. Shown here and never again.' }),
  },
  { $id: 'WebhookCreated', description: 'A new webhook with its secret.' },
)

export const WebhookPage = Type.Object(
  {
    items: Type.Array(Type.Ref('Webhook')),
    next: nullable(Type.String(), 'The cursor of the next page.'),
    links: Links,
  },
  { $id: 'WebhookPage', description: 'A page of webhooks.' },
)

const EventSchema = Type.Object(
  {
    id: Type.String({ description: 'The same for every endpoint and every attempt.' }),
    type: oneOf(ALL_EVENT_TYPES, 'What happened.'),
    timestamp: instant('When it happened.'),
    data: Type.Unsafe<object>({
      type: 'object',
      additionalProperties: true,
      description: 'Depends on the type.',
    }),
  },
  { description: 'What was sent.' },
)

export const DeliverySchema = Type.Object(
  {
    id: Type.String(),
    webhook: Type.String({ description: 'The id of the webhook.' }),
    state: oneOf(
      ['waiting', 'delivered', 'failed'] as const,
      '`waiting`: not sent yet, or to be tried again.',
    ),
    created_at: instant('When it was queued.'),
    event: EventSchema,
    attempts: Type.Array(
      Type.Object({
        at: instant('When it was tried.'),
        status: nullable(Type.Integer(), 'The HTTP status; null when no answer came.'),
        error: nullable(Type.String(), 'Why it counts as failed; null on success.'),
        duration_ms: Type.Number({ description: 'Milliseconds.' }),
      }),
      { description: 'Oldest first.' },
    ),
    links: Links,
  },
  { $id: 'Delivery', description: 'One event on its way to one webhook.' },
)

export const DeliveryPage = Type.Object(
  {
    items: Type.Array(Type.Ref('Delivery')),
    next: nullable(Type.String(), 'The cursor of the next page.'),
    links: Links,
  },
  { $id: 'DeliveryPage', description: 'A page of deliveries, newest first.' },
)
