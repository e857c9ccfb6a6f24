import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthorities } from '../../src/lab/authorities.ts'
import type { Authorities } from '../../src/lab/authorities.ts'
import { openDnsServer } from '../../src/lab/dns-server.ts'
import { RESOLVER_PREFIXES, regionOfAsker } from '../../src/lab/regions.ts'
import { createWorld } from '../../src/lab/world.ts'
import { askUdp, dataOf } from './ask-dns.ts'
import { iterate } from './iterate.ts'
import { SteppedClock } from './stepped-clock.ts'
import { HOUR_MS, onlyZoneOf, START } from './watching.ts'

/** All of 127.0.0.0/8 is local: an address of the world is bound with its first number replaced. */
function bindTo(address: string): string {
  return address.replace(/^\d+/, '127')
}

describe('the authorities', () => {
  const world = createWorld({ seed: 1, startAt: START })
  const clock = new SteppedClock(START)
  const failures: Error[] = []
  let authorities: Authorities
  let port: number

  beforeAll(async () => {
    const probe = await openDnsServer({ address: '127.0.0.1', port: 0, handler: () => null })
    port = probe.port
    await probe.close()
    authorities = await openAuthorities({
      world,
      clock,
      port,
      bindTo,
      onError: (error) => failures.push(error),
    })
  })
  afterAll(() => authorities.close())

  const resolver = () => ({ roots: authorities.rootServers.map((root) => root.address), port, bindTo })

  it('lead from the root to what the world says, for every name that resolves', async () => {
    for (const zone of world.zones.filter(({ expect: { verdict } }) => !verdict.includes('unresolvable'))) {
      const expected = world.resolve({ name: zone.host, type: 'A' }, { at: clock.now(), region: 'eu' }).answer
      const first = await iterate(zone.host, 'A', resolver())
      const alias = dataOf(first.answers, 'CNAME')[0]
      const last = alias ? await iterate(alias, 'A', resolver()) : first
      expect(dataOf(last.answers, 'A'), zone.host).toEqual(
        expected.filter((record) => record.type === 'A').map((record) => record.data),
      )
    }
  })

  it('refer with a two-day TTL and with the glue of this moment', async () => {
    const zone = onlyZoneOf(world, 'double-flux')
    const [, tld] = zone.apex.split('.')
    const tldServer = world.zoneOf(tld!).nameServers[0]!.addressesAt(clock.now())[0]!
    const reply = await askUdp({ address: bindTo(tldServer), port, name: zone.host, type: 'A' })
    expect(reply.flag_aa).toBe(false)
    expect(reply.answers).toEqual([])
    expect(dataOf(reply.authorities, 'NS')).toEqual(zone.nameServers.map((server) => server.name))
    expect(dataOf(reply.additionals, 'A')).toEqual(
      zone.nameServers.flatMap((server) => server.addressesAt(clock.now())),
    )
    expect(
      new Set(
        [...reply.authorities!, ...reply.additionals!].map((record) => (record as { ttl: number }).ttl),
      ),
    ).toEqual(new Set([172_800]))
  })

  it('answer the root’s priming query', async () => {
    const reply = await askUdp({ address: bindTo(resolver().roots[0]!), port, name: '.', type: 'NS' })
    expect(dataOf(reply.answers, 'NS')).toEqual(['a.root-lab', 'b.root-lab'])
    expect(dataOf(reply.additionals, 'A')).toEqual(resolver().roots)
  })

  it('say NXDOMAIN, SERVFAIL and REFUSED where they belong', async () => {
    const nxdomain = await iterate(onlyZoneOf(world, 'nxdomain').host, 'A', resolver())
    expect(nxdomain).toMatchObject({
      rcode: 'NXDOMAIN',
      flag_aa: true,
      authorities: [{ type: 'SOA', name: 'example' }],
    })
    expect(await iterate(onlyZoneOf(world, 'servfail').host, 'A', resolver())).toMatchObject({
      rcode: 'SERVFAIL',
    })
    const hosting = onlyZoneOf(world, 'round-robin').nameServers[0]!.addressesAt(START)[0]!
    const reply = await askUdp({ address: bindTo(hosting), port, name: 'granite-ledger.qz', type: 'A' })
    expect(reply).toMatchObject({ rcode: 'REFUSED', flag_aa: false })
  })

  it('follow name servers to their next agents, and keep the former ones for ten more rotations', async () => {
    const zone = onlyZoneOf(world, 'ns-flux')
    const addressesNow = () => zone.nameServers.flatMap((server) => server.addressesAt(clock.now()))
    const former = addressesNow()
    clock.advance(HOUR_MS)
    await authorities.refresh()
    const present = addressesNow()
    expect(present).not.toEqual(former)
    for (const address of [...former, ...present]) {
      const reply = await askUdp({ address: bindTo(address), port, name: zone.apex, type: 'NS' })
      expect([reply.flag_aa, reply.answers?.length], address).toEqual([true, 4])
    }
    clock.advance(4 * HOUR_MS)
    await authorities.refresh()
    const served = new Set(authorities.addresses())
    expect(former.filter((address) => served.has(address))).toEqual([])
    expect(addressesNow().filter((address) => !served.has(address))).toEqual([])
    expect(failures).toEqual([])
  })

  it('have the coming agents in service before they are named', () => {
    const served = new Set(authorities.addresses())
    for (const server of onlyZoneOf(world, 'double-flux').nameServers) {
      const next = server.addressesAt(server.changesAfter(clock.now())!)
      expect(next.filter((address) => !served.has(address))).toEqual([])
    }
  })

  it('know the region of a resolver by its address', () => {
    expect(regionOfAsker(`${RESOLVER_PREFIXES.us}53`)).toBe('us')
    expect(regionOfAsker(`${RESOLVER_PREFIXES.asia}53`)).toBe('asia')
    expect(regionOfAsker('192.0.2.1')).toBe('eu')
  })
})

describe('authorities that cannot be bound', () => {
  it('reject and leave nothing open', async () => {
    const world = createWorld({ seed: 1, startAt: START })
    const clock = new SteppedClock(START)
    const blocker = await openDnsServer({ address: '127.0.0.1', port: 0, handler: () => null })
    const all = (bind: (address: string) => string) =>
      openAuthorities({ world, clock, port: blocker.port, bindTo: bind, onError: () => {} })
    const rootAddress = world.delegations(START).find(({ parent }) => parent === null)!.nameServers[0]!
      .addresses[0]!
    await expect(all((address) => (address === rootAddress ? '127.0.0.1' : bindTo(address)))).rejects.toThrow(
      'EADDRINUSE',
    )
    await (await all(bindTo)).close()
    await blocker.close()
  })
})
