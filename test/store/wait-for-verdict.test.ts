import { getEventListeners, once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Redis } from 'ioredis'
import { keys } from '../../src/store/keys.ts'
import { VerdictSignal } from '../../src/store/verdict-signal.ts'
import { commitOf, host, LiveHouse, zone } from './live-house.ts'
import { newZoneSeries } from '../../src/core/series/zone-series.ts'
import { T } from './live-house.ts'

const NAME = 'www.bad.example'
const LONG_MS = 60_000
const never = (): AbortSignal => new AbortController().signal

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

/** Resolves when the waiter listens: from then on no commit can be missed. */
async function listening(name: string): Promise<void> {
  const probe = Promise.withResolvers<void>()
  // The waiter subscribed before this does, on the same connection.
  const stop = await house.signal.listen(name, () => probe.resolve())
  await house.redis.publish(keys.verdictChannel(), name)
  await probe.promise
  stop()
}

describe('Waiting for a verdict', () => {
  test('ends at the commit that brings one', async () => {
    await house.scan([NAME])
    const waiting = house.domains.waitForVerdict(NAME, LONG_MS, never())
    await listening(NAME)
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    expect(await waiting).toMatchObject({ domain: NAME, verdict: 'flux' })
  })

  test('goes on over rounds that bring none', async () => {
    await house.scan([NAME])
    const waiting = house.domains.waitForVerdict(NAME, LONG_MS, never())
    await listening(NAME)
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'pending' }))
    await listening(NAME)
    await house.targets.commit(commitOf(host(NAME), 1, { verdict: 'no_flux_seen' }))
    expect(await waiting).toMatchObject({ verdict: 'no_flux_seen' })
  })

  test('looks again when a lost subscription is back, for what was told meanwhile', async () => {
    await house.scan([NAME])
    const waiting = house.domains.waitForVerdict(NAME, LONG_MS, never())
    await listening(NAME)
    const lost = once(house.subscriber, 'close')
    house.subscriber.disconnect()
    await lost
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await house.subscriber.connect()
    expect(await waiting).toMatchObject({ domain: NAME, verdict: 'flux' })
  })

  test('answers at once where there is a verdict, or nobody watches, or nobody knows the name', async () => {
    await house.scan([NAME, 'stopped.example'])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'suspicious' }))
    await house.domains.stop('stopped.example')
    expect(await house.domains.waitForVerdict(NAME, LONG_MS, never())).toMatchObject({
      verdict: 'suspicious',
    })
    expect(await house.domains.waitForVerdict('stopped.example', LONG_MS, never())).toMatchObject({
      verdict: 'pending',
      watching: false,
    })
    expect(await house.domains.waitForVerdict('never.example', LONG_MS, never())).toBeNull()
  })

  test('ends when the domain is stopped', async () => {
    await house.scan([NAME])
    const waiting = house.domains.waitForVerdict(NAME, LONG_MS, never())
    await listening(NAME)
    await house.domains.stop(NAME)
    expect(await waiting).toMatchObject({ verdict: 'pending', watching: false })
  })

  test('ends with what there is when the time is up', async () => {
    await house.scan([NAME])
    expect(await house.domains.waitForVerdict(NAME, 20, never())).toMatchObject({ verdict: 'pending' })
  })

  test('ends at abort, before or while it waits', async () => {
    await house.scan([NAME])
    expect(await house.domains.waitForVerdict(NAME, LONG_MS, AbortSignal.abort())).toMatchObject({
      verdict: 'pending',
    })
    const request = new AbortController()
    const waiting = house.domains.waitForVerdict(NAME, LONG_MS, request.signal)
    await listening(NAME)
    request.abort()
    expect(await waiting).toMatchObject({ verdict: 'pending' })
  })

  test('wakes all that wait for the same domain', async () => {
    await house.scan([NAME])
    const waiting = [1, 2, 3].map(() => house.domains.waitForVerdict(NAME, LONG_MS, never()))
    await listening(NAME)
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    expect((await Promise.all(waiting)).map((one) => one?.verdict)).toEqual(['flux', 'flux', 'flux'])
  })

  test('leaves no listener on the request behind', async () => {
    await house.scan([NAME])
    const request = new AbortController()
    await house.domains.waitForVerdict(NAME, 5, request.signal)
    expect(getEventListeners(request.signal, 'abort')).toEqual([])
  })
})

describe('The signal', () => {
  test('calls nobody who has stopped listening', async () => {
    const calls: string[] = []
    const stop = await house.signal.listen(NAME, () => calls.push('stopped'))
    const heard = Promise.withResolvers<void>()
    const stopOther = await house.signal.listen(NAME, () => heard.resolve())
    stop()
    stop()
    await house.redis.publish(keys.verdictChannel(), NAME)
    await heard.promise
    stopOther()
    expect(calls).toEqual([])
  })

  test('keeps one subscription, however many listen', async () => {
    const stops = await Promise.all(
      ['a.example', 'b.example', 'a.example'].map((name) => house.signal.listen(name, () => {})),
    )
    const [, subscribers] = (await house.redis.pubsub('NUMSUB', keys.verdictChannel())) as [string, number]
    expect(subscribers).toBe(1)
    for (const stop of stops) stop()
  })

  test('subscribes anew after a failed attempt', async () => {
    const redis = new Redis({
      path: house.server.path,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    })
    redis.on('error', () => {})
    try {
      const signal = new VerdictSignal(redis)
      await expect(signal.listen(NAME, () => {})).rejects.toThrow()
      if (redis.status !== 'ready') {
        const ready = once(redis, 'ready')
        if (redis.status === 'wait' || redis.status === 'end') void redis.connect()
        await ready
      }
      const heard = Promise.withResolvers<void>()
      await signal.listen(NAME, () => heard.resolve())
      await house.redis.publish(keys.verdictChannel(), NAME)
      await heard.promise
    } finally {
      redis.disconnect()
    }
  })
})

describe('The targets of a domain', () => {
  test('are its host, its zone and the hosts of the name servers that the zone has now', async () => {
    await house.scan([NAME])
    const zoneId = zone('bad.example')
    expect(await house.domains.targetsOf(NAME)).toEqual([host(NAME), zoneId])
    await house.targets.addReference(zoneId, host(NAME), T)
    const seen = ['ns1.dns.example', 'ns2.dns.example'].map((key) => ({ key, first: T, last: T, count: 1 }))
    const series = newZoneSeries('bad.example')
    await house.targets.commit({
      ...commitOf(zoneId, 0),
      series: { ...series, lastAnswerAt: T, nameServers: { ...series.nameServers, entries: seen } },
    })
    expect(await house.domains.targetsOf(NAME)).toEqual([
      host(NAME),
      zoneId,
      host('ns1.dns.example'),
      host('ns2.dns.example'),
    ])
  })
})
