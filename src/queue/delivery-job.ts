// The job that carries a webhook delivery through BullMQ: its queue, name, payload and id. The event itself stays in the
// delivery log; a job only says which delivery is owed.

/** Keys begin with `QUEUE_PREFIX.deliver` of the store, then this name. */
export const DELIVER_QUEUE = 'deliver'
export const DELIVERY_JOB = 'webhook'
/** BullMQ asks the worker's own strategy for the wait before a retry. */
export const DELIVERY_BACKOFF = { type: 'schedule' } as const

export interface DeliveryJob {
  readonly delivery: string
  readonly endpoint: string
  /** When it was queued; ms of the house's clock. */
  readonly queuedAt: number
  /** A person asked for it (test, redelivery): the first attempt is made even if the endpoint is disabled. */
  readonly byHand: boolean
}

/**
 * The delivery's id, which is also its `webhook-id`. The same event to the same endpoint always has the same. Throws on an event
 * id that a job id (no colon) or a signed text (no dot) cannot hold: ids are made by us.
 */
export function deliveryId(event: string, endpoint: string): string {
  const id = `${event}-${endpoint}`
  if (!/^[A-Za-z0-9_-]{3,128}$/.test(id)) throw new Error(`not fit for a delivery id: ${id}`)
  return id
}

/** One job id per sending: a redelivery is a job of its own. Never all digits, because endpoint ids are not. */
export function deliveryJobId(owed: { id: string; reopened: number }): string {
  return owed.reopened === 0 ? owed.id : `${owed.id}-r${owed.reopened}`
}
