// What holds for every series: the limits of the policy, and that nothing but the arguments decides.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { VERDICT_NAMES } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { nextHostProbe, nextSharedProbe } from '../../../src/core/schedule/next-probe.ts'
import type { Outlook } from '../../../src/core/schedule/outlook.ts'
import { vantagesWorthAsking } from '../../../src/core/schedule/vantages-worth-asking.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const VANTAGES = ['v1', 'v2', 'v3', 'direct']

const looks: fc.Arbitrary<Omit<Look, 'at'>> = fc.record({
  vantage: fc.constantFrom(...VANTAGES),
  a: fc.constantFrom([], ['61.1.0.1'], ['61.2.0.1', '62.1.0.1']),
  ttl: fc.constantFrom(0, 1, 30, 60, 299, 300, 3600, 172_800),
})

const watched: fc.Arbitrary<{ host: HostSeries; now: number }> = fc
  .record({
    rounds: fc.array(
      fc.record({ gap: fc.nat(4000), looks: fc.array(looks, { minLength: 1, maxLength: 4 }) }),
      { maxLength: 6 },
    ),
    lateMs: fc.nat(20_000),
  })
  .map(({ rounds, lateMs }) => {
    let second = 0
    const scripted = rounds.map(({ gap, looks: given }) => {
      second += gap
      return given.map((look) => ({ ...look, at: second }))
    })
    return { host: watchHost('a.example', scripted), now: START + second * 1000 + lateMs }
  })

const outlooks: fc.Arbitrary<Outlook> = fc.record({
  verdict: fc.constantFrom(...VERDICT_NAMES),
  fluxType: fc.constantFrom(null, 'single', 'ns', 'double'),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  typeSettled: fc.boolean(),
})

const policies: fc.Arbitrary<Policy> = fc
  .record({
    minIntervalSeconds: fc.integer({ min: 1, max: 7200 }),
    intervalSeconds: fc.option(fc.integer({ min: 1, max: 86_400 })),
    directVantages: fc.constantFrom([], ['direct']),
  })
  .map((own) => ({ ...DEFAULT_POLICY, ...own }))

it('a host waits at least the least interval, but for four quick looks of the direct vantage in its first minute', () => {
  fc.assert(
    fc.property(watched, outlooks, policies, ({ host, now }, outlook, policy) => {
      const waitMs = nextHostProbe(host, outlook, policy, now) - now
      if (waitMs >= policy.minIntervalSeconds * 1000) return
      expect(waitMs).toBe(policy.directIntervalSeconds * 1000)
      expect(host.views.map(({ vantage }) => vantage)).toContain('direct')
      expect(policy.directVantages).toContain('direct')
      expect(policy.intervalSeconds).toBeNull()
      expect(host.rounds).toBeLessThanOrEqual(policy.directQuickLooks)
      expect(now - host.firstAt!).toBeLessThan(60_000)
    }),
  )
})

it('no wait is longer than the policy allows', () => {
  fc.assert(
    fc.property(watched, outlooks, policies, ({ host, now }, outlook, policy) => {
      const longest = Math.max(policy.maxIntervalSeconds, policy.minIntervalSeconds)
      const own = Math.max(policy.intervalSeconds ?? 0, longest)
      expect(nextHostProbe(host, outlook, policy, now) - now).toBeLessThanOrEqual(own * 1000)
      const shared = nextSharedProbe(host, policy, now) - now
      expect(shared).toBeLessThanOrEqual(longest * 1000)
      expect(shared).toBeGreaterThanOrEqual(policy.minIntervalSeconds * 1000)
    }),
  )
})

it('an undecided host is looked at within the longest wait of the undecided', () => {
  fc.assert(
    fc.property(
      watched,
      fc.constantFrom('pending', 'suspicious'),
      policies,
      ({ host, now }, verdict, policy) => {
        const outlook: Outlook = { verdict, fluxType: null, score: 0.5, typeSettled: true }
        const due = nextHostProbe(host, outlook, { ...policy, intervalSeconds: null }, now)
        const longest = Math.max(policy.undecidedMaxIntervalSeconds, policy.minIntervalSeconds)
        expect(due - now).toBeLessThanOrEqual(longest * 1000)
      },
    ),
  )
})

it('somebody is asked in each round, nobody twice, and always the same for the same series', () => {
  fc.assert(
    fc.property(
      watched,
      policies,
      fc.shuffledSubarray(VANTAGES, { minLength: 1 }),
      ({ host, now }, policy, vantages) => {
        const asked = vantagesWorthAsking(host, vantages, policy, now)
        expect(asked.length).toBeGreaterThan(0)
        expect(asked).toEqual(vantages.filter((vantage) => asked.includes(vantage)))
        expect(vantagesWorthAsking(structuredClone(host), vantages, policy, now)).toEqual(asked)
        // The order in which vantages are configured changes nothing but the order.
        expect(vantagesWorthAsking(host, vantages.toReversed(), policy, now).toSorted()).toEqual(
          asked.toSorted(),
        )
      },
    ),
  )
})

it('when a settled or undecided host falls due, some resolver that had answered is worth asking', () => {
  fc.assert(
    fc.property(watched, outlooks, ({ host, now }, outlook) => {
      const due = nextHostProbe(host, outlook, DEFAULT_POLICY, now)
      const seen = [...new Set(host.views.map(({ vantage }) => vantage))]
      if (seen.length === 0) return
      const nobody = 'z'
      const asked = vantagesWorthAsking(host, [...seen, nobody], DEFAULT_POLICY, due)
      expect(asked.some((vantage) => vantage !== nobody)).toBe(true)
    }),
  )
})
