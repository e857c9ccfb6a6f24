import { describe, expect, test } from 'vitest'
import { boundsFor } from '../../../src/core/detect/bounds.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { agentsOf, type Agent } from '../../../src/core/networks/agents.ts'
import { listedAgents, taughtAgents } from '../../../src/core/networks/taught-agents.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { foldHostRound, newHostSeries, type HostSeries } from '../../../src/core/series/host-series.ts'
import { assessmentOf, T } from '../../store/live-house.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A host that gave these addresses, one answer each. */
function hostWith(name: string, seen: readonly (readonly [address: string, at: number])[]): HostSeries {
  return seen.reduce(
    (series, [data, at], index) =>
      foldHostRound(series, {
        target: { kind: 'host', name },
        number: index + 1,
        startedAt: at,
        observations: [
          {
            at,
            vantage: 'v',
            qname: name,
            qtype: 'A',
            outcome: 'answer',
            rcode: 'NOERROR',
            rttMs: 1,
            answer: [{ name, type: 'A', ttlSeconds: 1, data }],
            authority: [],
            additional: [],
          },
        ],
      }),
    newHostSeries(name),
  )
}

function domainOf(host: HostSeries, nameServers: readonly HostSeries[] = []) {
  return { domain: host.name, host, zone: null, nameServers }
}

describe('The agents of a domain', () => {
  test('are those of the last day, the latest first, apart by role', () => {
    const host = hostWith('bad.example', [
      ['20.0.0.1', T - 2 * DAY_MS],
      ['20.0.0.2', T - 3 * HOUR_MS],
      ['20.0.0.3', T - HOUR_MS],
    ])
    const nameServer = hostWith('ns1.bad.example', [['20.0.0.3', T]])
    expect(agentsOf(domainOf(host, [nameServer]), T, DAY_MS)).toEqual([
      { role: 'address', address: '20.0.0.3', last: T - HOUR_MS },
      { role: 'address', address: '20.0.0.2', last: T - 3 * HOUR_MS },
      { role: 'name_server', address: '20.0.0.3', last: T },
    ])
  })

  test('leave special-purpose addresses out', () => {
    const host = hostWith('bad.example', [
      ['127.0.0.1', T],
      ['10.0.0.1', T],
      ['192.0.2.1', T],
    ])
    expect(agentsOf(domainOf(host), T, DAY_MS)).toEqual([])
  })

  test('are no more than the limit, and those seen last are kept', () => {
    const host = hostWith(
      'bad.example',
      Array.from({ length: 100 }, (_, index) => [`20.0.1.${index}`, T - (100 - index) * 1000] as const),
    )
    const agents = agentsOf(domainOf(host), T, DAY_MS)
    expect(agents).toHaveLength(64)
    expect(agents[0]!.address).toBe('20.0.1.99')
    expect(agents.at(-1)!.address).toBe('20.0.1.36')
  })
})

const POOL: readonly Agent[] = ['20.0.0.1', '20.0.0.2', '20.0.0.3', '20.0.0.4'].map((address) => ({
  role: 'address',
  address,
  last: T,
}))
const NAME_SERVERS: readonly Agent[] = ['20.9.0.1', '20.9.0.2', '20.9.0.3'].map((address) => ({
  role: 'name_server',
  address,
  last: T,
}))
const ALL = [...POOL, ...NAME_SERVERS]

function ownedBy(owners: Readonly<Record<string, string>>): Enrichment {
  return {
    hasAsn: true,
    hasCountry: true,
    factsOf: (address) => ({ asn: 1, organisation: owners[address] ?? null, country: null }),
  }
}

function flux(parts: Partial<Assessment> = {}): Assessment {
  return assessmentOf('bad.example', { verdict: 'flux', fluxType: 'single', score: 0.9999, ...parts })
}

/** So many nats over the bound from which a name is flux. */
function scoreOverBar(nats: number): number {
  const { priors, errorRates } = DEFAULT_POLICY
  const bar = boundsFor(1 - priors.none, errorRates).flux
  return 1 / (1 + ((1 - bar) / bar) * Math.exp(-nats))
}

function inherited(weight: number, id = 'a-flagged-neighbours'): Assessment['evidence'] {
  return [
    {
      id,
      pointsTo: 'flux',
      about: 'addresses',
      weight,
      value: 7,
      unit: 'domains',
      text: 'Shares addresses with 7 flagged domains.',
      source: 'test',
    },
  ]
}

function taught(assessment: Assessment, agents = ALL, enrichment = ownedBy({})): string[] {
  return taughtAgents(assessment, agents, enrichment, DEFAULT_POLICY).map(
    ({ role, address }) => `${role} ${address}`,
  )
}

describe('An assessment teaches', () => {
  test('the agents of the role that fluxes', () => {
    const a = POOL.map(({ address }) => `address ${address}`)
    const ns = NAME_SERVERS.map(({ address }) => `name_server ${address}`)
    expect(taught(flux())).toEqual(a)
    expect(taught(flux({ fluxType: 'ns' }))).toEqual(ns)
    expect(taught(flux({ fluxType: 'double' }))).toEqual([...a, ...ns])
  })

  test('nothing unless the verdict is flux', () => {
    expect(taught(flux({ verdict: 'suspicious', fluxType: null }))).toEqual([])
    expect(taught(flux({ verdict: 'no_flux_seen', fluxType: null, score: 0.01 }))).toEqual([])
  })

  test('nothing when the name would not be flagged without what it inherited', () => {
    expect(taught(flux({ score: scoreOverBar(1) }))).toHaveLength(4)
    expect(taught(flux({ score: scoreOverBar(1), evidence: inherited(1.5) }))).toEqual([])
    expect(taught(flux({ score: scoreOverBar(2), evidence: inherited(1.5) }))).toHaveLength(4)
    expect(taught(flux({ score: scoreOverBar(1), evidence: inherited(1.5, 'a-network-domains') }))).toEqual(
      [],
    )
    expect(taught(flux({ score: scoreOverBar(1), evidence: inherited(1.5, 'ns-network-domains') }))).toEqual(
      [],
    )
  })

  test('nothing of addresses that a context list explains, though its name servers still count', () => {
    const context = [{ list: 'volunteer-pools', entry: 'pool.example', effect: -1 }] as Assessment['context']
    expect(taught(flux({ fluxType: 'double', context }))).toEqual(
      NAME_SERVERS.map(({ address }) => `name_server ${address}`),
    )
  })

  test('nothing of a name that came to rest on an address or two, as a seized one does', () => {
    expect(taught(flux(), POOL.slice(0, 2))).toEqual([])
    expect(taught(flux(), POOL.slice(0, 3))).toHaveLength(3)
  })

  test('no address of a CDN that was mixed in', () => {
    expect(taught(flux(), ALL, ownedBy({ '20.0.0.4': 'Cloudflare, Inc.' }))).toEqual([
      'address 20.0.0.1',
      'address 20.0.0.2',
      'address 20.0.0.3',
    ])
  })

  test('no hosting address among home lines, and every one where the pool is hosted', () => {
    const home = { '20.0.0.1': 'Vodafone', '20.0.0.2': 'Kyivstar', '20.0.0.3': 'Claro', '20.0.0.4': 'OVH' }
    expect(taught(flux(), ALL, ownedBy(home))).not.toContain('address 20.0.0.4')
    const hosted = { '20.0.0.1': 'OVH', '20.0.0.2': 'Contabo', '20.0.0.3': 'Claro', '20.0.0.4': 'Hetzner' }
    expect(taught(flux(), ALL, ownedBy(hosted))).toHaveLength(4)
  })
})

describe('A name that is nearly flux is listed', () => {
  function listed(parts: Partial<Assessment>, shared = 2, agents = ALL, enrichment = ownedBy({})): string[] {
    const assessment = assessmentOf('new.example', {
      verdict: 'pending',
      score: scoreOverBar(0.01),
      ...parts,
    })
    expect(taught(assessment, agents, enrichment)).toEqual([])
    return listedAgents(assessment, agents, shared, enrichment, DEFAULT_POLICY).map(({ address }) => address)
  }
  const everything = ALL.map(({ address }) => address)

  test('by its addresses and its name servers, while only the floors of evidence hold its verdict', () => {
    expect(listed({})).toEqual(everything)
    expect(listed({ verdict: 'suspicious' })).toEqual(everything)
    expect(listed({ score: scoreOverBar(-0.01) })).toEqual([])
    expect(listed({ verdict: 'no_flux_seen' })).toEqual([])
    expect(listed({ verdict: 'unresolvable' })).toEqual([])
  })

  test('through two addresses of flagged names, and not through one', () => {
    expect(listed({}, 1)).toEqual([])
    expect(listed({}, 2)).toEqual(everything)
  })

  test('also when others lifted it over the bar: it convicts nobody', () => {
    expect(listed({ evidence: inherited(1.5) })).toEqual(everything)
  })

  test('not by the addresses of somebody who serves many, nor by fewer than three', () => {
    const nameServers = NAME_SERVERS.map(({ address }) => address)
    expect(
      listed({
        context: [{ list: 'cdn', entry: 'cdn.example', matched: 'cname', effect: -2 }],
      }),
    ).toEqual(nameServers)
    const listedOwner = 'Akamai International B.V.'
    expect(listed({}, 2, ALL, ownedBy({ '20.0.0.1': listedOwner, '20.0.0.2': listedOwner }))).toEqual(
      nameServers,
    )
    expect(listed({}, 2, POOL.slice(0, 2))).toEqual([])
  })
})
