// Networks of flagged names as JSON, NDJSON and CSV, and the network of a name beside its verdict.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { NetworkMember, NetworkSummary } from '../../src/core/model/network.ts'
import { START_MS } from '../support/in-memory-ports.ts'
import { ask, assertLine } from './contract.ts'
import { assessmentOf, observationOf, OPTIONS, openHouse, type House } from './house.ts'

function networkOf(id: string, change: Partial<NetworkSummary> = {}): NetworkSummary {
  return {
    id,
    formedAt: START_MS,
    changedAt: START_MS + 60_000,
    version: 2,
    endedAt: null,
    mergedInto: null,
    splitFrom: null,
    domains: 2,
    agents: 3,
    agentsEver: 4,
    growth: [{ day: Date.UTC(2026, 10, 22), newAgents: 4, newDomains: 2 }],
    ...change,
  }
}

function memberOf(domain: string, addresses: readonly string[], index = 0): NetworkMember {
  const agents = addresses.map((address) => ({ address, last: START_MS + index, strangers: 0 }))
  return { domain, joinedAt: START_MS + index, standsAlone: index !== 2, agents }
}

const MEMBERS = [
  memberOf('a.bad.example', ['20.0.0.1', '20.0.0.2'], 0),
  memberOf('b.evil.example', ['20.0.0.2', '20.0.0.3'], 1),
  memberOf('c.worse.example', ['20.0.0.2'], 2),
]

async function houseWithNetworks(): Promise<House> {
  const house = await openHouse()
  house.house.networks.set(
    networkOf('net_old', { endedAt: START_MS + 1000, mergedInto: 'net_big', domains: 0, agents: 0 }),
    [],
  )
  house.house.networks.set(networkOf('net_big', { domains: 3, splitFrom: 'net_gone' }), MEMBERS)
  house.house.networks.set(networkOf('net_new'), [])
  for (const [address, asn, country] of [
    ['20.0.0.1', 64500, 'BR'],
    ['20.0.0.2', 64501, 'UA'],
    ['20.0.0.3', 64501, 'UA'],
  ] as const)
    house.house.places.set(address, { address, asn, organisation: `AS ${asn}`, country })
  return house
}

const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id)

describe('GET /v1/networks', () => {
  it('pages, the latest to form first', async () => {
    await using house = await houseWithNetworks()
    const first = (await ask(house.app, { url: '/v1/networks?limit=2' })).json()
    assert.deepEqual(idsOf(first.items), ['net_new', 'net_big'])
    const second = (await ask(house.app, { url: first.links.next })).json()
    assert.deepEqual(second.items, [
      {
        id: 'net_old',
        domains: 0,
        agents: 0,
        agents_ever: 4,
        version: 2,
        formed_at: '2026-11-22T12:00:00.000Z',
        changed_at: '2026-11-22T12:01:00.000Z',
        ended_at: '2026-11-22T12:00:01.000Z',
        merged_into: 'net_big',
        split_from: null,
        links: { network: '/v1/networks/net_old', merged_into: '/v1/networks/net_big' },
      },
    ])
    assert.equal(second.next, null)
  })

  it.each([
    ['true', ['net_new', 'net_big']],
    ['false', ['net_old']],
  ])('shows with active=%s those that live or those that have ended', async (active, ids) => {
    await using house = await houseWithNetworks()
    assert.deepEqual(
      idsOf((await ask(house.app, { url: `/v1/networks?active=${active}` })).json().items),
      ids,
    )
  })

  it('streams all as NDJSON with an end line, and as CSV', async () => {
    await using house = await houseWithNetworks()
    const url = '/v1/networks?limit=1'
    const lines = (await ask(house.app, { url, headers: { accept: 'application/x-ndjson' } })).body
      .trimEnd()
      .split('\n')
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    assert.equal(lines.length, 3)
    for (const line of lines) assertLine(house.app, 'Network', line)
    const rows = (await ask(house.app, { url, headers: { accept: 'text/csv' } })).body.trimEnd().split('\r\n')
    assert.deepEqual(rows, [
      'id,domains,agents,agents_ever,version,formed_at,changed_at,ended_at,merged_into,split_from',
      'net_new,2,3,4,2,2026-11-22T12:00:00.000Z,2026-11-22T12:01:00.000Z,,,',
      'net_big,3,3,4,2,2026-11-22T12:00:00.000Z,2026-11-22T12:01:00.000Z,,,net_gone',
      'net_old,0,0,4,2,2026-11-22T12:00:00.000Z,2026-11-22T12:01:00.000Z,2026-11-22T12:00:01.000Z,net_big,',
    ])
  })

  it.each([
    ['active=yes', '/query/active'],
    ['cursor=made-up', '/query/cursor'],
    ['limit=0', '/query/limit'],
    ['since=1', '/query/since'],
  ])('refuses ?%s by name', async (query, pointer) => {
    await using house = await houseWithNetworks()
    const response = await ask(house.app, { url: `/v1/networks?${query}` })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, pointer)
  })
})

describe('GET /v1/networks/{id}', () => {
  it('shows the machines, where they are, what members have in common, and a page of members', async () => {
    await using house = await houseWithNetworks()
    const answer = (await ask(house.app, { url: '/v1/networks/net_big?limit=2' })).json()
    assert.equal(answer.id, 'net_big')
    assert.deepEqual(answer.growth, [{ day: '2026-11-22', new_agents: 4, new_domains: 2 }])
    assert.equal(answer.looked_at, 3)
    assert.deepEqual(answer.pool[0], {
      address: '20.0.0.2',
      domains: 2,
      last_seen: '2026-11-22T12:00:00.001Z',
      asn: 64501,
      organisation: 'AS 64501',
      country: 'UA',
    })
    assert.deepEqual(answer.asns, [
      { asn: 64501, agents: 2 },
      { asn: 64500, agents: 1 },
    ])
    assert.deepEqual(answer.countries, [
      { country: 'UA', agents: 2 },
      { country: 'BR', agents: 1 },
    ])
    assert.deepEqual(answer.overlap.domains, ['a.bad.example', 'b.evil.example', 'c.worse.example'])
    assert.deepEqual(answer.overlap.shares[0], [1, 0.5, 1])
    assert.deepEqual(answer.items[0], {
      domain: 'a.bad.example',
      joined_at: '2026-11-22T12:00:00.000Z',
      stands_alone: true,
      agents: ['20.0.0.1', '20.0.0.2'],
      links: { verdict: '/v1/domains/a.bad.example/verdict' },
    })
    assert.equal(answer.links.split_from, '/v1/networks/net_gone')
    const rest = (await ask(house.app, { url: answer.links.next })).json()
    assert.deepEqual(
      rest.items.map((member: { domain: string; stands_alone: boolean }) => [
        member.domain,
        member.stands_alone,
      ]),
      [['c.worse.example', false]],
    )
    assert.equal(rest.looked_at, 3)
  })

  it('streams the members as NDJSON and CSV', async () => {
    await using house = await houseWithNetworks()
    const url = '/v1/networks/net_big'
    const lines = (await ask(house.app, { url, headers: { accept: 'application/x-ndjson' } })).body
      .trimEnd()
      .split('\n')
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    for (const line of lines) assertLine(house.app, 'NetworkMember', line)
    const rows = (await ask(house.app, { url, headers: { accept: 'text/csv' } })).body.trimEnd().split('\r\n')
    assert.deepEqual(rows.slice(0, 2), [
      'domain,joined_at,stands_alone,agents',
      'a.bad.example,2026-11-22T12:00:00.000Z,true,20.0.0.1 20.0.0.2',
    ])
    assert.equal(rows.length, 4)
  })

  it('answers a network that was taken in with where it went, and an unknown one with 404', async () => {
    await using house = await houseWithNetworks()
    const old = (await ask(house.app, { url: '/v1/networks/net_old' })).json()
    assert.equal(old.merged_into, 'net_big')
    assert.deepEqual(old.items, [])
    const unknown = await ask(house.app, { url: '/v1/networks/net_none' })
    assert.equal(unknown.statusCode, 404)
    assert.equal(unknown.json().code, 'FLUX_NETWORK_NOT_FOUND')
  })

  it('looks at the members anew when the network has changed', async () => {
    await using house = await houseWithNetworks()
    assert.equal((await ask(house.app, { url: '/v1/networks/net_new' })).json().looked_at, 0)
    const [before] = [...house.house.networks.keys()].slice(-1)
    house.house.networks.delete(before!)
    house.house.networks.set({ ...before!, version: 3 }, MEMBERS)
    assert.equal((await ask(house.app, { url: '/v1/networks/net_new' })).json().looked_at, 3)
  })
})

describe('GET /v1/domains/{domain}/verdict', () => {
  it('names the network of a name that is in one', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    house.house.assess(assessmentOf('bad.example'))
    const url = '/v1/domains/bad.example/verdict'
    assert.equal((await ask(house.app, { url })).json().network, null)
    Object.assign(house.house.domains.get('bad.example')!, {
      network: { id: 'net_big', domains: 7, agents: 212 },
    })
    const verdict = (await ask(house.app, { url })).json()
    assert.deepEqual(verdict.network, { id: 'net_big', domains: 7, agents: 212 })
    assert.equal(verdict.links.network, '/v1/networks/net_big')
  })
})

describe('GET /v1/networks/{id}/new-addresses', () => {
  it('counts per hour what no member had before', async () => {
    await using house = await houseWithNetworks()
    const seen = (domain: string, minutes: number, octet: number) =>
      observationOf(domain, octet, { at: START_MS + minutes * 60_000 })
    house.house.observations.push(
      seen('a.bad.example', 0, 1),
      seen('b.evil.example', 90, 1),
      seen('b.evil.example', 100, 2),
      seen('stranger.example', 100, 3),
    )
    const url = '/v1/networks/net_big/new-addresses'
    const page = (await ask(house.app, { url })).json()
    // The third is merely listed.
    assert.equal(page.looked_at, 2)
    assert.deepEqual(page.items, [
      { hour: '2026-11-22T12:00:00.000Z', addresses: 1 },
      { hour: '2026-11-22T13:00:00.000Z', addresses: 1 },
    ])
    const csv = await ask(house.app, {
      url: `${url}?from=2026-11-22T13:00:00Z`,
      headers: { accept: 'text/csv' },
    })
    assert.equal(csv.body, 'hour,addresses\r\n2026-11-22T13:00:00.000Z,1\r\n')
    assert.deepEqual((await ask(house.app, { url: '/v1/networks/net_old/new-addresses' })).json().items, [])
    assert.equal((await ask(house.app, { url: '/v1/networks/net_none/new-addresses' })).statusCode, 404)
  })
})
