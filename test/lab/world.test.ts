import { describe, expect, it } from 'vitest'
import { LAB_REGIONS } from '../../src/lab/regions.ts'
import { createWorld } from '../../src/lab/world.ts'
import type { World } from '../../src/lab/world.ts'
import { HOUR_MS, START } from './watching.ts'

const world = createWorld({ seed: 1, startAt: START })
const here = { at: START, region: 'eu' } as const

/** Everything that a world says at a few times. */
function transcript(of: World): unknown {
  return of.zones.map((zone) =>
    [0, 1, 30].flatMap((hour) =>
      LAB_REGIONS.flatMap((region) =>
        (['A', 'AAAA', 'NS', 'SOA'] as const).map((type) =>
          of.resolve({ name: zone.host, type }, { at: START + hour * HOUR_MS, region }),
        ),
      ),
    ),
  )
}

function delegationOf(zone: string, at: number) {
  return world.delegations(at).find((delegation) => delegation.zone === zone)
}

describe('a world', () => {
  it('is the same for the same seed, whatever was asked before', () => {
    const other = createWorld({ seed: 1, startAt: START })
    for (const zone of other.zones.toReversed()) {
      other.resolve({ name: zone.host, type: 'A' }, { at: START + 99 * HOUR_MS, region: 'us' })
    }
    expect(transcript(other)).toEqual(transcript(world))
  })

  it('is another one for another seed', () => {
    expect(transcript(createWorld({ seed: 2, startAt: START }))).not.toEqual(transcript(world))
  })

  it('names no class in a name', () => {
    for (const zone of world.zones) {
      // The pools are named as such on purpose: a context list knows one of them by its suffix.
      if (zone.class === 'volunteer-pool') continue
      expect(zone.host).not.toMatch(
        /flux|cdn|static|mirror|robin|single|double|slow|migrat|nxdomain|servfail|timeout/,
      )
    }
  })

  it('gives every delegated zone two or more name servers whose names resolve to what is delegated', () => {
    for (const delegation of world.delegations(START)) {
      expect(delegation.nameServers.length, delegation.zone).toBeGreaterThanOrEqual(2)
      for (const server of delegation.nameServers) {
        const reply = world.resolve({ name: server.name, type: 'A' }, here)
        expect(
          reply.answer.map((record) => record.data),
          server.name,
        ).toEqual(server.addresses)
        expect(server.addresses.length).toBeGreaterThan(0)
      }
    }
  })

  it('delegates from the root over TLDs to zones', () => {
    const parents = new Map(
      world.delegations(START).map((delegation) => [delegation.zone, delegation.parent]),
    )
    expect(parents.get('')).toBeNull()
    expect(parents.get('qz')).toBe('')
    expect(parents.get('granite-ledger.qz')).toBe('qz')
    expect(parents.has('paper-kestrel.example')).toBe(false)
  })

  it('delegates a fluxing zone to where its name servers are at that time', () => {
    expect(delegationOf('granite-ledger.qz', START + HOUR_MS)).not.toEqual(
      delegationOf('granite-ledger.qz', START),
    )
  })

  it('tells the SOA and the NS set of every zone at its apex', () => {
    for (const zone of world.zones.filter(({ expect: { verdict } }) => !verdict.includes('unresolvable'))) {
      const soa = world.resolve({ name: zone.apex, type: 'SOA' }, here).answer
      expect(soa).toHaveLength(1)
      expect(soa[0]!.data.split(' ')).toHaveLength(7)
      const ns = world.resolve({ name: zone.apex, type: 'NS' }, here)
      expect(ns.answer.map((record) => record.data)).toEqual(zone.nameServers.map((server) => server.name))
      expect(ns.authority).toEqual([])
      expect(new Set(ns.additional.map((record) => record.name)).size).toBe(zone.nameServers.length)
    }
  })

  it('follows an alias into the zone of a CDN and shows that zone’s name servers', () => {
    const reply = world.resolve({ name: 'www.cobalt-theatre.example', type: 'A' }, here)
    expect(reply.answer.map((record) => record.type)).toEqual(['CNAME', 'A', 'A', 'A', 'A'])
    expect(reply.answer[0]!.data).toBe(reply.answer[1]!.name)
    expect(new Set(reply.authority.map((record) => record.name))).toEqual(new Set(['latticework.qz']))
  })

  it('answers a CNAME question with the alias alone', () => {
    const reply = world.resolve({ name: 'www.cobalt-theatre.example', type: 'CNAME' }, here)
    expect(reply.answer.map((record) => record.type)).toEqual(['CNAME'])
  })

  it('says NXDOMAIN of unknown names with the SOA of the zone, and NODATA of names that only lead to others', () => {
    const unknown = world.resolve({ name: 'nobody.quiet-meadow.example', type: 'A' }, here)
    expect([unknown.rcode, unknown.authority[0]?.name]).toEqual(['NXDOMAIN', 'quiet-meadow.example'])
    const topLevel = world.resolve({ name: 'nothing', type: 'A' }, here)
    expect([topLevel.rcode, topLevel.authority[0]?.name]).toEqual(['NXDOMAIN', ''])
    const between = world.resolve({ name: 'lab.pool.ntp.org', type: 'A' }, here)
    expect([between.rcode, between.answer.length]).toEqual(['NOERROR', 0])
  })

  it('maps every address that it ever shows in the address plan', () => {
    for (const zone of world.zones) {
      for (let hour = 0; hour < 6; hour++) {
        const reply = world.resolve(
          { name: zone.host, type: 'A' },
          { at: START + hour * HOUR_MS, region: 'asia' },
        )
        for (const record of [...reply.answer, ...reply.additional].filter(({ type }) => type === 'A')) {
          expect(world.addressPlan.factsOf(record.data).asn, record.data).not.toBeNull()
        }
      }
    }
  })

  it('keeps name servers of zones that do not flux out of consumer networks', () => {
    for (const zone of world.zones.filter(
      ({ class: labClass }) => !['ns-flux', 'double-flux'].includes(labClass),
    )) {
      for (const address of zone.nameServers.flatMap((server) => server.addressesAt(START))) {
        expect(world.addressPlan.networkOf(address)?.kind).toBe('hosting')
      }
    }
  })
})
