// A small world of botnets on the real path: zones, resolvers, series, assessment, agents, graph.
import { describe, expect, it } from 'vitest'
import { labNetworks } from '../../../bench/networks/lab-networks.ts'
import { precision, recall } from '../../../bench/networks/pair-counting.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { createBotnetWorld } from '../../../src/lab/botnets/botnet-world.ts'

const OPTIONS = {
  seed: 3,
  startAt: Date.parse('2026-03-02T00:00:00Z'),
  botnets: 5,
  names: [3, 7] as const,
  machines: [20, 300] as const,
  bystanders: { parked: 6, cdn: 4, sharedHosting: 2 },
  submittedWithinHours: 1,
}

describe('a world of botnets', () => {
  it('is the same for the same seed, and some of its botnets share machines', () => {
    const hosts = (seed: number): readonly string[] =>
      createBotnetWorld({ ...OPTIONS, seed }).names.map(({ member }) => member.host)
    expect(hosts(3)).toEqual(hosts(3))
    expect(hosts(3)).not.toEqual(hosts(4))
    expect(createBotnetWorld(OPTIONS).shared.filter((machines) => machines > 1).length).toBeGreaterThan(1)
  })

  it('falls into its botnets when it is watched; parked names and CDNs that are flagged by mistake tie nobody', () => {
    const { flagged, bystandersForced, pairs } = labNetworks(OPTIONS, 2.5, 8, DEFAULT_POLICY)
    expect(flagged).toBeGreaterThan(15)
    expect(bystandersForced).toBe(8)
    expect(precision(pairs)).toBeGreaterThanOrEqual(0.99)
    expect(recall(pairs)).toBeGreaterThanOrEqual(0.97)
  })
})
