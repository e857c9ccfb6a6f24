// A webhook endpoint and the log of what was sent to it.
import type { EventType, FluxEvent } from './event.ts'

export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  /** `whsec_…`; shown once at creation, never again. */
  readonly secret: string
  readonly events: readonly EventType[]
  /** Set: only events of this scan (and its domains) go here. Null: everything of the instance. */
  readonly scan: string | null
  readonly createdAt: number
  readonly disabledAt: number | null
  /** `gone` after a 410, `failing` after the whole retry schedule failed; null while enabled. */
  readonly disabledReason: string | null
}

export interface DeliveryAttempt {
  readonly at: number
  /** HTTP status, or null when no answer came. */
  readonly status: number | null
  /** Why it counts as failed; null on success. */
  readonly error: string | null
  readonly durationMs: number
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed'

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly id: string
  readonly endpoint: string
  readonly event: FluxEvent
  readonly state: DeliveryState
  readonly createdAt: number
  readonly attempts: readonly DeliveryAttempt[]
}
