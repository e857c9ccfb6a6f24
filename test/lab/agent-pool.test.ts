import { describe, expect, it } from 'vitest'
import { createAddressPlan } from '../../src/lab/address-plan.ts'
import { createAgentPool, longTailWeights } from '../../src/lab/agent-pool.ts'
import { createDice } from '../../src/lab/random.ts'
import { HOUR_MS, START } from './watching.ts'

const plan = createAddressPlan()
const systems = plan.systemsOf('consumer')
const pool = createAgentPool(
  { name: 'test', systems, weights: longTailWeights(systems.length), alive: 100, turnoverPerHour: 10 },
  createDice(7),
)

function aliveAt(at: number): Set<string> {
  return new Set(Array.from({ length: 3000 }, (_, draw) => pool.draw(at, draw)))
}

function sum(list: readonly number[]): number {
  return list.reduce((total, weight) => total + weight, 0)
}

describe('the long tail', () => {
  it('gives the ten largest of forty systems 45 % of the agents', () => {
    // 1/√1 + … + 1/√10 = 5.021, to √40: 11.268.
    const weights = longTailWeights(40)
    expect(sum(weights.slice(0, 10))).toBeCloseTo(5.021, 3)
    expect(sum(weights.slice(0, 10)) / sum(weights)).toBeCloseTo(0.4456, 4)
  })

  it('shows in the agents of a pool', () => {
    const largest = new Set(systems.slice(0, 10).map((system) => system.asn))
    const asns = Array.from({ length: 4000 }, (_, agent) => plan.factsOf(pool.addressOf(agent)).asn!)
    const share = asns.filter((asn) => largest.has(asn)).length / asns.length
    // Four standard deviations of 4,000 draws are 0.031.
    expect(Math.abs(share - 0.446)).toBeLessThan(0.032)
  })
})

describe('an agent pool', () => {
  it('draws from the agents that are alive, and from all of them', () => {
    expect(aliveAt(START).size).toBe(100)
  })

  it('loses and gains as many agents an hour as its turnover says', () => {
    const before = aliveAt(START)
    const after = aliveAt(START + HOUR_MS)
    expect([...before].filter((address) => !after.has(address))).toHaveLength(10)
    expect([...after].filter((address) => !before.has(address))).toHaveLength(10)
    const muchLater = aliveAt(START + 10 * HOUR_MS)
    expect([...muchLater].filter((address) => before.has(address))).toEqual([])
  })

  it('shares its agents with a pool of the same name, and none with another', () => {
    const options = { systems, weights: longTailWeights(systems.length), alive: 100, turnoverPerHour: 10 }
    expect(createAgentPool({ ...options, name: 'test' }, createDice(7)).addressOf(3)).toBe(pool.addressOf(3))
    expect(createAgentPool({ ...options, name: 'other' }, createDice(7)).addressOf(3)).not.toBe(
      pool.addressOf(3),
    )
  })
})
