import { describe, expect, it } from 'vitest'
import { createCachingResolver } from '../../src/lab/caching-resolver.ts'
import type { LabReply } from '../../src/lab/name-space.ts'
import { createWorld } from '../../src/lab/world.ts'
import { SteppedClock } from './stepped-clock.ts'
import { onlyZoneOf, START } from './watching.ts'

const world = createWorld({ seed: 1, startAt: START })

function resolverAt(options: { minimalResponses?: boolean; startAt?: number } = {}) {
  const clock = new SteppedClock(options.startAt ?? START)
  const resolver = createCachingResolver({
    world,
    clock,
    region: 'eu',
    minimalResponses: options.minimalResponses ?? false,
  })
  return { clock, ask: (name: string, type: 'A' | 'AAAA' | 'NS' = 'A') => resolver.resolve({ name, type }) }
}

function addressesOf(reply: LabReply): string[] {
  return reply.answer
    .filter((record) => record.type === 'A')
    .map((record) => record.data)
    .toSorted()
}

function ttlsOf(reply: LabReply): number[] {
  return [...new Set(reply.answer.map((record) => record.ttlSeconds))]
}

describe('a caching resolver', () => {
  it('repeats a set with a falling TTL until it is over, and then learns anew', () => {
    const { host } = onlyZoneOf(world, 'volunteer-pool')
    const { clock, ask } = resolverAt()
    const first = ask(host)
    expect(ttlsOf(first)).toEqual([150])
    clock.advance(60_000)
    expect(ttlsOf(ask(host))).toEqual([90])
    expect(addressesOf(ask(host))).toEqual(addressesOf(first))
    clock.advance(89_999)
    expect(ttlsOf(ask(host))).toEqual([1])
    expect(addressesOf(ask(host))).toEqual(addressesOf(first))
    clock.advance(1)
    expect(ttlsOf(ask(host))).toEqual([150])
    expect(addressesOf(ask(host))).not.toEqual(addressesOf(first))
  })

  it('never remembers an answer with TTL 0', () => {
    const { host } = onlyZoneOf(world, 'one-address-ttl0-flux')
    const { clock, ask } = resolverAt()
    const seen = Array.from({ length: 20 }, () => {
      clock.advance(1)
      const reply = ask(host)
      expect(ttlsOf(reply)).toEqual([0])
      return addressesOf(reply)[0]
    })
    expect(new Set(seen).size).toBeGreaterThan(15)
  })

  it('keeps each link of an alias for its own time', () => {
    const { host } = onlyZoneOf(world, 'cdn')
    const { clock, ask } = resolverAt()
    expect(ask(host).answer.map((record) => record.ttlSeconds)).toEqual([300, 60, 60, 60, 60])
    clock.advance(70_000)
    expect(ask(host).answer.map((record) => record.ttlSeconds)).toEqual([230, 60, 60, 60, 60])
  })

  it('remembers that a type is not there, and that a name is not there for all types', () => {
    const { host } = onlyZoneOf(world, 'classic-single-flux')
    const { clock, ask } = resolverAt()
    expect(ask(host, 'AAAA')).toMatchObject({
      rcode: 'NOERROR',
      answer: [],
      authority: [{ ttlSeconds: 300 }],
    })
    clock.advance(100_000)
    expect(ask(host, 'AAAA').authority).toMatchObject([{ type: 'SOA', ttlSeconds: 200 }])
    expect(ask(host, 'A').answer.length).toBeGreaterThan(0)
    const missing = `nobody.${host}`
    expect(ask(missing)).toMatchObject({ rcode: 'NXDOMAIN', authority: [{ ttlSeconds: 300 }] })
    clock.advance(120_000)
    expect(ask(missing, 'NS')).toMatchObject({ rcode: 'NXDOMAIN', authority: [{ ttlSeconds: 180 }] })
    clock.advance(180_000)
    expect(ask(missing)).toMatchObject({ rcode: 'NXDOMAIN', authority: [{ ttlSeconds: 300 }] })
  })

  it('does not answer from what merely came along', () => {
    const zone = onlyZoneOf(world, 'ns-flux')
    const { clock, ask } = resolverAt()
    const alongside = ask(zone.apex).additional.find((record) => record.name === zone.nameServers[0]!.name)!
    clock.advance(300_000)
    // The address came along with 600 s; asked for by name it is learned, and fresh.
    const asked = ask(zone.nameServers[0]!.name)
    expect(alongside.ttlSeconds).toBe(600)
    expect(ttlsOf(asked)).toEqual([600])
  })

  it('shows name servers beside an answer for as long as it remembers them, or not at all when it is terse', () => {
    const { host, nameServers } = onlyZoneOf(world, 'round-robin')
    const { clock, ask } = resolverAt()
    ask(host)
    clock.advance(100_000)
    const reply = ask(host)
    expect(reply.authority.map((record) => record.data)).toEqual(nameServers.map((server) => server.name))
    expect(reply.authority[0]!.ttlSeconds).toBe(86_300)
    expect(reply.additional).toHaveLength(nameServers.length)
    expect(resolverAt({ minimalResponses: true }).ask(host)).toMatchObject({ authority: [], additional: [] })
  })

  it('passes on failure without remembering it', () => {
    const { ask } = resolverAt()
    expect(ask(onlyZoneOf(world, 'servfail').host).rcode).toBe('SERVFAIL')
    expect(ask(onlyZoneOf(world, 'timeout').host).rcode).toBe('TIMEOUT')
  })
})
