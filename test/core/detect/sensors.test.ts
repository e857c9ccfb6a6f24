import { describe, expect, it } from 'vitest'
import { sensorEvidence } from '../../../src/core/detect/sensors.ts'
import { standsAlone } from '../../../src/core/detect/stands-alone.ts'
import { boundsFor } from '../../../src/core/detect/bounds.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { tableOf } from './table-of.ts'

const CAP = DEFAULT_POLICY.sensorCapNats

const told = (
  networks: number,
  {
    moved = 1,
    sensors = ['corp-dns'],
    isExplained = false,
  }: { moved?: number; sensors?: string[]; isExplained?: boolean } = {},
) =>
  sensorEvidence(
    tableOf({
      sensors: sensors.length,
      sensor_addresses: 41,
      sensor_unseen_addresses: 30,
      sensor_unseen_asns: networks,
      a_new_addresses: moved,
    }),
    sensors,
    isExplained,
    CAP,
  )

describe('sensors', () => {
  it('say nothing of a name that our own vantages see standing still', () => {
    expect(told(400, { moved: 0 })).toEqual([])
    const aaaa = tableOf({ sensor_unseen_asns: 400, aaaa_new_addresses: 1 })
    expect(sensorEvidence(aaaa, ['corp-dns'], false, CAP)).toHaveLength(1)
  })

  it('say nothing by one or two other networks: a site that was moved, or has two providers', () => {
    expect(told(2)).toEqual([])
    expect(told(3)).toHaveLength(1)
  })

  it('say nothing of a name that a context list explains: that they see more of a pool is nothing new', () => {
    expect(told(400, { isExplained: true })).toEqual([])
  })

  it('say nothing where there are none', () => {
    expect(sensorEvidence(tableOf({ a_new_addresses: 9 }), [], false, CAP)).toEqual([])
  })

  it('add ln(1 + n) / 2 nats for n networks, up to the cap: 0.69 for three, 1.28 for twelve', () => {
    expect(told(3)[0]!.weight).toBe(0.69)
    expect(told(12)[0]!.weight).toBe(1.28)
    expect(told(54)[0]!.weight).toBe(CAP)
    expect(told(4000)[0]!.weight).toBe(CAP)
  })

  it('are told by name, with every number, and say that it rests on them', () => {
    expect(told(12)).toMatchObject([
      {
        id: 'sensor-addresses',
        pointsTo: 'flux',
        about: 'addresses',
        value: 12,
        unit: 'ASNs',
        text: 'Sensors (corp-dns) saw 41 addresses; 30 of them, in 12 networks, none of our vantages has seen.',
        restsOn: ['sensor:corp-dns'],
      },
    ])
    const [many] = told(12, { sensors: ['a', 'b', 'c', 'd', 'e'] })
    expect(many!.text).toMatch(/^Sensors \(a, b, c and 2 others\) saw/)
    expect(many!.restsOn).toHaveLength(5)
  })

  it('make no verdict that may speak against other names', () => {
    const { flux } = boundsFor(1 - DEFAULT_POLICY.priors.none, DEFAULT_POLICY.errorRates)
    const scoreAbove = (nats: number): number => {
      const odds = (flux / (1 - flux)) * Math.exp(nats)
      return odds / (1 + odds)
    }
    const flagged = (score: number): Assessment =>
      ({ verdict: 'flux', score, evidence: told(12) }) as unknown as Assessment
    expect(standsAlone(flagged(scoreAbove(1.2)), DEFAULT_POLICY)).toBe(false)
    expect(standsAlone(flagged(scoreAbove(1.3)), DEFAULT_POLICY)).toBe(true)
  })
})
