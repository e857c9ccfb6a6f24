import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'maxmind'
import type { AsnResponse } from 'maxmind'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLab } from '../../src/lab/start-lab.ts'
import type { Lab, LabVantage } from '../../src/lab/start-lab.ts'
import { askTcp, askUdp, dataOf } from './ask-dns.ts'
import { SteppedClock } from './stepped-clock.ts'
import { onlyZoneOf, START } from './watching.ts'

function portOf(vantage: LabVantage): number {
  return Number(vantage.server.split(':')[1])
}

describe('the lab on loopback', () => {
  const clock = new SteppedClock(START)
  let directory: string
  let lab: Lab

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fluxwatch-lab-'))
    lab = await startLab({ seed: 1, clock, directory, farm: 3 })
  })
  afterAll(async () => {
    await lab.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('names its resolvers as vantages of the configuration', () => {
    expect(lab.vantages.map(({ id }) => id)).toEqual(['lab-eu', 'lab-us', 'lab-asia', 'lab-farm'])
    for (const vantage of lab.vantages) {
      expect(Object.keys(vantage).toSorted()).toEqual(['id', 'protocol', 'qps', 'server'])
      expect(vantage.server).toMatch(/^127\.0\.0\.1:\d+$/)
    }
  })

  it('answers as the world does, and counts TTLs down on its clock', async () => {
    const { host } = onlyZoneOf(lab.world, 'static')
    const port = portOf(lab.vantages[0]!)
    const first = await askUdp({ port, name: host, type: 'A' })
    expect(first).toMatchObject({ flag_aa: false, flag_ra: true, rcode: 'NOERROR' })
    expect(first.answers).toMatchObject([
      {
        ttl: 3600,
        data: lab.world.resolve({ name: host, type: 'A' }, { at: START, region: 'eu' }).answer[0]!.data,
      },
    ])
    clock.advance(600_000)
    expect((await askTcp({ port, name: host, type: 'A' })).answers).toMatchObject([{ ttl: 3000 }])
  })

  it('gives each region its own addresses of the CDN', async () => {
    const { host } = onlyZoneOf(lab.world, 'cdn')
    const sets = await Promise.all(
      lab.vantages
        .slice(0, 3)
        .map(async (vantage) =>
          dataOf((await askUdp({ port: portOf(vantage), name: host, type: 'A' })).answers, 'A'),
        ),
    )
    expect(new Set(sets.flat()).size).toBe(12)
  })

  it('shows jumping TTLs through the farm, whose caches learn at different times', async () => {
    const { host } = onlyZoneOf(lab.world, 'round-robin')
    const port = portOf(lab.vantages[3]!)
    const ttls = new Set<number>()
    let rises = 0
    let previous = Infinity
    for (let step = 0; step < 30; step++) {
      const reply = await askUdp({ port, name: host, type: 'A' })
      const ttl = (reply.answers![0] as { ttl: number }).ttl
      if (ttl > previous) rises += 1
      previous = ttl
      ttls.add(300 - ttl)
      clock.advance(5000)
    }
    // Within 150 s no set of TTL 300 expires: a single cache would never rise.
    expect(rises).toBeGreaterThan(0)
  })

  it('passes on NXDOMAIN and SERVFAIL', async () => {
    const port = portOf(lab.vantages[1]!)
    for (const [labClass, rcode] of [
      ['nxdomain', 'NXDOMAIN'],
      ['servfail', 'SERVFAIL'],
    ] as const) {
      expect(await askUdp({ port, name: onlyZoneOf(lab.world, labClass).host, type: 'A' })).toMatchObject({
        rcode,
      })
    }
  })

  it('writes databases that know the addresses it answers', async () => {
    const asn = await open<AsnResponse>(lab.asnMmdb)
    const { host } = onlyZoneOf(lab.world, 'classic-single-flux')
    const addresses = dataOf(
      (await askUdp({ port: portOf(lab.vantages[2]!), name: host, type: 'A' })).answers,
      'A',
    )
    expect(addresses.length).toBeGreaterThan(5)
    for (const address of addresses) {
      expect(asn.get(address)?.autonomous_system_number).toBe(lab.world.addressPlan.factsOf(address).asn)
    }
  })

  it('frees its ports when it is closed, so that the next lab can have them', async () => {
    const ports = lab.vantages.map(portOf)
    await lab.close()
    lab = await startLab({ seed: 1, clock, directory, ports, farm: 3 })
    expect(lab.vantages.map(portOf)).toEqual(ports)
  })
})
