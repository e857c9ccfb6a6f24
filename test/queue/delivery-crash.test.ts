import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'
import { DeliveryHouse, fluxEvent } from './delivery-house.ts'

let redis: TestRedis
let house: DeliveryHouse
let receiver: WebhookReceiver
const processes: ChildProcess[] = []

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis?.stop())
beforeEach(async () => {
  house = await DeliveryHouse.open(redis.path, { lockMs: 500 })
})
afterEach(async () => {
  for (const process of processes.splice(0)) process.kill('SIGKILL')
  await receiver.stop()
  await house.close()
})

function startWorkerProcess(): ChildProcess {
  const script = fileURLToPath(new URL('delivery-worker-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, redis.path], { stdio: ['ignore', 'ignore', 'inherit'] })
  processes.push(child)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('a delivery worker that is killed', () => {
  test('between sending and recording: another one delivers again, with the same webhook-id', async () => {
    receiver = await WebhookReceiver.start((number) => (number === 1 ? 'hold' : { status: 200 }))
    await house.addEndpoint(receiver.url)
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const child = startWorkerProcess()
    await receiver.received(1)
    await kill(child)
    expect(await house.log.get('e1-wh_a')).toMatchObject({ state: 'waiting', attempts: [] })
    house.startWorker()
    const delivery = await house.until('e1-wh_a', ({ state }) => state === 'delivered')
    expect(delivery.attempts.length).toBe(1)
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['e1-wh_a', 'e1-wh_a'])
    expect(receiver.requests[1]!.body.equals(receiver.requests[0]!.body)).toBe(true)
  })

  test('again and again: the delivery is not given up', async () => {
    receiver = await WebhookReceiver.start((number) => (number <= 3 ? 'hold' : { status: 200 }))
    await house.addEndpoint(receiver.url)
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    for (const number of [1, 2, 3]) {
      const child = startWorkerProcess()
      await receiver.received(number)
      await kill(child)
    }
    house.startWorker()
    expect(await house.until('e1-wh_a', ({ state }) => state !== 'waiting')).toMatchObject({
      state: 'delivered',
      attempts: { length: 1 },
    })
    expect(receiver.requests.length).toBe(4)
  })

  test('after recording, before the job ended: the next one sends nothing', async () => {
    receiver = await WebhookReceiver.start(() => 'hold')
    await house.addEndpoint(receiver.url)
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const child = startWorkerProcess()
    await receiver.received(1)
    await kill(child)
    // What the killed one would have written last.
    const attempt = { at: 1, status: 200, error: null, durationMs: 1 }
    await house.log.record({ id: 'e1-wh_a', endpoint: 'wh_a' }, attempt, 'delivered')
    const ended = house.jobEnds('e1-wh_a')
    house.startWorker()
    expect(await ended).toBe('completed: nothing to do')
    expect(receiver.requests.length).toBe(1)
  })
})
