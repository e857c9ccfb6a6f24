import { describe, expect, it } from 'vitest'
import { networkKind } from '../../../src/core/features/network-kind.ts'
import { looksLikeConsumerLine } from '../../../src/core/features/ptr-names.ts'
import { addressIn } from '../../../src/lab/address-plan.ts'
import { MISLEADING_SHARE, READABLE_SHARE } from '../../../src/lab/population/owner-names.ts'
import { populationPlan } from '../../../src/lab/population/population-plan.ts'
import { createDice } from '../../../src/lab/random.ts'

const SPLITS = ['fit', 'report'] as const

/** What the product's word list makes of the names of the systems: share of each reading. */
function readings(split: 'fit' | 'report', kind: 'consumer' | 'hosting' | 'volunteer') {
  const systems = populationPlan(split).systemsOf(kind)
  const share = (reading: 'access' | 'server') =>
    systems.filter(({ asn, organisation }) => networkKind({ asn, organisation, country: null }) === reading)
      .length / systems.length
  return { access: share('access'), server: share('server') }
}

function addressesOf(split: 'fit' | 'report', kind: 'consumer' | 'hosting', count: number): string[] {
  const systems = populationPlan(split).systemsOf(kind)
  const dice = createDice('plan test')
  return Array.from({ length: count }, (_, index) =>
    addressIn(systems[index % systems.length]!, {}, dice, kind, index),
  )
}

describe('the plans of the two splits', () => {
  const fit = populationPlan('fit')
  const report = populationPlan('report')
  const firstWord = ({ organisation }: { organisation: string }) => organisation.split(' ')[0]!
  const sixteenth = ({ prefix }: { prefix: string }) => prefix.split(/[.:]/).slice(0, 2).join('.')

  it('share no brand and no ASN', () => {
    const ofFit = new Set(fit.systems.flatMap((system) => [firstWord(system), system.asn]))
    const registry = ['Name']
    const shared = report.systems
      .flatMap((system) => [firstWord(system), system.asn])
      .filter((one) => ofFit.has(one) && !registry.includes(String(one)))
    expect(shared).toEqual([])
  })

  it('share no /16 and no IPv6 /32', () => {
    const ofFit = new Set(fit.networks.map(sixteenth))
    expect(report.networks.map(sixteenth).filter((one) => ofFit.has(one))).toEqual([])
  })

  it.each(SPLITS)('give no /16 and no /32 to two networks of one plan (%s)', (split) => {
    const { networks } = populationPlan(split)
    expect(new Set(networks.map(sixteenth)).size).toBe(networks.length)
  })

  it.each(SPLITS)('have the kinds of networks in the numbers that a population needs (%s)', (split) => {
    const plan = populationPlan(split)
    expect(plan.systemsOf('consumer')).toHaveLength(300)
    expect(plan.systemsOf('hosting')).toHaveLength(120)
    expect(plan.systemsOf('volunteer')).toHaveLength(120)
    expect(new Set(plan.systemsOf('cloud').map((system) => system.organisation)).size).toBe(20)
    expect(new Set(plan.systemsOf('cdn').map((system) => system.organisation)).size).toBe(8)
    expect(plan.systemsOf('cdn').length).toBeGreaterThan(12)
    expect(new Set(plan.networks.map((network) => network.country)).size).toBeGreaterThan(50)
  })
})

describe.each(SPLITS)('the names of owners (%s)', (split) => {
  it('are readable to the word list, and misleading, as often as was drawn', () => {
    const consumers = readings(split, 'consumer')
    expect(consumers.access).toBeCloseTo(READABLE_SHARE[split].access, 1)
    expect(consumers.server).toBeCloseTo(MISLEADING_SHARE[split], 1)
    for (const kind of ['hosting', 'volunteer'] as const) {
      const servers = readings(split, kind)
      expect(servers.server).toBeCloseTo(READABLE_SHARE[split].server, 1)
      expect(servers.access).toBeCloseTo(MISLEADING_SHARE[split], 1)
    }
  })
})

describe.each(SPLITS)('the facts of an address (%s)', (split) => {
  const plan = populationPlan(split)

  it('are those of the network that it was made in, in both families', () => {
    const dice = createDice('facts')
    for (const system of plan.systems) {
      for (const family of [4, 6] as const) {
        if (!system.networks.some((network) => network.family === family)) continue
        const address = addressIn(system, { family }, dice, 'one')
        expect(plan.factsOf(address)).toMatchObject({ asn: system.asn, organisation: system.organisation })
      }
    }
  })

  it('are unknown outside of the plan, also beside a short prefix of it', () => {
    const nothing = { asn: null, organisation: null, country: null, ptr: null }
    expect(plan.factsOf('10.1.2.3')).toEqual(nothing)
    expect(plan.factsOf('2001:db8::1')).toEqual(nothing)
    const short = plan.networks.find(({ prefix }) => prefix.endsWith('.0.0/20'))!
    expect(plan.factsOf(short.prefix.replace('.0.0/20', '.1.1')).asn).toBe(short.asn)
    expect(plan.factsOf(short.prefix.replace('.0.0/20', '.200.1'))).toEqual(nothing)
  })

  it('are refused for text that is no address', () => {
    expect(() => plan.networkOf('not-an-address')).toThrow('Expected an IP address')
  })

  it('hold a PTR name for some six of ten consumer lines, most of them dynamic by the look', () => {
    const names = addressesOf(split, 'consumer', 3000).map((address) => plan.ptrOf(address))
    const named = names.filter((name) => name !== null)
    expect(named.length / names.length).toBeGreaterThan(0.5)
    expect(named.length / names.length).toBeLessThan(0.7)
    const dynamic = named.filter(looksLikeConsumerLine).length / named.length
    expect(dynamic).toBeGreaterThan(0.6)
    expect(dynamic).toBeLessThan(0.8)
  })

  it('hold a PTR name for some seven of ten servers, hardly any dynamic by the look', () => {
    const names = addressesOf(split, 'hosting', 3000).map((address) => plan.factsOf(address).ptr ?? null)
    const named = names.filter((name) => name !== null)
    expect(named.length / names.length).toBeGreaterThan(0.6)
    expect(named.length / names.length).toBeLessThan(0.8)
    expect(named.filter(looksLikeConsumerLine).length / named.length).toBeLessThan(0.01)
  })
})
