import { describe, expect, it } from 'vitest'
import type { ContextFinding } from '../../../src/core/detect/context/find-context.ts'
import { currentModel } from '../../../src/core/detect/model/current-model.ts'
import { weigh } from '../../../src/core/detect/weigh.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'
import { measureFeatures } from '../../../src/core/features/catalogue.ts'
import { withFlagged } from '../../../src/core/model/address-facts.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { home, hosted, NETWORKS } from '../assess/networks.ts'
import { domainOf, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const MODEL = currentModel()

// Four of twenty machines, drawn for each answer, half of them at home: much could explain it.
const host = watchHost(
  'pool.example',
  Array.from({ length: 12 }, (_, round) =>
    ['v0', 'v1', 'v2'].map((vantage, index): Look => ({
      at: round * 160,
      vantage,
      ttl: 150,
      a: [0, 1, 2, 3].map((seat) => {
        const machine = (round * 7 + seat * 5 + index * 3) % 20
        return machine % 2 === 0 ? home(machine) : hosted(machine)
      }),
    })),
  ),
)
const servers = [1, 2].map((n) =>
  watchHost(
    `ns${n}.pool.example`,
    [0, 900].map((at, look): Look[] => [{ at, ttl: 600, a: [home(100 * n + look)] }]),
  ),
)
const NOW = host.lastAt!
const measure = (known = NETWORKS) =>
  new FeatureTable(measureFeatures(viewDomain(domainOf(host, servers), known, NOW)))
const FEATURES = measure()
const weighed = (findings: readonly ContextFinding[], features = FEATURES) =>
  weigh(MODEL, features, findings, DEFAULT_POLICY, NOW)

const finding = (list: string, explains: ContextFinding['explains'], nats: number): ContextFinding => ({
  list,
  entry: `${list}.example`,
  matched: 'name',
  explains,
  nats,
})
const FINDINGS = [
  finding('volunteer-pools', 'volunteer-pool', 4),
  finding('mirrors', 'mirrors', 2),
  finding('dns-seeds', 'dns-seed', 1),
]

describe('what context lists explain', () => {
  it('adds up: the odds with all lists are the odds without plus what each list says it took', () => {
    const plain = weighed([])
    const listed = weighed(FINDINGS)
    const effects = listed.context.reduce((sum, { effect }) => sum + effect, 0)
    // Each effect is rounded to a hundredth.
    expect(Math.abs(plain.odds.addresses + effects - listed.odds.addresses)).toBeLessThan(0.005 * 3 + 1e-9)
    expect(effects).toBeLessThan(0)
  })

  it('never speaks for flux, and is told list by list in the order given', () => {
    const { context } = weighed(FINDINGS)
    expect(context.map(({ list }) => list)).toEqual(FINDINGS.map(({ list }) => list))
    for (const { effect } of context) expect(effect).toBeLessThanOrEqual(0)
  })

  it('does not touch the name servers', () => {
    expect(weighed(FINDINGS).odds.nameServers).toBe(weighed([]).odds.nameServers)
    expect(weighed(FINDINGS).innocent.nameServers).toEqual(weighed([]).innocent.nameServers)
  })

  it('cannot take more than the list weighs, however well it fits', () => {
    for (const one of FINDINGS) {
      const { effect } = weighed([one]).context[0]!
      expect(-effect).toBeLessThanOrEqual(one.nats)
    }
  })
})

describe('evidence', () => {
  it('comes heaviest first, without what weighs next to nothing', () => {
    const { evidence } = weighed([])
    const weights = evidence.map(({ weight }) => Math.abs(weight))
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
    for (const { weight, pointsTo } of evidence) {
      expect(Math.abs(weight)).toBeGreaterThanOrEqual(0.05)
      expect(pointsTo).toBe(weight > 0 ? 'flux' : 'no_flux')
    }
  })

  it('of neighbours adds to the half that shares with them exactly what it says', () => {
    const flagged = {
      addresses: new Map(
        host.addresses.entries.map(({ key }) => [key, ['other-name.example', 'third.test']]),
      ),
      nameServers: new Map<string, readonly string[]>(),
    }
    const shared = weighed([], measure(withFlagged(NETWORKS, flagged)))
    const [piece] = shared.evidence.filter(({ id }) => id === 'a-flagged-neighbours')
    expect(shared.odds.addresses - weighed([]).odds.addresses).toBeCloseTo(piece!.weight, 10)
    expect(shared.odds.nameServers).toBe(weighed([]).odds.nameServers)
  })

  it('of one half says nothing about the other', () => {
    const alone = new FeatureTable(measureFeatures(viewDomain(domainOf(host), NETWORKS, NOW)))
    const { odds, evidence, innocent } = weighed([], alone)
    expect([odds.nameServers, innocent.nameServers]).toEqual([0, null])
    expect(evidence.filter(({ about }) => about === 'name_servers')).toEqual([])
  })
})
