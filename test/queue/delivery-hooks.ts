// The set-up of a test file about deliveries: one Redis a file, one house and its receivers a test, everything closed after it.
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { WebhookReceiver, type Answer, type ReceivedRequest } from '../support/webhook-receiver.ts'
import { DeliveryHouse, type HouseOptions } from './delivery-house.ts'

export interface DeliveryHooks {
  openHouse(options?: HouseOptions): Promise<DeliveryHouse>
  receiver(answer: (number: number, request: ReceivedRequest) => Answer): Promise<WebhookReceiver>
}

/** To be called once at the top of a test file. A test that leaves errors of ours behind fails. */
export function deliveryHooks(): DeliveryHooks {
  let redis: TestRedis
  let house: DeliveryHouse
  const receivers: WebhookReceiver[] = []

  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())
  afterEach(async () => {
    // Receivers first: an answer that is held back must not hold up the worker's drain.
    for (const receiver of receivers.splice(0)) await receiver.stop()
    await house.close()
    expect(house.errors).toEqual([])
  })

  return {
    async openHouse(options) {
      house = await DeliveryHouse.open(redis.path, options)
      return house
    },
    async receiver(answer) {
      const started = await WebhookReceiver.start(answer)
      receivers.push(started)
      return started
    },
  }
}

export const HOUR_MS = 3_600_000

export const settled = ({ state }: { state: string }): boolean => state !== 'waiting'
