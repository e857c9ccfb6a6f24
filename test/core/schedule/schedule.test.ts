import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { nextHostProbe, nextSharedProbe } from '../../../src/core/schedule/next-probe.ts'
import { questionsFor } from '../../../src/core/schedule/questions.ts'
import { newHostSeries } from '../../../src/core/series/host-series.ts'
import { referral, TWO_DAYS, watchDelegation } from '../series/scripted-authorities.ts'
import { scattered, START, watchHost, watchZone } from '../series/scripted-rounds.ts'

const at = (seconds: number) => START + seconds * 1000
const waited = (due: number, now: number) => (due - at(now)) / 1000

describe('the questions', () => {
  it('are the addresses of a host, and name servers and SOA of a zone', () => {
    expect(questionsFor({ kind: 'host', name: 'a.example' }).map((one) => one.type)).toEqual(['A', 'AAAA'])
    expect(questionsFor({ kind: 'zone', name: 'example' }).map((one) => one.type)).toEqual(['NS', 'SOA'])
  })
})

const dueOf = (name: string) =>
  nextHostProbe(watchHost(name, [[{ at: 0, a: ['61.1.0.1'] }]]), false, DEFAULT_POLICY, at(0))

describe('the next look at a host', () => {
  it('comes just after the last cached copy has expired while undecided', () => {
    const host = watchHost('a.example', [
      [
        { at: 0, a: ['61.1.0.1'], ttl: 120 },
        { at: 0, a: ['61.1.0.1'], ttl: 90, vantage: 'v2' },
      ],
    ])
    const wait = waited(nextHostProbe(host, false, DEFAULT_POLICY, at(0)), 0)
    expect(wait).toBeGreaterThanOrEqual(121)
    expect(wait).toBeLessThanOrEqual(128)
  })

  it('keeps between the least interval and 300 s while undecided, whatever the TTL', () => {
    for (const ttl of [0, 1, 299, 3600, 172_800]) {
      const host = watchHost('a.example', [[{ at: 0, a: ['61.1.0.1'], ttl }]])
      const wait = waited(nextHostProbe(host, false, DEFAULT_POLICY, at(0)), 0)
      expect(wait).toBeGreaterThanOrEqual(DEFAULT_POLICY.minIntervalSeconds)
      expect(wait).toBeLessThanOrEqual(300)
    }
  })

  it('grows by half from look to look once settled, up to an hour', () => {
    let host = watchHost('a.example', [
      [{ at: 0, a: ['61.1.0.1'], ttl: 60 }],
      [{ at: 100, a: ['61.1.0.1'], ttl: 60 }],
    ])
    const wait = waited(nextHostProbe(host, true, DEFAULT_POLICY, at(100)), 100)
    expect(wait).toBeGreaterThanOrEqual(150)
    expect(wait).toBeLessThanOrEqual(158)
    host = watchHost('a.example', [
      [{ at: 0, a: ['61.1.0.1'], ttl: 60 }],
      [{ at: 9000, a: ['61.1.0.1'], ttl: 60 }],
    ])
    expect(waited(nextHostProbe(host, true, DEFAULT_POLICY, at(9000)), 9000)).toBeLessThanOrEqual(3600)
  })

  it('keeps the interval that the user asked for, but never under the least one', () => {
    const host = watchHost('a.example', [[{ at: 0, a: ['61.1.0.1'], ttl: 600 }]])
    const due = (intervalSeconds: number) =>
      waited(nextHostProbe(host, false, { ...DEFAULT_POLICY, intervalSeconds }, at(0)), 0)
    expect(due(45)).toBe(45)
    expect(due(1)).toBe(DEFAULT_POLICY.minIntervalSeconds)
  })

  it('is the same for the same series, and spread over names', () => {
    expect(dueOf('a.example')).toBe(dueOf('a.example'))
    const names = Array.from({ length: 50 }, (_, index) => `n${index}.example`)
    expect(new Set(names.map(dueOf)).size).toBeGreaterThan(40)
  })
})

describe('the next look at a shared target', () => {
  const policy = DEFAULT_POLICY
  it('follows the time since the last change: soon after one, up to an hour when quiet', () => {
    const moved = watchHost('ns1.x', [
      [{ at: 0, a: [scattered(1)], ttl: 10 }],
      [{ at: 20_000, a: [scattered(2)], ttl: 10 }],
    ])
    expect(waited(nextSharedProbe(moved, policy, at(20_000)), 20_000)).toBeLessThan(40)
    const hour = waited(nextSharedProbe(moved, policy, at(24_000)), 24_000)
    expect(hour).toBeGreaterThanOrEqual(600)
    expect(hour).toBeLessThanOrEqual(630)
    expect(waited(nextSharedProbe(moved, policy, at(90_000)), 90_000)).toBeLessThanOrEqual(3600)
    expect(waited(nextSharedProbe(moved, policy, at(90_000)), 90_000)).toBeGreaterThan(3400)
  })

  it('is soon for one that was never looked at, and works for zones', () => {
    expect(waited(nextSharedProbe(newHostSeries('ns1.x'), policy, at(0)), 0)).toBeLessThan(40)
    const zone = watchZone('example', [{ at: 0, nameServers: ['ns1.x'] }])
    const wait = waited(nextSharedProbe(zone, policy, at(4000)), 4000)
    expect(wait).toBeGreaterThanOrEqual(600)
    expect(wait).toBeLessThanOrEqual(630)
  })

  it('is soon for a zone whose parent gives new glue, although its names stand still', () => {
    const look = (seconds: number, address: string) => [
      referral(seconds, { names: { 'ns1.evil.example': [address] }, ttl: TWO_DAYS }),
    ]
    const still = watchDelegation([look(0, '61.1.1.1'), look(40_000, '61.1.1.1')])
    const moved = watchDelegation([look(0, '61.1.1.1'), look(40_000, '62.1.1.1')])
    expect(waited(nextSharedProbe(still, policy, at(40_000)), 40_000)).toBeGreaterThan(3400)
    expect(waited(nextSharedProbe(moved, policy, at(40_000)), 40_000)).toBeLessThan(330)
  })
})
