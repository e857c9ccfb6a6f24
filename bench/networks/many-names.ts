// A graph of many flagged names, and what it costs to keep: CPU of a note and of a sweep, memory.
import { median } from '../medians.ts'
import type { FlaggedName, NetworkAgent } from '../../src/core/model/network.ts'
import { NetworkGraph } from '../../src/core/networks/network-graph.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { createDice } from '../../src/lab/random.ts'

const START = Date.parse('2026-03-02T00:00:00Z')
const MINUTE_MS = 60_000
const SAMPLES = 7
const CALLS = 500

export interface ManyNames {
  readonly names: number
  readonly agentsEach: number
  readonly networks: number
  readonly addresses: number
  readonly links: number
  /** CPU microseconds a call: the same agents seen again, one of them new, a name that comes to a network, one that comes alone. */
  readonly steadyUs: number
  readonly newAgentUs: number
  readonly joinUs: number
  readonly loneUs: number
  /** CPU microseconds of a sweep with nothing due; per name, of all sweeps that group everything anew once. */
  readonly idleSweepUs: number
  readonly regroupUsPerName: number
  /** Longest sweep of those. */
  readonly longestSweepMs: number
  /** Heap and array buffers, over those before. */
  readonly megabytes: number
}

/** Botnets of 3 to 1,000 names over pools of 20 to 5,000 machines; a tenth of the smaller pool belongs to the one before as well. */
export function measureManyNames(names: number, agentsEach: number): ManyNames {
  const dice = createDice('many names')
  const heldBefore = heldMegabytes()
  const graph = new NetworkGraph(DEFAULT_POLICY)
  const botnets: { readonly first: number; readonly machines: number }[] = []
  let machines = 0
  const agentsAt = (botnet: number, name: number, at: number, fresh = 0): NetworkAgent[] => {
    const { first, machines: alive } = botnets[botnet]!
    const agents = new Map<string, NetworkAgent>()
    for (let index = 0; index < Math.min(agentsEach, alive); index++) {
      const machine = dice.below(alive, 'machine', name, index < fresh ? `fresh ${at} ${index}` : index)
      // A tenth of the smaller pool are the machines of the botnet before as well.
      const before = botnets[botnet - 1]
      const isShared = before !== undefined && machine < Math.min(alive, before.machines) / 10
      const number = isShared ? first - 1 - machine : first + machine
      const address = `${20 + (number >>> 24)}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`
      agents.set(address, { address, last: at, strangers: 0 })
    }
    return [...agents.values()]
  }
  const note = (botnet: number, name: number, at: number, fresh = 0): FlaggedName => ({
    domain: `name-${name}.example`,
    agents: agentsAt(botnet, name, at, fresh),
    standsAlone: true,
    at,
  })
  const botnetOf: number[] = []
  while (botnetOf.length < names) {
    const alive = Math.round(20 * 250 ** dice.ratio('alive', botnets.length))
    const size = Math.round(3 * 333 ** dice.ratio('size', botnets.length))
    for (let index = 0; index < size && botnetOf.length < names; index++) botnetOf.push(botnets.length)
    botnets.push({ first: machines, machines: alive })
    machines += alive
  }
  let now = START
  botnetOf.forEach((botnet, name) => {
    graph.note(note(botnet, name, now), now)
    if (name % 500 === 499) graph.sweep((now += 1000))
  })
  now = settle(graph, now)
  graph.takeNews()
  const megabytes = heldMegabytes() - heldBefore

  const some = (label: string, call: number): number => dice.below(names, label, call)
  let fresh = 0
  const cost = (make: (call: number) => FlaggedName): number => {
    const samples = Array.from({ length: SAMPLES }, () => {
      now += MINUTE_MS
      const notes = Array.from({ length: CALLS }, () => make((fresh += 1)))
      return cpuUs(() => notes.forEach((name) => graph.note(name, now))) / CALLS
    })
    graph.takeNews()
    return median(samples)
  }
  const steadyUs = cost((call) => note(botnetOf[some('steady', call)]!, some('steady', call), now))
  const newAgentUs = cost((call) => note(botnetOf[some('new', call)]!, some('new', call), now, 1))
  const joinUs = cost((call) => note(botnetOf[some('join', call)]!, names + call, now))
  const loneUs = cost((call) => ({
    domain: `lone-${call}.example`,
    standsAlone: true,
    at: now,
    agents: Array.from({ length: agentsEach }, (_, index) => ({
      address: `9.${(call >>> 8) & 255}.${call & 255}.${index}`,
      last: now,
      strangers: 0,
    })),
  }))
  now = settle(graph, now)
  const idleSweepUs = median(Array.from({ length: SAMPLES }, () => cpuUs(() => graph.sweep(now))))

  // One new agent in each network makes everything due.
  botnetOf.forEach((botnet, name) => graph.note(note(botnet, name, (now += 1), 1), now))
  now += 3_600_000
  let regroupUs = 0
  let longestUs = 0
  while (graph.isDue(now)) {
    const us = cpuUs(() => graph.sweep(now))
    regroupUs += us
    longestUs = Math.max(longestUs, us)
  }
  const { links, addresses } = graph.size
  const networks = new Set(botnetOf.map((_, name) => graph.networkOf(`name-${name}.example`))).size
  return {
    names,
    agentsEach,
    networks,
    addresses,
    links,
    steadyUs,
    newAgentUs,
    joinUs,
    loneUs,
    idleSweepUs,
    regroupUsPerName: regroupUs / names,
    longestSweepMs: longestUs / 1000,
    megabytes,
  }
}

function settle(graph: NetworkGraph, from: number): number {
  const now = from + 3_600_000
  while (graph.isDue(now)) graph.sweep(now)
  return now
}

function cpuUs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function heldMegabytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}
