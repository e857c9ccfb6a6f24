import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unpackNews, type FlaggedNews } from '../../src/core/networks/packed-member.ts'
import { FlaggedNames } from '../../src/store/flagged-names.ts'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { HOUR_MS, LiveHouse, T } from './live-house.ts'

const NAME = 'www.bad.example'
const STREAM = keys.flagged(partitionOf(NAME))

let house: LiveHouse
let names: FlaggedNames
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  names = new FlaggedNames(house.redis)
})

function flagged(addresses: readonly string[], standsAlone = true, last = T) {
  return { domain: NAME, standsAlone, agents: addresses.map((address) => ({ address, last })) }
}

async function told(): Promise<FlaggedNews[]> {
  const entries = await house.redis.xrangeBuffer(STREAM, '-', '+')
  return entries.map(([, fields]) => unpackNews(fields[1]!))
}

describe('A flagged name', () => {
  test('is told with its agents, and with how many strangers were seen at each', async () => {
    await names.noteStranger('shop.example', ['20.0.0.1'], T)
    await names.noteStranger('blog.example', ['20.0.0.1', '2001:db8::1'], T)
    await names.noteStranger('blog.example', ['20.0.0.1'], T)
    expect(await names.tell(flagged(['20.0.0.1', '20.0.0.2', '2001:db8::1']), T)).toBe(true)
    expect(await told()).toEqual([
      {
        kind: 'flagged',
        name: {
          domain: NAME,
          standsAlone: true,
          at: T,
          agents: [
            { address: '20.0.0.1', last: T, strangers: 2 },
            { address: '20.0.0.2', last: T, strangers: 0 },
            { address: '2001:db8::1', last: T, strangers: 1 },
          ],
        },
      },
    ])
  })

  test('is told again only with an agent that was not told, or after an hour', async () => {
    await names.tell(flagged(['20.0.0.1', '20.0.0.2']), T)
    expect(await names.tell(flagged(['20.0.0.2', '20.0.0.1']), T + 60_000)).toBe(false)
    expect(await names.tell(flagged(['20.0.0.2']), T + HOUR_MS - 1)).toBe(false)
    expect(await names.tell(flagged(['20.0.0.2', '20.0.0.3']), T + HOUR_MS - 1)).toBe(true)
    // One that comes back within the hour is no news.
    expect(await names.tell(flagged(['20.0.0.1']), T + HOUR_MS)).toBe(false)
    expect(await names.tell(flagged(['20.0.0.1']), T + 2 * HOUR_MS)).toBe(true)
    expect(await told()).toHaveLength(3)
  })

  test('is told again when its verdict comes to stand alone, and when it was cleared meanwhile', async () => {
    await names.tell(flagged(['20.0.0.1'], false), T)
    expect(await names.tell(flagged(['20.0.0.1'], true), T)).toBe(true)
    await names.clear(NAME, T + 1)
    expect(await names.tell(flagged(['20.0.0.1'], true), T + 2)).toBe(true)
    expect((await told()).map((news) => news.kind)).toEqual(['flagged', 'flagged', 'cleared', 'flagged'])
    expect((await told())[2]).toEqual({ kind: 'cleared', domain: NAME, at: T + 1 })
  })

  test('knows of new strangers within ten minutes', async () => {
    await names.tell(flagged(['20.0.0.1']), T)
    await new FlaggedNames(house.redis).noteStranger('shop.example', ['20.0.0.1'], T)
    await names.tell(flagged(['20.0.0.1', '20.0.0.2']), T + 599_999)
    await names.tell(flagged(['20.0.0.1', '20.0.0.3']), T + 600_000)
    const strangers = (await told()).map((news) =>
      news.kind === 'flagged' ? news.name.agents[0]!.strangers : -1,
    )
    expect(strangers).toEqual([0, 0, 1])
  })
})

test('A stranger is remembered for a month from the first on, and written once an hour', async () => {
  const key = keys.strangers('20.0.0.1')
  await names.noteStranger('shop.example', ['20.0.0.1'], T)
  expect(await house.redis.pttl(key)).toBeGreaterThan(RETENTION_MS - 60_000)
  await house.redis.pexpire(key, 5_000)
  await names.noteStranger('blog.example', ['20.0.0.1'], T)
  expect(await house.redis.pttl(key)).toBeLessThanOrEqual(5_000)
  await house.redis.del(key)
  await names.noteStranger('shop.example', ['20.0.0.1'], T + HOUR_MS - 1)
  expect(await house.redis.exists(key)).toBe(0)
  await names.noteStranger('shop.example', ['20.0.0.1'], T + HOUR_MS)
  expect(await house.redis.pfcount(key)).toBe(1)
})

test('What nobody reads is bounded: the oldest goes', async () => {
  const pipeline = house.redis.pipeline()
  for (let index = 0; index < 12_000; index += 1) pipeline.xadd(STREAM, '*', 'name', 'x')
  await pipeline.exec()
  await names.tell(flagged(['20.0.0.1']), T)
  expect(await house.redis.xlen(STREAM)).toBeLessThan(10_200)
  const [, fields] = (await house.redis.xrevrangeBuffer(STREAM, '+', '-', 'COUNT', 1))[0]!
  expect(unpackNews(fields[1]!)).toMatchObject({ kind: 'flagged' })
})
