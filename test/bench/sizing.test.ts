import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assumptionsFrom, sizeFor, type SizingAssumptions } from '../../bench/pipeline/sizing-model.ts'
import { count, scaled, sizingSection } from '../../bench/pipeline/sizing-section.ts'
import type { UnitCosts } from '../../bench/pipeline/unit-costs.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'

const COSTS: UnitCosts = {
  measured: 'by hand',
  hostRound: { workerUs: 80, redisUs: 20 },
  zoneRound: { workerUs: 40, redisUs: 10 },
  historyOctetsPerRound: 100,
  hostWire: { packets: 12, octets: 1_200 },
  zoneWire: { packets: 12, octets: 1_500 },
  intake: { apiUs: 10, redisUs: 5 },
  redisOctetsPerName: 400,
  namesLoaded: 1_000,
}

/** Round figures, so that the example can be followed by hand. */
const ASSUMED: SizingAssumptions = {
  settledShare: 0.9,
  settledIntervalSeconds: 1_000,
  undecidedIntervalSeconds: 100,
  sharedIntervalSeconds: 1_000,
  vantages: 3,
  questionsPerVantage: 2,
  zonesPerName: 1,
  namesPerNameServer: 10,
  utilisation: 0.5,
  memoryPerMasterOctets: 1_000_000_000,
}

describe('the sizing', () => {
  test('follows a worked example', () => {
    // A million names: 900 settled and 1,000 undecided rounds a second, 100 of name servers, 1,000 of zones.
    const sizing = sizeFor(1_000_000, COSTS, ASSUMED)
    expect(sizing.roundsPerSecond).toBeCloseTo(3_000, 6)
    expect(sizing.queriesPerSecond).toBeCloseTo(18_000, 6)
    expect(sizing.bitsPerSecond).toBeCloseTo(8 * (2_000 * 1_200 + 1_000 * 1_500), 3)
    expect(sizing.workerCores).toBeCloseTo((2_000 * 80 + 1_000 * 40) / 1e6 / 0.5, 6)
    expect(sizing.redisCores).toBeCloseTo((2_000 * 20 + 1_000 * 10) / 1e6 / 0.5, 6)
    expect(sizing.redisOctets).toBe(400_000_000)
    expect(sizing.redisMasters).toBe(1)
    expect(sizing.historyOctetsPerDay).toBeCloseTo(3_000 * 100 * 86_400, 0)
  })

  test('takes as many Redis masters as memory or commands ask for, whichever is more', () => {
    expect(sizeFor(10_000_000, COSTS, ASSUMED).redisMasters).toBe(8)
    const dear = { ...COSTS, hostRound: { workerUs: 80, redisUs: 400 } }
    expect(sizeFor(10_000_000, dear, ASSUMED).redisMasters).toBe(
      Math.ceil((20_000 * 400 + 10_000 * 10) / 1e6 / 0.5),
    )
  })

  test('grows with the vantages on the wire, and with the names in everything but the masters', () => {
    const one = sizeFor(1_000_000, COSTS, ASSUMED)
    const six = sizeFor(1_000_000, COSTS, { ...ASSUMED, vantages: 6 })
    expect(six.bitsPerSecond / one.bitsPerSecond).toBeCloseTo(2)
    expect(six.queriesPerSecond / one.queriesPerSecond).toBeCloseTo(2)
    const ten = sizeFor(10_000_000, COSTS, ASSUMED)
    for (const field of ['roundsPerSecond', 'workerCores', 'redisOctets', 'historyOctetsPerDay'] as const)
      expect(ten[field] / one[field], field).toBeCloseTo(10)
  })

  test('takes its intervals from the policy', () => {
    expect(assumptionsFrom(DEFAULT_POLICY)).toMatchObject({
      settledIntervalSeconds: DEFAULT_POLICY.maxIntervalSeconds,
      undecidedIntervalSeconds: DEFAULT_POLICY.undecidedMaxIntervalSeconds,
    })
  })

  test('is written with its assumptions and the measured costs beside it', () => {
    const text = sizingSection([sizeFor(1_000_000, COSTS, ASSUMED)], ASSUMED, COSTS)
    expect(text).toMatch(/\| questions a second +\| 18,000 +\|/)
    expect(text).toMatch(/\| history a day +\| 26 GB +\|/)
    expect(text.replaceAll('\n', ' ')).toContain('90 % of the names are settled and looked at every 1000 s')
    expect(text.replaceAll('\n', ' ')).toContain('80 µs of a worker and 20 µs of Redis')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(132)
  })

  test('has its place in the operations page', () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    expect(page.indexOf('<!-- sizing -->')).toBeGreaterThan(0)
    expect(page.indexOf('<!-- /sizing -->')).toBeGreaterThan(page.indexOf('<!-- sizing -->'))
  })
})

describe('its figures', () => {
  test('are written with decimal prefixes and the digits that count', () => {
    expect(scaled(999, 'B')).toBe('999 B')
    expect(scaled(1_340_000_000, 'B')).toBe('1.3 GB')
    expect(scaled(26_000_000, 'bit/s')).toBe('26 Mbit/s')
    expect(count(0.123)).toBe('0.12')
    expect(count(18_000.4)).toBe('18,000')
  })
})
