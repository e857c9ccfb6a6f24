import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NetworkSummary } from '../../src/core/model/network.ts'
import type { NetworkPlan } from '../../src/core/networks/network-plan.ts'
import { KeptNetworks } from '../../src/store/kept-networks.ts'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { LiveNetworks } from '../../src/store/live-networks.ts'
import { LiveHouse, T } from './live-house.ts'

const EMPTY: NetworkPlan = {
  told: [],
  members: [],
  gone: [],
  networks: [],
  standing: [],
  zones: [],
  placed: [],
  left: [],
}

let house: LiveHouse
let networks: LiveNetworks
let kept: KeptNetworks
let generation: number
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  networks = new LiveNetworks(house.redis)
  kept = new KeptNetworks(house.redis, 'keeper')
  generation = (await kept.take())!
})

function summaryOf(id: string, formedAt: number, change: Partial<NetworkSummary> = {}): NetworkSummary {
  return {
    id,
    formedAt,
    changedAt: formedAt,
    version: 1,
    endedAt: null,
    mergedInto: null,
    splitFrom: null,
    domains: 2,
    agents: 5,
    agentsEver: 5,
    growth: [],
    ...change,
  }
}

async function keep(plan: Partial<NetworkPlan>): Promise<void> {
  await kept.keep({ ...EMPTY, ...plan }, generation)
}

/** In the network since `joinedAt`; with no agents. */
function joined(domain: string, network: string, joinedAt: number): Partial<NetworkPlan> {
  const name = { domain, agents: [], standsAlone: true, at: joinedAt }
  return { members: [{ name, network, joinedAt }], placed: [{ network, domain, joinedAt }] }
}

async function pageIds(cursor: string | null, limit: number, active: boolean | null = null) {
  const { items, next } = await networks.list({ active, cursor, limit })
  return { ids: items.map(({ id }) => id), next }
}

describe('The list of networks', () => {
  test('stays in order while networks come, change and end between its pages', async () => {
    await keep({ networks: ['a', 'b', 'c', 'd'].map((id, index) => summaryOf(id, T + (index >> 1))) })
    const first = await pageIds(null, 2)
    expect(first.ids).toEqual(['d', 'c'])
    await keep({ networks: [summaryOf('e', T + 9), summaryOf('d', T + 1, { version: 7, endedAt: T + 9 })] })
    const second = await pageIds(first.next, 2)
    expect(second).toEqual({ ids: ['b', 'a'], next: null })
    expect((await pageIds(null, 9, true)).ids).toEqual(['e', 'c', 'b', 'a'])
    expect((await pageIds(null, 9, false)).ids).toEqual(['d'])
    expect(await networks.count()).toBe(4)
  })

  test('forgets what ended long ago', async () => {
    await keep({ networks: [summaryOf('old', T, { endedAt: T + 1 }), summaryOf('new', T + 2)] })
    await house.redis.pexpire(keys.network('old'), 1)
    await expect.poll(async () => (await pageIds(null, 9)).ids, { interval: 5 }).toEqual(['new'])
    expect(await house.redis.zcard(keys.networks())).toBe(1)
    expect(await house.redis.zcard(keys.endedNetworks())).toBe(0)
  })

  test.each(['made-up', Buffer.from('p1:1:x').toString('base64url'), 'cDE6'])(
    'refuses the cursor %s',
    async (cursor) => {
      await expect(networks.list({ active: null, cursor, limit: 2 })).rejects.toMatchObject({
        code: 'FLUX_INVALID',
        errors: [{ pointer: '/cursor' }],
      })
    },
  )
})

describe('The members of a network', () => {
  test('are paged in the order in which they joined, whoever comes or goes meanwhile', async () => {
    for (const [index, domain] of ['z.example', 'a.example', 'm.example', 'b.example'].entries())
      await keep(joined(domain, 'net_1', T + (index >> 1)))
    const first = await networks.members('net_1', { cursor: null, limit: 2 })
    expect(first.items.map(({ domain }) => domain)).toEqual(['a.example', 'z.example'])
    await keep({
      left: [{ network: 'net_1', domain: 'a.example', joinedAt: T }],
      gone: ['a.example'],
      ...joined('later.example', 'net_1', T + 5),
    })
    const second = await networks.members('net_1', { cursor: first.next, limit: 9 })
    expect(second.items.map(({ domain }) => domain)).toEqual(['b.example', 'm.example', 'later.example'])
    expect(second.next).toBeNull()
    expect(await networks.members('net_none', { cursor: null, limit: 9 })).toEqual({ items: [], next: null })
  })

  test('are loaded again as they were, by whoever keeps them next', async () => {
    await keep({ networks: [summaryOf('net_1', T)], ...joined('a.example', 'net_1', T) })
    await keep(joined('b.example', 'net_1', T + 1))
    const { members, networks: found } = await kept.load()
    expect(found).toEqual([summaryOf('net_1', T)])
    expect(members.toSorted((a, b) => (a.name.domain < b.name.domain ? -1 : 1))).toMatchObject([
      { name: { domain: 'a.example' }, network: 'net_1', joinedAt: T },
      { name: { domain: 'b.example' }, network: 'net_1', joinedAt: T + 1 },
    ])
    await keep({ gone: ['a.example', 'b.example'] })
    expect((await kept.load()).members).toEqual([])
    expect(await house.redis.exists(keys.networkMembers(partitionOf('a.example')))).toBe(0)
  })
})

test('The networks of neighbours are as much as a minute old', async () => {
  const zones = [['bad.example', ['net_1', 'net_2']] as const]
  await keep({ zones, standing: [['net_1', 3] as const, ['net_2', 0] as const] })
  const known = { 'bad.example': [{ id: 'net_1', domains: 3 }] }
  const ask = async (now: number) =>
    Object.fromEntries(await networks.networksOf(['bad.example', 'other.example'], now))
  expect(await ask(T)).toEqual(known)
  await keep({ zones: [['bad.example', []]], standing: [['net_1', 0]] })
  expect(await ask(T + 59_999)).toEqual(known)
  expect(await ask(T + 60_000)).toEqual({})
})
