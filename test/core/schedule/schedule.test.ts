import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { nextHostProbe, nextSharedProbe } from '../../../src/core/schedule/next-probe.ts'
import type { Outlook } from '../../../src/core/schedule/outlook.ts'
import { questionsFor } from '../../../src/core/schedule/questions.ts'
import { vantagesWorthAsking } from '../../../src/core/schedule/vantages-worth-asking.ts'
import { newHostSeries } from '../../../src/core/series/host-series.ts'
import { referral, TWO_DAYS, watchDelegation } from '../series/scripted-authorities.ts'
import { scattered, START, watchHost, watchZone } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const at = (seconds: number) => START + seconds * 1000
const waited = (due: number, now: number) => (due - at(now)) / 1000
const OPEN: Outlook = { verdict: 'pending', fluxType: null, score: 0.5, typeSettled: true }
const QUIET: Outlook = { verdict: 'no_flux_seen', fluxType: null, score: 0, typeSettled: true }
const DIRECT: Policy = { ...DEFAULT_POLICY, directVantages: ['direct'] }

describe('the questions', () => {
  it('are the addresses of a host, and name servers and SOA of a zone', () => {
    expect(questionsFor({ kind: 'host', name: 'a.example' }).map((one) => one.type)).toEqual(['A', 'AAAA'])
    expect(questionsFor({ kind: 'zone', name: 'example' }).map((one) => one.type)).toEqual(['NS', 'SOA'])
  })
})

const dueOf = (name: string) =>
  nextHostProbe(watchHost(name, [[{ at: 0, a: ['61.1.0.1'] }]]), OPEN, DEFAULT_POLICY, at(0))

describe('the next look at an undecided host', () => {
  it('comes just after the first cached copy has expired, not after the last', () => {
    const host = watchHost('a.example', [
      [
        { at: 0, a: ['61.1.0.1'], ttl: 200 },
        { at: 0, a: ['61.1.0.1'], ttl: 90, vantage: 'v2' },
      ],
    ])
    const wait = waited(nextHostProbe(host, OPEN, DEFAULT_POLICY, at(0)), 0)
    expect(wait).toBeGreaterThanOrEqual(91)
    expect(wait).toBeLessThanOrEqual(91 * 1.1 * 1.05)
  })

  it('waits a few seconds for a copy that expires close behind the first, and takes both', () => {
    const first = { at: 0, a: ['61.1.0.1'], ttl: 90 }
    const due = (...looks: Look[]) => {
      const host = watchHost('a.example', [[first, ...looks]])
      return { host, due: nextHostProbe(host, OPEN, DEFAULT_POLICY, at(0)) }
    }
    const alone = due().due
    const pairs = Array.from({ length: 40 }, (_, ttl) => due({ ...first, vantage: 'v2', ttl: 70 + ttl }))
    const later = pairs.filter((pair) => pair.due > alone)
    expect(later.length).toBeGreaterThan(0)
    for (const pair of later) {
      expect(pair.due).toBeLessThanOrEqual(alone + 3_000 * 1.05)
      expect(vantagesWorthAsking(pair.host, ['v1', 'v2'], DEFAULT_POLICY, pair.due)).toEqual(['v1', 'v2'])
    }
  })

  it('falls behind the expiry of a TTL of 300 s, for the look would come just too early else', () => {
    for (const name of ['a.example', 'b.example', 'c.example', 'd.example']) {
      const host = watchHost(name, [[{ at: 0, a: ['61.1.0.1'], ttl: 300 }]])
      expect(waited(nextHostProbe(host, OPEN, DEFAULT_POLICY, at(0)), 0)).toBeGreaterThanOrEqual(301)
    }
  })

  it('keeps between the least interval and the longest wait, whatever the TTL', () => {
    for (const ttl of [0, 1, 299, 3600, 172_800]) {
      const host = watchHost('a.example', [[{ at: 0, a: ['61.1.0.1'], ttl }]])
      const wait = waited(nextHostProbe(host, OPEN, DEFAULT_POLICY, at(0)), 0)
      expect(wait).toBeGreaterThanOrEqual(DEFAULT_POLICY.minIntervalSeconds)
      expect(wait).toBeLessThanOrEqual(DEFAULT_POLICY.undecidedMaxIntervalSeconds)
    }
  })

  it('does not run for the one vantage that fails again and again', () => {
    const host = watchHost('a.example', [
      [
        { at: 0, a: ['61.1.0.1'], ttl: 60 },
        { at: 0, a: ['61.1.0.1'], ttl: 60, vantage: 'v2' },
      ],
      [
        { at: 70, a: ['61.1.0.2'], ttl: 250 },
        { at: 70, outcome: 'failed', failure: 'timeout', vantage: 'v2' },
      ],
    ])
    expect(waited(nextHostProbe(host, OPEN, DEFAULT_POLICY, at(70)), 70)).toBeGreaterThanOrEqual(251)
  })

  it('keeps the interval that the user asked for, but never under the least one', () => {
    const host = watchHost('a.example', [[{ at: 0, a: ['61.1.0.1'], ttl: 600, vantage: 'direct' }]])
    const due = (intervalSeconds: number) =>
      waited(nextHostProbe(host, OPEN, { ...DIRECT, intervalSeconds }, at(0)), 0)
    expect(due(45)).toBe(45)
    expect(due(1)).toBe(DEFAULT_POLICY.minIntervalSeconds)
  })

  it('is the same for the same series, and spread over names', () => {
    expect(dueOf('a.example')).toBe(dueOf('a.example'))
    const names = Array.from({ length: 50 }, (_, index) => `n${index}.example`)
    expect(new Set(names.map(dueOf)).size).toBeGreaterThan(40)
  })
})

describe('the direct vantage', () => {
  const seen = (seconds: readonly number[]) =>
    watchHost(
      'a.example',
      seconds.map((second) => [{ at: second, a: ['61.1.0.1'], ttl: 300, vantage: 'direct' }]),
    )

  it('looks four times at once at a new name, then at the pace of the least interval', () => {
    const waits = [[0], [0, 3], [0, 3, 6], [0, 3, 6, 9], [0, 3, 6, 9, 12]].map((seconds) => {
      const now = seconds.at(-1)!
      return waited(nextHostProbe(seen(seconds), OPEN, DIRECT, at(now)), now)
    })
    expect(waits.slice(0, 4)).toEqual([3, 3, 3, 3])
    expect(waits[4]).toBeGreaterThanOrEqual(30)
    expect(waits[4]).toBeLessThanOrEqual(32)
  })

  it('does not hurry for a name that is settled, that has no addresses, or that it does not see', () => {
    const wait = (host = seen([0]), outlook = OPEN, policy = DIRECT) =>
      waited(nextHostProbe(host, outlook, policy, at(0)), 0)
    const none = watchHost('a.example', [[{ at: 0, vantage: 'direct', outcome: 'nxdomain' }]])
    expect(wait(seen([0]), QUIET)).toBeGreaterThanOrEqual(30)
    expect(wait(none)).toBeGreaterThanOrEqual(30)
    expect(wait(seen([0]), OPEN, DEFAULT_POLICY)).toBeGreaterThanOrEqual(30)
  })

  it('does not hurry after the first minute', () => {
    expect(waited(nextHostProbe(seen([0, 61]), OPEN, DIRECT, at(61)), 61)).toBeGreaterThanOrEqual(30)
  })

  it('looks ever more seldom at a name that stays undecided', () => {
    const wait = (age: number) => waited(nextHostProbe(seen([0, age]), OPEN, DIRECT, at(age)), age)
    expect(wait(1000)).toBeGreaterThanOrEqual(150)
    expect(wait(1000)).toBeLessThanOrEqual(158)
    expect(wait(100_000)).toBeLessThanOrEqual(DEFAULT_POLICY.undecidedMaxIntervalSeconds)
    expect(wait(100_000)).toBeGreaterThan(300)
  })
})

describe('the next look at a settled host', () => {
  const host = watchHost('a.example', [
    [{ at: 0, a: ['61.1.0.1'], ttl: 60 }],
    [{ at: 100, a: ['61.1.0.1'], ttl: 60 }],
  ])

  it('grows by half from look to look when the verdict is certain', () => {
    const wait = waited(nextHostProbe(host, QUIET, DEFAULT_POLICY, at(100)), 100)
    expect(wait).toBeGreaterThanOrEqual(150)
    expect(wait).toBeLessThanOrEqual(158)
  })

  it('grows more slowly the less certain the verdict is', () => {
    const wait = (score: number) =>
      waited(nextHostProbe(host, { ...QUIET, score }, DEFAULT_POLICY, at(100)), 100)
    expect(wait(0.25)).toBeGreaterThanOrEqual(125)
    expect(wait(0.25)).toBeLessThanOrEqual(132)
    expect(wait(0.5)).toBeLessThanOrEqual(105)
  })

  it('is never more than an hour away', () => {
    const slow = watchHost('a.example', [
      [{ at: 0, a: ['61.1.0.1'], ttl: 60 }],
      [{ at: 9000, a: ['61.1.0.1'], ttl: 60 }],
    ])
    expect(waited(nextHostProbe(slow, QUIET, DEFAULT_POLICY, at(9000)), 9000)).toBeLessThanOrEqual(3600)
  })

  it('waits for all caches', () => {
    const wide = watchHost('a.example', [
      [
        { at: 0, a: ['61.1.0.1'], ttl: 60 },
        { at: 0, a: ['61.1.0.1'], ttl: 250, vantage: 'v2' },
      ],
    ])
    expect(waited(nextHostProbe(wide, QUIET, DEFAULT_POLICY, at(0)), 0)).toBeGreaterThanOrEqual(251)
  })

  it('is as soon as for an undecided one while NS flux may be double flux', () => {
    const flux: Outlook = { verdict: 'flux', fluxType: 'ns', score: 0.99, typeSettled: false }
    const late = watchHost('a.example', [
      [{ at: 0, a: ['61.1.0.1'], ttl: 60 }],
      [{ at: 3000, a: ['61.1.0.1'], ttl: 60 }],
    ])
    const wait = (outlook: Outlook) => waited(nextHostProbe(late, outlook, DEFAULT_POLICY, at(3000)), 3000)
    expect(wait(flux)).toBeLessThan(80)
    expect(wait({ ...flux, typeSettled: true })).toBeGreaterThan(3000)
    expect(wait({ ...flux, fluxType: 'single' })).toBeGreaterThan(3000)
  })
})

describe('the next look at a shared target', () => {
  const policy = DEFAULT_POLICY
  it('follows the time since the last change: soon after one, up to an hour when quiet', () => {
    const moved = watchHost('ns1.x', [
      [{ at: 0, a: [scattered(1)], ttl: 3600 }],
      [{ at: 20_000, a: [scattered(2)], ttl: 10 }],
    ])
    expect(waited(nextSharedProbe(moved, policy, at(20_000)), 20_000)).toBeLessThan(40)
    const hour = waited(nextSharedProbe(moved, policy, at(24_000)), 24_000)
    expect(hour).toBeGreaterThanOrEqual(600)
    expect(hour).toBeLessThanOrEqual(630)
    expect(waited(nextSharedProbe(moved, policy, at(90_000)), 90_000)).toBeLessThanOrEqual(3600)
    expect(waited(nextSharedProbe(moved, policy, at(90_000)), 90_000)).toBeGreaterThan(3400)
  })

  it('is never more than ten TTLs away, or six minutes where those are less', () => {
    const quiet = (ttl: number) =>
      waited(
        nextSharedProbe(watchHost('ns1.x', [[{ at: 0, a: [scattered(1)], ttl }]]), policy, at(90_000)),
        90_000,
      )
    expect(quiet(120)).toBeLessThanOrEqual(1200)
    expect(quiet(120)).toBeGreaterThan(1100)
    expect(quiet(5)).toBeLessThanOrEqual(360)
    expect(quiet(5)).toBeGreaterThan(340)
  })

  it('does not wait for caches where the authorities are asked', () => {
    const host = (vantage: string) => watchHost('ns1.x', [[{ at: 0, a: [scattered(1)], ttl: 3600, vantage }]])
    expect(waited(nextSharedProbe(host('v1'), DIRECT, at(0)), 0)).toBeGreaterThanOrEqual(301)
    expect(waited(nextSharedProbe(host('direct'), DIRECT, at(0)), 0)).toBeLessThanOrEqual(32)
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
