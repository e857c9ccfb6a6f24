// The keeper of the networks on a real Redis: one at a time, each change kept and told once, whatever dies in between.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NetworkEntry } from '../../src/core/model/outbox.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { KeeperTerm } from '../../src/queue/networks/keeper-term.ts'
import { NetworkKeeper } from '../../src/queue/networks/network-keeper.ts'
import { FLAGGED_FIELD, FlaggedNames } from '../../src/store/flagged-names.ts'
import { KeptNetworks, SupersededError } from '../../src/store/kept-networks.ts'
import { keys, PARTITIONS, partitionOf } from '../../src/store/keys.ts'
import { LiveNetworks } from '../../src/store/live-networks.ts'
import { backlogOf, OutboxReader } from '../../src/store/outbox-reader.ts'
import { LiveHouse, T } from '../store/live-house.ts'

const MINUTE_MS = 60_000
const STREAMS = PARTITIONS.map(keys.flagged)
const POOL = Array.from({ length: 10 }, (_, index) => `20.${index}.0.1`)
const OTHER_POOL = Array.from({ length: 10 }, (_, index) => `30.${index}.0.1`)

let house: LiveHouse
let networks: LiveNetworks
let running: NetworkKeeper[]
const errors: unknown[] = []
beforeAll(async () => {
  house = await LiveHouse.open()
  // Every term has a reader that listens on the one connection.
  house.redis.setMaxListeners(64)
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  networks = new LiveNetworks(house.redis)
  running = []
  errors.length = 0
})
afterEach(async () => {
  await Promise.all(running.map((keeper) => keeper.stop(1_000)))
})

/** A process that may be the keeper. */
function startKeeper(name: string, lockMs = 3_000): NetworkKeeper {
  const keeper = new NetworkKeeper({
    store: new KeptNetworks(house.redis, name, lockMs),
    reader: () =>
      new OutboxReader(house.redis, {
        group: 'networks',
        consumer: 'keeper',
        streams: STREAMS,
        field: FLAGGED_FIELD,
      }),
    policy: DEFAULT_POLICY,
    clock: house.clock,
    sweepMs: MINUTE_MS,
    onError: (error) => errors.push(error),
  })
  running.push(keeper)
  keeper.start()
  return keeper
}

/** As a worker does that remembers nothing. */
async function tell(domain: string, pool: readonly string[], at = house.clock.now()): Promise<void> {
  const agents = pool.map((address) => ({ address, last: at }))
  await new FlaggedNames(house.redis).tell({ domain, standsAlone: true, agents }, at)
}

const BOTNET = ['a.bad.example', 'worse.example', 'www.evil.example']

async function tellBotnet(): Promise<void> {
  for (const [index, domain] of BOTNET.entries()) await tell(domain, POOL.slice(index, index + 8))
}

async function events(): Promise<NetworkEntry[]> {
  const found = await Promise.all(
    PARTITIONS.map((partition) => house.redis.xrange(keys.events(partition), '-', '+')),
  )
  return found.flat().map(([, fields]) => JSON.parse(fields[1]!) as NetworkEntry)
}

const told = async (): Promise<(string | number)[][]> =>
  (await events()).map(({ news }) => [news.change, news.version, ...news.names])

async function untilRead(): Promise<void> {
  await expect.poll(() => backlogOf(house.redis, STREAMS), { interval: 10 }).toBe(0)
}

async function only(): Promise<string> {
  const { items } = await networks.list({ active: true, cursor: null, limit: 10 })
  expect(items).toHaveLength(1)
  return items[0]!.id
}

describe('Flagged names that share machines', () => {
  test('are one network, told once, with everything that is asked of it', async () => {
    startKeeper('one')
    await tellBotnet()
    await tell('lonely.example', OTHER_POOL)
    await untilRead()
    const id = await only()
    expect(await networks.networkOf('a.bad.example')).toEqual({ id, domains: 3, agents: 10 })
    expect(await networks.networkOf('lonely.example')).toBeNull()
    expect(await networks.networkOf('never.example')).toBeNull()
    const members = await networks.members(id, { cursor: null, limit: 10 })
    expect(members.items.map(({ domain }) => domain)).toEqual(BOTNET)
    expect(members.items[1]).toMatchObject({ joinedAt: T, standsAlone: true })
    expect(members.items[1]!.agents).toHaveLength(8)
    const found = await networks.networksOf(['bad.example', 'evil.example', 'lonely.example'], T)
    expect(Object.fromEntries(found)).toEqual({
      'bad.example': [{ id, domains: 3 }],
      'evil.example': [{ id, domains: 3 }],
    })
    const last = (await events()).at(-1)!
    expect(last.news).toMatchObject({ id, domains: 3, agents: 10, links: { network: `/v1/networks/${id}` } })
    expect(await networks.count()).toBe(1)
  })

  test('are told again and again, and nothing more comes of it', async () => {
    startKeeper('one')
    await tellBotnet()
    await untilRead()
    const before = await told()
    await tellBotnet()
    await untilRead()
    expect(await told()).toEqual(before)
  })

  test('are joined by others: one event for all that came together', async () => {
    const first = startKeeper('one')
    await tellBotnet()
    await untilRead()
    const id = await only()
    await first.stop(1_000)
    const before = (await events()).length
    house.clock.advance(MINUTE_MS)
    for (const name of ['x.example', 'y.example', 'z.example']) await tell(name, POOL)
    startKeeper('two')
    await untilRead()
    const after = (await events()).slice(before)
    expect(after.map(({ news }) => news)).toMatchObject([
      { id, change: 'joined', count: 3, names: ['x.example', 'y.example', 'z.example'], domains: 6 },
    ])
  })

  test('leave when they are cleared; what is left of two is none', async () => {
    startKeeper('one')
    await tellBotnet()
    await untilRead()
    const id = await only()
    const flagged = new FlaggedNames(house.redis)
    house.clock.advance(MINUTE_MS)
    await flagged.clear('worse.example', house.clock.now())
    await untilRead()
    expect(await networks.networkOf('worse.example')).toBeNull()
    expect(await networks.networkOf('a.bad.example')).toMatchObject({ id, domains: 2 })
    expect((await told()).at(-1)).toEqual(expect.arrayContaining(['left', 'worse.example']))
    await flagged.clear('a.bad.example', house.clock.now())
    await untilRead()
    expect(await networks.networkOf('www.evil.example')).toBeNull()
    expect(await networks.get(id)).toMatchObject({ endedAt: house.clock.now(), domains: 0 })
    expect((await networks.list({ active: false, cursor: null, limit: 10 })).items).toHaveLength(1)
    expect(await networks.networksOf(['evil.example'], house.clock.now())).toEqual(new Map())
    expect(await house.redis.pttl(keys.network(id))).toBeGreaterThan(0)
    expect(await house.redis.exists(keys.networkPlaces(id))).toBe(0)
    expect((await events()).at(-1)!.news.change).toBe('ended')
  })

  test('are found though something that nobody can read is among them', async () => {
    startKeeper('one')
    await house.redis.xadd(STREAMS[0]!, '*', FLAGGED_FIELD, 'nonsense')
    await tellBotnet()
    await untilRead()
    await only()
    expect(errors.map(String)).toEqual([expect.stringContaining('Expected a flagged name')])
  })
})

describe('The keeper', () => {
  test('is one process; when it leaves another one goes on with the same networks', async () => {
    const one = startKeeper('one')
    await expect.poll(() => one.isKeeping).toBe(true)
    const two = startKeeper('two', 300)
    await tellBotnet()
    await untilRead()
    const id = await only()
    const before = (await events()).length
    expect(two.isKeeping).toBe(false)
    await one.stop(1_000)
    await expect.poll(() => two.isKeeping).toBe(true)
    await tell('more.example', POOL)
    await untilRead()
    expect(await only()).toBe(id)
    expect((await events()).slice(before).map(({ news }) => [news.change, news.id])).toEqual([['joined', id]])
  })

  test('that dies is followed when its lock has run out', async () => {
    const dead = new KeptNetworks(house.redis, 'dead', 200)
    const generation = (await dead.take())!
    expect(await new KeptNetworks(house.redis, 'other').take()).toBeNull()
    expect(await dead.renew(generation)).toBe(true)
    const two = startKeeper('two', 300)
    await expect.poll(() => two.isKeeping).toBe(true)
    expect(await dead.renew(generation)).toBe(false)
  })

  test('that was superseded stops, and takes its place again only when it is free', async () => {
    const one = startKeeper('one', 300)
    await expect.poll(() => one.isKeeping).toBe(true)
    await house.redis.del(keys.keeper())
    const other = new KeptNetworks(house.redis, 'other', 600_000)
    expect(await other.take()).not.toBeNull()
    await expect.poll(() => one.isKeeping).toBe(false)
    await other.release()
    await expect.poll(() => one.isKeeping).toBe(true)
  })

  test('that was superseded writes nothing any more, in no slot', async () => {
    const store = new KeptNetworks(house.redis, 'old')
    const old = (await store.take())!
    await house.redis.del(keys.keeper())
    const next = (await new KeptNetworks(house.redis, 'new').take())!
    expect(next).toBeGreaterThan(old)
    const before = await house.everything()
    const at = T
    const name = { domain: 'a.bad.example', agents: [], standsAlone: true, at }
    const empty = {
      told: [],
      members: [],
      gone: [],
      networks: [],
      standing: [],
      zones: [],
      placed: [],
      left: [],
    }
    const member = { name, network: 'net_1', joinedAt: at }
    for (const plan of [
      { ...empty, members: [member] },
      { ...empty, zones: [['bad.example', ['net_1']] as const] },
      { ...empty, standing: [['net_1', 1] as const] },
      { ...empty, placed: [{ network: 'net_1', domain: 'a.bad.example', joinedAt: at }] },
    ]) {
      await expect(store.keep(plan, old)).rejects.toThrow(SupersededError)
    }
    await expect(store.log(empty, old)).rejects.toThrow(SupersededError)
    expect(await store.renew(old)).toBe(false)
    expect(await house.everything()).toEqual(before)
  })
})

describe('A keeper that dies in the middle', () => {
  /** Everything works until the `steps`-th call, from which on nothing does: the process is gone. */
  class DyingStore extends KeptNetworks {
    steps = 0

    async #step(): Promise<void> {
      if (this.steps-- <= 0) throw new Error('killed')
    }

    override async log(...parts: Parameters<KeptNetworks['log']>): Promise<void> {
      await this.#step()
      await super.log(...parts)
    }

    override async tell(...parts: Parameters<KeptNetworks['tell']>): Promise<void> {
      await this.#step()
      await super.tell(...parts)
    }

    override async keep(...parts: Parameters<KeptNetworks['keep']>): Promise<void> {
      await this.#step()
      await super.keep(...parts)
    }

    override async forgetLog(...parts: Parameters<KeptNetworks['forgetLog']>): Promise<void> {
      await this.#step()
      await super.forgetLog(...parts)
    }
  }

  async function payloads(): Promise<Buffer[]> {
    const found = await Promise.all(STREAMS.map((stream) => house.redis.xrangeBuffer(stream, '-', '+')))
    return found.flat().map(([, fields]) => fields[1]!)
  }

  const parts = { policy: DEFAULT_POLICY, onError: (error: unknown) => void errors.push(error) }

  test.each([0, 1, 2, 3])('after %i steps leaves the same as one that does not', async (steps) => {
    await tellBotnet()
    const all = await payloads()
    const dying = new DyingStore(house.redis, 'dying')
    const first = await KeeperTerm.begin({ ...parts, store: dying }, (await dying.take())!)
    dying.steps = steps
    await expect(first.handle(all, T)).rejects.toThrow('killed')
    await house.redis.del(keys.keeper())

    const next = new KeptNetworks(house.redis, 'next')
    const second = await KeeperTerm.begin({ ...parts, store: next }, (await next.take())!)
    // Other names have come since: what was told with the first version must not be told otherwise.
    await tell('later.example', POOL)
    await second.handle(await payloads(), T)

    const id = await only()
    expect(await networks.networkOf('a.bad.example')).toMatchObject({ id, domains: 4 })
    expect((await networks.members(id, { cursor: null, limit: 10 })).items).toHaveLength(4)
    const byId = Map.groupBy(await events(), (entry) => entry.id)
    for (const same of byId.values()) expect(new Set(same.map((entry) => JSON.stringify(entry))).size).toBe(1)
    const versions = [...byId.values()].map(([entry]) => entry!.news.version)
    expect(versions.toSorted()).toEqual(versions.map((_, index) => index + 1))
    expect(await house.redis.exists(keys.networkLog())).toBe(0)
  })

  test('and whose Redis comes back keeps what it could not keep then', async () => {
    await tellBotnet()
    const all = await payloads()
    const store = new DyingStore(house.redis, 'one')
    const term = await KeeperTerm.begin({ ...parts, store }, (await store.take())!)
    store.steps = 2
    await expect(term.handle(all, T)).rejects.toThrow('killed')
    store.steps = Infinity
    await term.handle(all, T)
    expect((await networks.members(await only(), { cursor: null, limit: 10 })).items).toHaveLength(3)
    expect(partitionOf(BOTNET[0]!)).not.toBe(partitionOf(BOTNET[1]!))
  })
})
