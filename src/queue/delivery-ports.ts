// What the delivery worker needs from the rest of the house, in its own words. notify/ and store/ implement these; wiring.ts plugs
// them in.
import type { FluxEvent } from '../core/model/event.ts'
import type { Delivery, DeliveryAttempt, DeliveryState, WebhookEndpoint } from '../core/model/webhook.ts'
import type { SendResult } from './delivery-conclusion.ts'

export interface WebhookSender {
  /** One attempt; failures are data. Throws when the signal is aborted. */
  send(attempt: {
    endpoint: WebhookEndpoint
    messageId: string
    event: FluxEvent
    now: number
    signal?: AbortSignal | undefined
  }): Promise<SendResult>
}

/** Where deliveries and attempts are recorded. */
export interface AttemptLog {
  get(id: string): Promise<Delivery | null>
  /** Appends the attempt (null: none was made) and sets the state, atomically. */
  record(
    delivery: { id: string; endpoint: string },
    attempt: DeliveryAttempt | null,
    state: DeliveryState,
  ): Promise<void>
}

export interface EndpointStates {
  get(id: string): Promise<WebhookEndpoint | null>
  noteDelivered(id: string, now: number): Promise<void>
  /** With `unlessDeliveredSince`, only if nothing was delivered from then on. */
  disable(
    id: string,
    reason: 'gone' | 'failing',
    now: number,
    unlessDeliveredSince?: number | null,
  ): Promise<boolean>
}
