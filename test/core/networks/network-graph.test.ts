import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FlaggedName, NetworkAgent } from '../../../src/core/model/network.ts'
import { AGENTS_KEPT } from '../../../src/core/networks/member-agents.ts'
import { NetworkGraph } from '../../../src/core/networks/network-graph.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { createDice } from '../../../src/lab/random.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-03-02T12:00:00Z')

function agents(from: number, count: number, last: number, strangers = 0): NetworkAgent[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `20.1.${(from + index) >> 8}.${(from + index) & 255}`,
    last,
    strangers,
  }))
}

function flagged(domain: string, from: number, count = 20, at = NOW): FlaggedName {
  return { domain, agents: agents(from, count, at), standsAlone: true, at }
}

/** Notes at their own time, then sweeps until nothing is due. */
function noted(graph: NetworkGraph, ...names: readonly FlaggedName[]): void {
  for (const name of names) graph.note(name, name.at)
  settle(graph, names.at(-1)!.at)
}

function settle(graph: NetworkGraph, now: number): void {
  graph.sweep(now)
  for (let later = now; graph.isDue(later + HOUR);) graph.sweep((later += HOUR))
}

function partition(graph: NetworkGraph, domains: readonly string[]): string[][] {
  const networks = Map.groupBy(domains, (domain) => graph.networkOf(domain) ?? `alone ${domain}`)
  return [...networks.values()].map((group) => group.toSorted()).toSorted()
}

function graphOf(...names: readonly FlaggedName[]): NetworkGraph {
  const graph = new NetworkGraph(DEFAULT_POLICY)
  noted(graph, ...names)
  return graph
}

describe('a network', () => {
  it('forms when two names share their agents, and is told once', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5), flagged('c.example', 500))
    const { changes, networks, members } = graph.takeNews()
    const id = graph.networkOf('a.example')!
    expect(id).toMatch(/^net_[0-9a-f]{16}$/)
    expect(changes).toEqual([
      {
        network: id,
        change: 'formed',
        version: 1,
        at: NOW,
        domains: ['a.example', 'b.example'],
        count: 2,
        networks: [],
      },
    ])
    expect(networks).toMatchObject([
      { id, formedAt: NOW, endedAt: null, domains: 2, agents: 25, agentsEver: 25 },
    ])
    expect(members.map(({ name, network }) => [name.domain, network])).toEqual([
      ['a.example', id],
      ['b.example', id],
      ['c.example', null],
    ])
    expect(graph.takeNews()).toEqual({ changes: [], networks: [], members: [], gone: [] })
    expect(graph.membersOf(id)).toEqual(['a.example', 'b.example'])
    expect(graph.agentsOf(id)).toHaveLength(25)
  })

  it('takes a further name in at once, before any sweep', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    graph.takeNews()
    graph.note(flagged('c.example', 3, 20, NOW + HOUR), NOW + HOUR)
    expect(graph.takeNews().changes).toMatchObject([{ change: 'joined', version: 2, domains: ['c.example'] }])
  })

  it('is not formed by addresses where many strangers are', () => {
    const graph = new NetworkGraph(DEFAULT_POLICY)
    for (const domain of ['a.example', 'b.example', 'c.example']) {
      graph.note({ domain, agents: agents(0, 4, NOW, 400), standsAlone: true, at: NOW }, NOW)
    }
    settle(graph, NOW)
    expect(graph.networkOf('a.example')).toBeNull()
  })

  it('has the same id wherever the same happened', () => {
    const names = [flagged('a.example', 0), flagged('b.example', 5)]
    expect(graphOf(...names).networkOf('a.example')).toBe(graphOf(...names).networkOf('a.example'))
  })

  it('counts by day what was new to it', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    noted(graph, flagged('b.example', 15, 20, NOW + DAY))
    const day = Date.parse('2026-03-02T00:00:00Z')
    expect(graph.get(graph.networkOf('a.example')!)!.growth).toEqual([
      { day, newAgents: 25, newDomains: 2 },
      { day: day + DAY, newAgents: 10, newDomains: 0 },
    ])
  })
})

describe('a name that does not stand alone', () => {
  const guest: FlaggedName = { ...flagged('guest.example', 2, 10), standsAlone: false }

  it('is listed with the network that it fits, and brings nothing', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5), guest)
    const id = graph.networkOf('guest.example')!
    expect(graph.membersOf(id)).toContain('guest.example')
    expect(graph.get(id)).toMatchObject({ domains: 3, agents: 25 })
    noted(graph, { ...guest, agents: agents(0, 60, NOW + 1), at: NOW + 1 })
    expect(graph.get(id)).toMatchObject({ agents: 25 })
  })

  it('comes when it is flagged, with what it brings, and is told once', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5), guest)
    const id = graph.networkOf('guest.example')!
    expect(graph.get(id)!.growth).toMatchObject([{ newAgents: 25, newDomains: 2 }])
    expect(graph.takeNews().changes).toMatchObject([{ change: 'formed', count: 3 }])
    noted(graph, flagged('guest.example', 2, 30, NOW + HOUR))
    expect(graph.networkOf('guest.example')).toBe(id)
    expect(graph.get(id)).toMatchObject({ domains: 3, growth: [{ newAgents: 32, newDomains: 3 }] })
    expect(graph.takeNews().changes).toEqual([])
  })

  it('founds no network and ties none together', () => {
    const one = { ...guest, domain: 'one.example' }
    expect(graphOf(guest, one).networkOf('one.example')).toBeNull()
    const bridge = { ...guest, agents: [...agents(0, 20, NOW), ...agents(500, 20, NOW)] }
    const graph = graphOf(
      flagged('a.example', 0),
      flagged('b.example', 0),
      flagged('c.example', 500),
      flagged('d.example', 500),
      bridge,
    )
    expect(graph.networkOf('a.example')).not.toBe(graph.networkOf('c.example'))
  })

  it('does not keep a network alive', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5), guest)
    const id = graph.networkOf('a.example')!
    graph.clear('a.example', NOW + 1)
    expect(graph.get(id)).toMatchObject({ endedAt: NOW + 1, domains: 0 })
    expect(graph.networkOf('guest.example')).toBeNull()
  })
})

describe('what is noted', () => {
  it('changes nothing the second time, nor when it is older than what is known', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    graph.takeNews()
    noted(graph, flagged('a.example', 0))
    graph.note(flagged('b.example', 700, 20, NOW - 1), NOW)
    settle(graph, NOW)
    expect(graph.takeNews()).toEqual({ changes: [], networks: [], members: [], gone: [] })
  })

  it('does not bring a cleared name back when it is older than the clearing', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    graph.takeNews()
    graph.clear('a.example', NOW + HOUR)
    graph.note(flagged('a.example', 0, 20, NOW + 1), NOW + HOUR)
    expect(graph.takeNews().gone).toEqual(['a.example'])
    graph.note(flagged('a.example', 0, 20, NOW + 2 * HOUR), NOW + 2 * HOUR)
    settle(graph, NOW + 2 * HOUR)
    expect(graph.networkOf('a.example')).not.toBeNull()
  })

  it('is kept of a name up to its latest agents', () => {
    const graph = graphOf(flagged('a.example', 0, 100), flagged('a.example', 100, 100, NOW + HOUR))
    const [member] = graph.takeNews().members
    expect(member!.name.agents).toHaveLength(AGENTS_KEPT)
    expect(member!.name.agents.filter(({ last }) => last === NOW + HOUR)).toHaveLength(100)
  })

  it('is told to be kept again a day later though only times changed', () => {
    const graph = graphOf(flagged('a.example', 0))
    graph.takeNews()
    noted(graph, flagged('a.example', 0, 20, NOW + HOUR))
    expect(graph.takeNews().members).toEqual([])
    noted(graph, flagged('a.example', 0, 20, NOW + DAY))
    expect(graph.takeNews().members).toMatchObject([{ name: { at: NOW + DAY } }])
  })
})

describe('as time goes on', () => {
  const A = ['a.example', 'b.example', 'c.example']
  const B = ['x.example', 'y.example']

  it('two networks whose names come to share their agents merge into the older one', () => {
    const graph = graphOf(...A.map((domain) => flagged(domain, 0)))
    const older = graph.networkOf('a.example')!
    noted(graph, ...B.map((domain) => flagged(domain, 500, 20, NOW + HOUR)))
    const younger = graph.networkOf('x.example')!
    expect(younger).not.toBe(older)
    graph.takeNews()
    noted(graph, ...[...A, ...B].map((domain) => flagged(domain, 1000, 80, NOW + DAY)))
    const { changes } = graph.takeNews()
    expect(changes).toHaveLength(2)
    expect(changes).toContainEqual(
      expect.objectContaining({ network: older, change: 'merged', domains: B, networks: [younger] }),
    )
    expect(changes).toContainEqual(expect.objectContaining({ network: younger, change: 'ended' }))
    expect(graph.get(younger)).toMatchObject({ mergedInto: older, domains: 0 })
    expect(graph.networkOf('y.example')).toBe(older)
  })

  it('a network whose tie has aged out splits; the larger part keeps the id', () => {
    const all = [...A, ...B]
    const graph = graphOf(...all.map((domain) => flagged(domain, 1000, 80)))
    const id = graph.networkOf('a.example')!
    expect(graph.membersOf(id)).toEqual(all)
    graph.takeNews()
    const later = NOW + 20 * DAY
    noted(
      graph,
      ...A.map((domain) => flagged(domain, 0, 20, later)),
      ...B.map((domain) => flagged(domain, 500, 20, later)),
    )
    expect(graph.membersOf(id)).toEqual(all)
    settle(graph, NOW + 31 * DAY)
    settle(graph, NOW + 32 * DAY)
    const part = graph.networkOf('x.example')!
    const { changes } = graph.takeNews()
    expect(changes).toContainEqual(
      expect.objectContaining({ network: id, change: 'split', domains: B, networks: [part] }),
    )
    expect(changes).toContainEqual(expect.objectContaining({ network: part, change: 'formed', domains: B }))
    expect(graph.membersOf(id)).toEqual(A)
    expect(graph.get(part)).toMatchObject({ splitFrom: id, version: 1 })
  })

  it('a name without a fresh agent leaves, is forgotten, and a network of one ends', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    const id = graph.networkOf('a.example')!
    noted(graph, flagged('a.example', 0, 20, NOW + 20 * DAY))
    graph.takeNews()
    settle(graph, NOW + 31 * DAY)
    const { changes, gone } = graph.takeNews()
    expect(gone).toEqual(['b.example'])
    expect(changes).toMatchObject([{ network: id, change: 'ended', count: 2 }])
    expect(graph.networkOf('a.example')).toBeNull()
  })
})

describe('what was kept', () => {
  it('makes the same graph again', () => {
    const graph = graphOf(
      ...['a.example', 'b.example', 'c.example'].map((domain) => flagged(domain, 0)),
      { ...flagged('guest.example', 0), standsAlone: false },
      flagged('alone.example', 900),
    )
    const { members, networks } = graph.takeNews()
    const again = new NetworkGraph(DEFAULT_POLICY)
    again.restore(structuredClone(members), structuredClone(networks))
    settle(again, NOW)
    const id = graph.networkOf('a.example')!
    expect(again.get(id)).toEqual(graph.get(id))
    expect(again.membersOf(id)).toEqual(graph.membersOf(id))
    expect(again.agentsOf(id)).toEqual(graph.agentsOf(id))
    expect(again.takeNews()).toEqual({ changes: [], networks: [], members: [], gone: [] })
    noted(again, flagged('late.example', 1, 20, NOW + HOUR))
    expect(again.networkOf('late.example')).toBe(id)
  })

  it('may have a network that ended: it is known, and the same names found another one', () => {
    const graph = graphOf(flagged('a.example', 0), flagged('b.example', 5))
    const id = graph.networkOf('a.example')!
    graph.clear('b.example', NOW + 1)
    settle(graph, NOW + 1)
    const { members, networks } = graph.takeNews()
    expect(networks).toEqual([])
    const ended = graph.get(id)!
    expect(ended.endedAt).toBe(NOW + 1)
    const again = new NetworkGraph(DEFAULT_POLICY)
    again.restore(structuredClone(members), [structuredClone(ended)])
    noted(again, flagged('b.example', 5, 20, NOW + HOUR))
    expect(again.get(id)).toEqual(ended)
    expect(again.networkOf('a.example')).not.toBeNull()
    expect(again.networkOf('a.example')).not.toBe(id)
    expect(again.membersOf(id)).toEqual([])
  })
})

describe('whatever the order of what is noted', () => {
  const dice = createDice('orders')
  const botnet = (label: string, first: number, machines: number, count: number): FlaggedName[] =>
    Array.from({ length: count }, (_, index) => ({
      domain: `${label}-${index}.example`,
      agents: dice.distinct(machines, 24, label, index).flatMap((machine) => agents(first + machine, 1, NOW)),
      standsAlone: true,
      at: NOW,
    }))
  const names = [...botnet('one', 0, 60, 8), ...botnet('two', 54, 60, 6), ...botnet('three', 1000, 30, 3)]
  const domains = names.map(({ domain }) => domain)

  it('the networks are those that all of it makes at once', () => {
    const atOnce = new NetworkGraph(DEFAULT_POLICY)
    for (const name of names) atOnce.note(name, NOW)
    settle(atOnce, NOW)
    const expected = partition(atOnce, domains)
    expect(expected.map(({ length }) => length)).toEqual([8, 3, 6])
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: names.length }),
        fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }),
        (shuffled, sweeps) => {
          const graph = new NetworkGraph(DEFAULT_POLICY)
          shuffled.forEach((name, index) => {
            // First a part of its agents, later all of them.
            graph.note({ ...name, agents: name.agents.slice(0, 10), at: NOW - HOUR }, NOW - HOUR)
            if (sweeps[index]) graph.sweep(NOW)
          })
          for (const name of shuffled.toReversed()) graph.note(name, NOW)
          settle(graph, NOW)
          expect(partition(graph, domains)).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('no change is told twice, and each network counts its changes', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 4 }), (shuffled) => {
        const graph = new NetworkGraph(DEFAULT_POLICY)
        const versions = new Map<string, number>()
        const inNetwork = new Map<string, string | null>()
        shuffled.forEach((name, index) => {
          graph.note(name, NOW + index)
          graph.sweep(NOW + index)
          if (index % 3 === 2) graph.clear(shuffled[index - 1]!.domain, NOW + index)
          const { changes, members, gone } = graph.takeNews()
          for (const { network, version } of changes) {
            expect(version).toBe((versions.get(network) ?? 0) + 1)
            versions.set(network, version)
          }
          for (const member of members) inNetwork.set(member.name.domain, member.network)
          for (const domain of gone) inNetwork.delete(domain)
        })
        // Who follows the news knows what the graph knows.
        for (const domain of domains) expect(inNetwork.get(domain) ?? null).toBe(graph.networkOf(domain))
      }),
      { numRuns: 30 },
    )
  })
})
