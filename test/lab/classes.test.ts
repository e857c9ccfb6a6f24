import { describe, expect, it } from 'vitest'
import { createWorld } from '../../src/lab/world.ts'
import { HOUR_MS, onlyZoneOf, START, unionOf, watch, watchNameServers, zonesOf } from './watching.ts'

/** Between, both ends included. */
function expectBetween(value: number, low: number, high: number): void {
  expect(value).toBeGreaterThanOrEqual(low)
  expect(value).toBeLessThanOrEqual(high)
}

describe.each([1, 2, 3])('in the world of seed %i', (seed) => {
  const world = createWorld({ seed, startAt: START })

  it('classic single flux shows 60 to 140 agents in tens of ASNs within three hours, and its name servers stay', () => {
    for (const zone of zonesOf(world, 'classic-single-flux')) {
      const seen = watch(world, zone.host, { hours: 3 })
      // FluXOR: 98 ± 37 addresses, 38 ± 12 ASNs; we have 40 ISPs in all.
      expectBetween(seen.addresses.size, 60, 140)
      expectBetween(seen.asns.size, 20, 40)
      expectBetween(Math.min(...seen.widths), 6, 10)
      expectBetween(Math.max(...seen.widths), 8, 10)
      for (const server of watchNameServers(world, zone, 3)) expect(server.addresses.size).toBe(1)
    }
  })

  it('classic single flux keeps most of its set from one TTL to the next', () => {
    const { host } = onlyZoneOf(world, 'classic-single-flux')
    const shares: number[] = []
    for (let step = 0; step < 24; step++) {
      const at = (minute: number) =>
        new Set(
          world
            .resolve({ name: host, type: 'A' }, { at: START + minute * 60_000, region: 'eu' })
            .answer.map((record) => record.data),
        )
      const [before, after] = [at(step * 5), at(step * 5 + 5)]
      shares.push([...before].filter((address) => after.has(address)).length / before.size)
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    // Ten seats of 20 min on average: a quarter of them changes in 5 min.
    expectBetween(mean, 0.6, 0.9)
  })

  it('domains of one campaign share agents', () => {
    const [first, second] = zonesOf(world, 'classic-single-flux').map(
      (zone) => watch(world, zone.host, { hours: 24, everySeconds: 300 }).addresses,
    )
    expect([...second!].filter((address) => first!.has(address)).length).toBeGreaterThan(50)
  })

  it('one-address flux shows one agent an answer, TTL 0, and 300 to 450 of them among a thousand answers an hour', () => {
    const seen = watch(world, onlyZoneOf(world, 'one-address-ttl0-flux').host, {
      hours: 1,
      everySeconds: 4,
      regions: ['us'],
    })
    expect([...seen.widths]).toEqual([1])
    expect([...seen.ttls]).toEqual([0])
    // Nazario and Holz: 300 to 500 unique addresses an hour among 800 to 1,100 answers.
    expectBetween(seen.addresses.size, 300, 450)
    expect(seen.asns.size).toBeGreaterThan(30)
  })

  it('name-server flux leaves the web addresses alone and moves four stable names over tens of agents', () => {
    const zone = onlyZoneOf(world, 'ns-flux')
    expect(watch(world, zone.host, { hours: 2 }).addresses.size).toBe(2)
    const names = watch(world, zone.apex, { hours: 2, type: 'NS' })
    expect([...names.addresses].toSorted()).toEqual(zone.nameServers.map((server) => server.name).toSorted())
    const servers = watchNameServers(world, zone, 2)
    // Two hours of terms of 12 to 20 min: 6 to 11 terms a name.
    for (const server of servers) expectBetween(server.addresses.size, 5, 11)
    expectBetween(unionOf(servers.map((server) => server.addresses)).size, 20, 44)
    expect(unionOf(servers.map((server) => server.asns)).size).toBeGreaterThanOrEqual(10)
  })

  it('double flux moves both, and most name-server addresses also serve the web site', () => {
    for (const zone of zonesOf(world, 'double-flux')) {
      const web = watch(world, zone.host, { hours: 3 }).addresses
      const servers = watchNameServers(world, zone, 3)
      const serving = unionOf(servers.map((server) => server.addresses))
      expectBetween(web.size, 40, 120)
      expectBetween(serving.size, 20, 64)
      expect(new Set(zone.nameServers.map((server) => server.name)).size).toBe(4)
      const shared = [...serving].filter((address) => web.has(address)).length / serving.size
      // Konte 2009: 88 % over four weeks.
      expectBetween(shared, 0.7, 1)
    }
  })

  it('slow flux shows one new agent an hour', () => {
    const zone = onlyZoneOf(world, 'slow-flux')
    expectBetween(watch(world, zone.host, { hours: 2 }).addresses.size, 4, 5)
    expectBetween(watch(world, zone.host, { hours: 24, everySeconds: 300 }).addresses.size, 24, 27)
  })

  it('regional flux stays within two countries and a handful of consumer ISPs', () => {
    const seen = watch(world, onlyZoneOf(world, 'regional-flux').host, { hours: 2 })
    expect([...seen.countries].toSorted()).toEqual(['RO', 'UA'])
    expectBetween(seen.asns.size, 4, 7)
    expectBetween(seen.addresses.size, 50, 120)
  })

  it('the CDN is one AS, differs between regions, and saturates', () => {
    const { host } = onlyZoneOf(world, 'cdn')
    const regions = (['eu', 'us', 'asia'] as const).map((region) =>
      watch(world, host, { hours: 1, regions: [region] }),
    )
    for (const seen of regions) {
      expect(seen.addresses.size).toBe(12)
      expect([...seen.widths]).toEqual([4])
      expect([...seen.ttls]).toEqual([60])
    }
    expect(unionOf(regions.map((seen) => seen.asns)).size).toBe(1)
    expect(unionOf(regions.map((seen) => seen.addresses)).size).toBe(36)
    expect(watch(world, host, { hours: 24, everySeconds: 300 }).addresses.size).toBe(36)
    expect(watch(world, host, { hours: 1, type: 'AAAA', regions: ['eu'] }).addresses.size).toBe(4)
  })

  it('the CDN with caches inside ISPs has six ASNs over all regions and two at each', () => {
    const { host } = onlyZoneOf(world, 'cdn-onnet')
    const regions = (['eu', 'us', 'asia'] as const).map((region) =>
      watch(world, host, { hours: 1, regions: [region] }),
    )
    for (const seen of regions) {
      expect(seen.asns.size).toBe(2)
      expect(seen.addresses.size).toBeLessThanOrEqual(12)
    }
    expect(unionOf(regions.map((seen) => seen.asns)).size).toBe(6)
    for (const asn of unionOf(regions.map((seen) => seen.asns))) {
      expect(world.addressPlan.systems.find((system) => system.asn === asn)?.kind).toBe('consumer')
    }
  })

  it('round robin and mirrors show a constant set in changing order', () => {
    for (const [labClass, addresses, asns] of [
      ['round-robin', 6, 1],
      ['mirrors', 8, 5],
    ] as const) {
      const { host } = onlyZoneOf(world, labClass)
      const seen = watch(world, host, { hours: 24, everySeconds: 300 })
      expect(seen.addresses.size).toBe(addresses)
      expect([...seen.widths]).toEqual([addresses])
      expect(seen.asns.size).toBe(asns)
      const orders = Array.from({ length: 20 }, (_, minute) =>
        world
          .resolve({ name: host, type: 'A' }, { at: START + minute * 60_000, region: 'eu' })
          .answer.map((record) => record.data)
          .join(),
      )
      expect(new Set(orders).size).toBeGreaterThan(10)
    }
  })

  it('volunteer pools show more than 20 addresses in 20 ASNs within 20 minutes', () => {
    for (const zone of zonesOf(world, 'volunteer-pool')) {
      const seen = watch(world, zone.host, { hours: 1 / 3, everySeconds: 150 })
      expect(seen.addresses.size).toBeGreaterThan(20)
      expect(seen.asns.size).toBeGreaterThan(20)
      expect([...seen.ttls]).toEqual([150])
      expect(Math.max(...seen.widths)).toBe(4)
      for (const server of watchNameServers(world, zone, 3)) expect(server.addresses.size).toBe(1)
    }
  })

  it('volunteer pools answer mostly from the region of the asker', () => {
    const { host } = zonesOf(world, 'volunteer-pool')[1]!
    const seen = [...watch(world, host, { hours: 2, regions: ['asia'] }).addresses]
    const near = seen.filter((address) => world.addressPlan.networkOf(address)?.region === 'asia')
    expectBetween(near.length / seen.length, 0.5, 0.95)
  })

  it('the cloud balancer replaces its eight addresses slowly, within one AS', () => {
    const seen = watch(world, onlyZoneOf(world, 'cloud-balancer').host, { hours: 4 })
    expect(seen.asns.size).toBe(1)
    expectBetween(seen.addresses.size, 16, 32)
    expectBetween(Math.max(...seen.widths), 8, 8)
  })

  it('dynamic DNS has one address of one ISP, and another one every day', () => {
    const { host } = onlyZoneOf(world, 'dyn-dns')
    expectBetween(watch(world, host, { hours: 2 }).addresses.size, 1, 2)
    const week = watch(world, host, { hours: 24 * 7, everySeconds: 600, regions: ['eu'] })
    expectBetween(week.addresses.size, 7, 8)
    expect(week.asns.size).toBe(1)
  })

  it('static sites have one address of each family for ever', () => {
    for (const zone of zonesOf(world, 'static')) {
      for (const type of ['A', 'AAAA'] as const) {
        expect(watch(world, zone.host, { hours: 24, everySeconds: 600, type }).addresses.size).toBe(1)
      }
    }
  })

  it('the DNS seed gives 25 of 300 nodes with a TTL of an hour', () => {
    const { host } = onlyZoneOf(world, 'dns-seed')
    const seen = watch(world, host, { hours: 24, everySeconds: 3600 })
    expect([...seen.widths]).toEqual([25])
    expect([...seen.ttls]).toEqual([3600])
    expectBetween(seen.addresses.size, 280, 300)
  })

  it('the migrating site changes once, from one AS to another', () => {
    const { host } = onlyZoneOf(world, 'migration')
    const before = watch(world, host, { hours: 0.75 })
    const after = watch(world, host, { fromHour: 0.75, hours: 24, everySeconds: 300 })
    expect([before.addresses.size, after.addresses.size]).toEqual([2, 2])
    expect(unionOf([before.addresses, after.addresses]).size).toBe(4)
    expect(unionOf([before.asns, after.asns]).size).toBe(2)
  })

  it('unresolvable names stay so, each in its own way', () => {
    for (const [labClass, rcode] of [
      ['nxdomain', 'NXDOMAIN'],
      ['servfail', 'SERVFAIL'],
      ['timeout', 'TIMEOUT'],
    ] as const) {
      const zone = onlyZoneOf(world, labClass)
      for (const type of ['A', 'AAAA', 'NS', 'SOA'] as const) {
        for (const at of [START, START + 24 * HOUR_MS]) {
          expect(world.resolve({ name: zone.host, type }, { at, region: 'us' }).rcode).toBe(rcode)
        }
      }
    }
  })

  it('flux classes have no AAAA: the name exists, the type does not', () => {
    for (const zone of world.zones.filter(({ class: labClass }) => labClass.endsWith('flux'))) {
      const reply = world.resolve({ name: zone.host, type: 'AAAA' }, { at: START, region: 'eu' })
      expect(reply.rcode).toBe('NOERROR')
      expect(reply.answer).toEqual([])
      expect(reply.authority.map((record) => record.type)).toEqual(['SOA'])
    }
  })
})
