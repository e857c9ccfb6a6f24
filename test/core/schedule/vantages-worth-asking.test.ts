import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { nextHostProbe } from '../../../src/core/schedule/next-probe.ts'
import type { Outlook } from '../../../src/core/schedule/outlook.ts'
import { vantagesWorthAsking } from '../../../src/core/schedule/vantages-worth-asking.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import { hostRound, START, watchHost, watchZone } from '../series/scripted-rounds.ts'

const at = (seconds: number) => START + seconds * 1000
const ALL = ['v1', 'v2', 'direct']
const POLICY = { ...DEFAULT_POLICY, directVantages: ['direct'] }
const OPEN: Outlook = { verdict: 'pending', fluxType: null, score: 0.5, typeSettled: true }
const asked = (series: Parameters<typeof vantagesWorthAsking>[0], seconds: number, vantages = ALL) =>
  vantagesWorthAsking(series, vantages, POLICY, at(seconds))

const host = watchHost('a.example', [
  [
    { at: 0, a: ['61.1.0.1'], ttl: 60, vantage: 'v1' },
    { at: 0, a: ['61.1.0.1'], ttl: 250, vantage: 'v2' },
    { at: 0, a: ['61.1.0.1'], ttl: 60, vantage: 'direct' },
  ],
])

describe('whom a round asks', () => {
  it('is everybody before the first round', () => {
    expect(asked(null, 0)).toEqual(ALL)
    expect(asked(newHostSeries('a.example'), 0)).toEqual(ALL)
  })

  it('is the direct vantage, and the resolvers whose copy is gone', () => {
    expect(asked(host, 40)).toEqual(['direct'])
    expect(asked(host, 70)).toEqual(['v1', 'direct'])
    expect(asked(host, 280)).toEqual(ALL)
  })

  it('is the direct vantage alone sooner than the least interval, even where nothing is cached', () => {
    const zero = watchHost('a.example', [ALL.map((vantage) => ({ at: 0, a: ['61.1.0.1'], ttl: 0, vantage }))])
    expect(asked(zero, 3)).toEqual(['direct'])
    expect(asked(zero, 34)).toEqual(ALL)
  })

  it('includes a resolver that gave no answer yet, or none lately', () => {
    expect(asked(host, 40, ['v1', 'v3'])).toEqual(['v3'])
    const failing = watchHost('a.example', [
      [{ at: 0, a: ['61.1.0.1'], ttl: 60, vantage: 'v1' }],
      [
        { at: 70, vantage: 'v1', outcome: 'failed', failure: 'timeout' },
        { at: 70, a: ['61.1.0.1'], ttl: 60, vantage: 'v2' },
      ],
    ])
    expect(asked(failing, 105, ['v1', 'v2'])).toEqual(['v1'])
  })

  it('is never nobody: the resolver that lets go first is asked', () => {
    expect(asked(host, 40, ['v1', 'v2'])).toEqual(['v1'])
    expect(asked(host, 40, ['v2', 'v1'])).toEqual(['v1'])
    expect(asked(host, 40, [])).toEqual([])
  })

  it('does not wait longer than about five minutes for a long TTL', () => {
    const long = watchHost('a.example', [[{ at: 0, a: ['61.1.0.1'], ttl: 172_800 }]])
    expect(asked(long, 290, ['v1', 'v2'])).toEqual(['v2'])
    expect(asked(long, 335, ['v1', 'v2'])).toEqual(['v1', 'v2'])
  })

  it('is asked sooner of a farm of caches: each question meets another copy', () => {
    const look = (seconds: number, ttl: number) => [{ at: seconds, a: ['61.1.0.1'], ttl }]
    const farm = watchHost('a.example', [look(0, 240), look(40, 240), look(80, 160), look(120, 160)])
    const one = watchHost('a.example', [look(0, 240), look(40, 200), look(80, 160), look(120, 120)])
    expect(farm.views[0]!.caches).toBe(2)
    expect(asked(farm, 210, ['v1', 'v2'])).toEqual(['v1', 'v2'])
    expect(asked(one, 210, ['v1', 'v2'])).toEqual(['v2'])
  })

  it('counts the name servers of a zone alone, whose SOA may change any time', () => {
    const zone = watchZone('example', [{ at: 0, nameServers: ['ns1.x'], soa: 'ns1.x h.x 1 2 3 4 5' }])
    expect(asked(zone, 100, ['v1', 'v2'])).toEqual(['v2'])
    expect(asked(zone, 335, ['v1', 'v2'])).toEqual(['v1', 'v2'])
  })

  it('gives each vantage a pace of its own', () => {
    const both = watchHost('a.example', [
      ['v1', 'v2'].map((vantage) => ({ at: 0, a: ['61.1.0.1'], ttl: 280, vantage })),
    ])
    const turn = (vantage: string) => {
      const seconds = Array.from({ length: 400 }, (_, second) => second)
      return seconds.find((second) => asked(both, second, [vantage, 'never']).includes(vantage))!
    }
    expect(turn('v1')).not.toBe(turn('v2'))
    for (const vantage of ['v1', 'v2']) {
      expect(turn(vantage)).toBeGreaterThanOrEqual(281)
      expect(turn(vantage)).toBeLessThanOrEqual(281 * 1.1 + 1)
    }
  })

  it('is not in lockstep for long: two vantages that began together are asked at different times', () => {
    for (const ttl of [60, 150, 300]) {
      for (const name of ['a.example', 'b.example', 'c.example']) {
        let series = newHostSeries(name)
        let now = 0
        const alone: boolean[] = []
        for (let number = 1; number <= 60; number += 1) {
          const both = asked(series, now, ['v1', 'v2'])
          alone.push(both.length === 1)
          const looks = both.map((vantage) => ({ at: now, a: ['61.1.0.1'], ttl, vantage }))
          series = foldHostRound(series, hostRound(name, number, looks))
          now = (nextHostProbe(series, OPEN, POLICY, at(now)) - START) / 1000
        }
        // The first rounds may be common ones; later most are not.
        expect(alone.slice(30).filter(Boolean).length).toBeGreaterThan(15)
      }
    }
  })
})
