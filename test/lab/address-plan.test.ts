import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { addressIn, createAddressPlan } from '../../src/lab/address-plan.ts'
import { createDice } from '../../src/lab/random.ts'

const plan = createAddressPlan()

describe('the address plan', () => {
  it('has more than 60 systems, 30 and more consumer ISPs in 20 and more countries, of several /16s each', () => {
    const consumers = plan.systemsOf('consumer')
    expect(plan.systems.length).toBeGreaterThan(60)
    expect(consumers.length).toBeGreaterThanOrEqual(30)
    expect(new Set(consumers.map((system) => system.networks[0]!.country)).size).toBeGreaterThanOrEqual(20)
    for (const system of consumers) {
      const blocks = system.networks.filter((network) => network.family === 4)
      expect(blocks.length, system.organisation).toBeGreaterThanOrEqual(3)
      expect(blocks.every((network) => network.prefix.endsWith('.0.0/16'))).toBe(true)
    }
    for (const kind of ['hosting', 'cdn', 'cloud', 'volunteer', 'registry'] as const) {
      expect(plan.systemsOf(kind).length, kind).toBeGreaterThan(0)
    }
  })

  it('uses private ASNs once each and names that are plainly fictional', () => {
    expect(new Set(plan.systems.map((system) => system.asn)).size).toBe(plan.systems.length)
    for (const system of plan.systems) {
      expect(system.asn).toBeGreaterThan(4_200_000_000)
      expect(system.asn).toBeLessThanOrEqual(4_294_967_294)
      expect(system.organisation).toMatch(/^Lab /)
    }
  })

  it('has ordinary unicast prefixes in canonical form, none inside another', () => {
    const ranges = plan.networks.map((network) => {
      const [base, length] = ipaddr.parseCIDR(network.prefix)
      expect(base.range(), network.prefix).toBe('unicast')
      const bytes = base.toByteArray()
      const start = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
      const size = 1n << BigInt(bytes.length * 8 - length)
      expect(start % size, network.prefix).toBe(0n)
      return { family: network.family, start, end: start + size, prefix: network.prefix }
    })
    for (const family of [4, 6]) {
      const sorted = ranges
        .filter((range) => range.family === family)
        .toSorted((a, b) => (a.start < b.start ? -1 : 1))
      for (const [index, range] of sorted.entries()) {
        const next = sorted[index + 1]
        if (next) expect(range.end <= next.start, `${range.prefix} and ${next.prefix}`).toBe(true)
      }
    }
  })

  it('says of every address that it makes where it was made', () => {
    const dice = createDice('addresses')
    for (const system of plan.systems) {
      for (const family of new Set(system.networks.map((network) => network.family))) {
        for (let index = 0; index < 40; index++) {
          const address = addressIn(system, { family }, dice, 'test', index)
          expect(plan.factsOf(address).asn, address).toBe(system.asn)
          // The text form is canonical, so that equal addresses are equal strings after a trip over the wire.
          expect(ipaddr.parse(address).toString()).toBe(address)
        }
      }
    }
  })

  it('makes an address in the region that is asked for, and refuses when there is none', () => {
    const dice = createDice(1)
    const cdn = plan.systemsOf('cdn')[0]!
    for (let index = 0; index < 20; index++) {
      expect(plan.networkOf(addressIn(cdn, { region: 'asia' }, dice, index))?.region).toBe('asia')
    }
    expect(() => addressIn(plan.systemsOf('consumer')[0]!, { region: 'asia' }, dice)).toThrow(
      'no IPv4 network',
    )
  })

  it('knows nothing of other addresses', () => {
    expect(plan.factsOf('192.0.2.1')).toEqual({ asn: null, organisation: null, country: null })
    expect(plan.factsOf('2001:db8::1')).toEqual({ asn: null, organisation: null, country: null })
  })
})
