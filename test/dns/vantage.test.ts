import type { OptAnswer } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import type { Reply } from '../../src/core/dns/reply.ts'
import { openVantages, type OpenVantagesOptions } from '../../src/dns/open-vantages.ts'
import type { Vantage } from '../../src/dns/vantage.ts'
import type { PlainVantageConfig } from '../../src/dns/vantage-config.ts'
import { HandTime } from './hand-time.ts'
import {
  LoopbackServer,
  addressRecord,
  always,
  responseTo,
  silent,
  type Behaviour,
} from './loopback-server.ts'

const WWW = { name: 'www.example', type: 'A' } as const
/** Packets of a question that nobody answers. */
const ATTEMPTS = 3
const ANSWER = { answers: [addressRecord('192.0.2.1')] }

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function look(
  behaviour: Behaviour,
  config: Partial<PlainVantageConfig> = {},
  options: OpenVantagesOptions = {},
): Promise<{ server: LoopbackServer; vantage: Vantage }> {
  const server = await LoopbackServer.start(behaviour)
  const entry: PlainVantageConfig = {
    id: 'here',
    protocol: 'udp',
    server: server.text,
    qps: 1000,
    jitterMs: 0,
    ...config,
  }
  const [vantage] = openVantages([entry], options)
  if (!vantage) throw new Error('no vantage')
  open.push(vantage, server)
  return { server, vantage }
}

/** The one reply of a resolver. */
async function askOne(vantage: Vantage, signal?: AbortSignal): Promise<Reply> {
  const [reply, ...others] = await vantage.ask(WWW, signal)
  if (reply === undefined || others.length > 0) throw new Error('expected one reply')
  return reply
}

describe('a vantage that answers', () => {
  test('counts what it was asked and what came', async () => {
    const { server, vantage } = await look(always(ANSWER))
    expect(await askOne(vantage)).toMatchObject({ outcome: 'answer' })
    server.behaviour = (asked) => {
      asked.send(Uint8Array.of(1, 2, 3))
      asked.send(responseTo(asked, { rcode: 2 }))
    }
    expect(await askOne(vantage)).toMatchObject({ failure: 'servfail' })
    expect(vantage.status()).toEqual({
      id: 'here',
      protocol: 'udp',
      server: server.text,
      up: true,
      asked: 2,
      answered: 2,
      timeouts: 0,
      throttled: 0,
      optedOut: 0,
      unsentWhileDown: 0,
      late: 0,
      mismatched: 1,
      truncated: 0,
      retried: 0,
      inFlight: 0,
      clientSubnet: 'none',
      lastError: null,
    })
  })

  test('sends the client subnet of its configuration', async () => {
    const { server, vantage } = await look(always(ANSWER), { ecs: '2001:db8:1200::/40' })
    await vantage.ask(WWW)
    const option = { code: 8, family: 2, sourcePrefixLength: 40, ip: '2001:db8:1200::' }
    const [opt] = server.asked[0]?.packet.additionals ?? []
    expect(opt).toMatchObject({ type: 'OPT' })
    expect((opt as OptAnswer).options).toContainEqual(expect.objectContaining(option))
    expect(vantage.status().clientSubnet).toBe('unknown')
  })

  test('speaks TCP when configured so', async () => {
    const { vantage } = await look(always(ANSWER), { protocol: 'tcp' })
    expect(await askOne(vantage)).toMatchObject({ outcome: 'answer', transport: 'tcp' })
    expect(vantage.status()).toMatchObject({ protocol: 'tcp', answered: 1 })
  })

  test('waits 4/3 and twice its time-out in the second and third attempt', async () => {
    const { vantage } = await look(silent, { timeoutMs: 60 })
    const reply = await askOne(vantage)
    expect(reply).toMatchObject({ failure: 'timeout', attempts: 3 })
    // 60 + 80 + 120 ms; timers may fire up to a millisecond early each.
    expect(reply.rttMs).toBeGreaterThan(256)
    expect(vantage.status()).toMatchObject({ asked: 1, answered: 0, timeouts: 1 })
  })
})

describe('its rate', () => {
  test('questions beyond the waiting line are throttled and never sent', async () => {
    const { server, vantage } = await look(always(ANSWER), { qps: 4 }, { maxWaitMs: 375 })
    const replies = await Promise.all([askOne(vantage), askOne(vantage), askOne(vantage)])
    expect(replies.map((reply) => reply.failure ?? reply.outcome)).toEqual(['answer', 'answer', 'throttled'])
    expect(replies[2]).toMatchObject({ outcome: 'failed', rcode: 'TIMEOUT', attempts: 0, rttMs: 0 })
    expect(server.asked).toHaveLength(2)
    expect(vantage.status()).toMatchObject({ asked: 2, answered: 2, throttled: 1 })
  })

  test('the packets of retries are charged to it', async () => {
    const { vantage } = await look(silent, { qps: 0.1, timeoutMs: 10 }, { maxWaitMs: 15_000 })
    expect(await askOne(vantage)).toMatchObject({ failure: 'timeout', attempts: 3 })
    // Without the two retries its turn would come within 10 s, and it would wait for that.
    expect(await askOne(vantage)).toMatchObject({ failure: 'throttled' })
  })
})

describe('a vantage that brings nothing at all', () => {
  const THREE_SILENCES = { downAfterMs: 100, downAfterQuestions: 3 }
  const ONE_SILENCE = { downAfterMs: 0, downAfterQuestions: 1 }
  const atOnce = { failure: 'vantage_down', attempts: 0, rttMs: 0 } as const

  async function downNow(time: HandTime): ReturnType<typeof look> {
    const there = await look(silent, { timeoutMs: 15 }, { downPolicy: ONE_SILENCE, time })
    await askOne(there.vantage)
    return there
  }

  test('is down after the silence of the policy, is probed a second later, and one reply brings it back', async () => {
    const time = new HandTime()
    const { server, vantage } = await look(silent, { timeoutMs: 15 }, { downPolicy: THREE_SILENCES, time })
    const failures = []
    for (let round = 0; round < 3; round++) {
      failures.push((await askOne(vantage)).failure)
      time.skip(60)
    }
    // By that time the third silence ends 120 ms after the first question was asked.
    expect(failures).toEqual(['timeout', 'timeout', 'vantage_down'])
    expect(await askOne(vantage)).toMatchObject(atOnce)
    const sent = { asked: 3, answered: 0, timeouts: 3 }
    expect(vantage.status()).toMatchObject({ up: false, unsentWhileDown: 1, ...sent })

    time.skip(939)
    expect(await askOne(vantage)).toMatchObject(atOnce)
    time.skip(1)
    server.behaviour = always({ rcode: 2 })
    expect(await askOne(vantage)).toMatchObject({ failure: 'servfail' })
    expect(vantage.status()).toMatchObject({ up: true, asked: 4, answered: 1, unsentWhileDown: 2 })
    server.behaviour = silent
    expect(await askOne(vantage)).toMatchObject({ failure: 'timeout' })
  })

  test('is probed by one question at a time, and the others are answered without a packet', async () => {
    const time = new HandTime()
    const { server, vantage } = await downNow(time)
    time.skip(1000)
    const probe = askOne(vantage)
    await server.heard(ATTEMPTS + 1)
    // However long it takes.
    time.skip(60_000)
    expect(await Promise.all([askOne(vantage), askOne(vantage)])).toMatchObject([atOnce, atOnce])
    expect(await probe).toMatchObject({ failure: 'vantage_down', attempts: ATTEMPTS })
    expect(await askOne(vantage)).toMatchObject(atOnce)
    expect(server.asked).toHaveLength(2 * ATTEMPTS)
    expect(vantage.status()).toMatchObject({ up: false, asked: 2, timeouts: 2, unsentWhileDown: 3 })
  })

  test('is probed by the next question when nobody waits for its probe any more', async () => {
    const time = new HandTime()
    const { server, vantage } = await downNow(time)
    time.skip(1000)
    const controller = new AbortController()
    const probe = askOne(vantage, controller.signal)
    controller.abort(new Error('round over'))
    await expect(probe).rejects.toThrow('round over')
    server.behaviour = always(ANSWER)
    expect(await askOne(vantage)).toMatchObject({ outcome: 'answer' })
  })

  test('answers those who waited for their turn when it went down', async () => {
    const time = new HandTime()
    const { server, vantage } = await look(
      silent,
      { timeoutMs: 15, qps: 5 },
      { downPolicy: ONE_SILENCE, time },
    )
    const asked = askOne(vantage)
    const waiting = askOne(vantage)
    expect(await asked).toMatchObject({ failure: 'vantage_down', attempts: ATTEMPTS })
    // Its turn comes 0.6 s later: the two retries have been charged.
    await time.run(700, 100)
    expect(await waiting).toMatchObject(atOnce)
    expect(server.asked).toHaveLength(ATTEMPTS)
  })

  test('has no spare turns', async () => {
    const time = new HandTime()
    const { vantage } = await downNow(time)
    time.skip(60_000)
    expect(vantage.askSpare(WWW)).toBeNull()
    expect(vantage.status()).toMatchObject({ asked: 1, unsentWhileDown: 0 })
  })

  test('a refused port takes it down too', async () => {
    const downPolicy = { downAfterMs: 0, downAfterQuestions: 2 }
    const gone = await LoopbackServer.start(silent)
    await gone.close()
    const { vantage } = await look(silent, { server: gone.text }, { downPolicy })
    expect((await askOne(vantage)).failure).toBe('network')
    expect((await askOne(vantage)).failure).toBe('vantage_down')
  })
})

test('an aborted question leaves the line of the rate limit', async () => {
  const { server, vantage } = await look(always(ANSWER), { qps: 1 })
  await vantage.ask(WWW)
  const controller = new AbortController()
  const waiting = askOne(vantage, controller.signal)
  const reason = new Error('round over')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(server.asked).toHaveLength(1)
})

test('closing ends what is asked and what waits for its turn, and sends nothing more', async () => {
  const { server, vantage } = await look(silent, { qps: 0.001, timeoutMs: 60_000 }, { maxWaitMs: 2_000_000 })
  const asked = askOne(vantage)
  await server.heard(1)
  const waiting = askOne(vantage)
  await vantage.close()
  expect(await asked).toMatchObject({ failure: 'network', attempts: 1 })
  expect(await waiting).toMatchObject({ failure: 'network', attempts: 0 })
  expect(server.asked).toHaveLength(1)
})
