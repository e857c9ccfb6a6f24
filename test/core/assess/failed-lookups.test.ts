// A lookup that failed is a fact about the lookup. It is never flux, alone or among answers.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { FailureKind } from '../../../src/core/dns/reply.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { failedServer, ownAnswer, referral, TWO_DAYS } from '../series/scripted-authorities.ts'
import { watchDelegation, ZONE } from '../series/scripted-authorities.ts'
import { domainOf, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { anyScript, EVERY, judgeAtTheEnd, NAME, OWN_FAILURES, TARGET_FAILURES } from './any-rounds.ts'
import { oddsAtTheEnd, watchScript } from './any-rounds.ts'
import type { Script } from './any-rounds.ts'
import { home, hosted, NETWORKS } from './networks.ts'

const judge = (host: HostSeries): Assessment => assess(domainOf(host), NETWORKS, DEFAULT_POLICY, host.lastAt!)
const failing = (rounds: number, every: number, kinds: readonly FailureKind[]) =>
  watchHost(
    NAME,
    Array.from({ length: rounds }, (_, round) => [
      { at: round * every, outcome: 'failed', failure: kinds[round % kinds.length]! } as const,
    ]),
  )
/** Of a name that nothing is known of. */
const PRIOR = 1 - DEFAULT_POLICY.priors.none

describe('failed lookups alone', () => {
  it.each(TARGET_FAILURES)('by %s are unresolvable, and no evidence', (failure) => {
    const result = judge(failing(100, 300, [failure]))
    expect([result.verdict, result.fluxType]).toEqual(['unresolvable', null])
    expect(result.evidence).toEqual([])
    expect(result.score).toBeCloseTo(PRIOR, 4)
  })

  it('of our own doing never lead anywhere', () => {
    const result = assess(
      domainOf(failing(60, 300, OWN_FAILURES)),
      NETWORKS,
      DEFAULT_POLICY,
      Date.UTC(2027, 0, 1),
    )
    expect(result.verdict).toBe('pending')
    expect(result.notes[0]).toBe(
      'No vantage could be reached, or none may ask: nothing is known of the name yet.',
    )
  })

  it('are pending or unresolvable, whoever failed, however and when', () => {
    const failures = fc.array(
      fc.array(
        fc.record({
          vantage: fc.constantFrom('v1', 'v2', 'v3'),
          failure: fc.constantFrom(...TARGET_FAILURES, ...OWN_FAILURES),
          aaaa: fc.constantFrom([], undefined),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(failures, fc.integer({ min: 1, max: 3600 }), (rounds, every) => {
        const looks = rounds.map((failed, round) =>
          failed.map(({ vantage, failure, aaaa }): Look => ({
            at: round * every,
            vantage,
            failure,
            outcome: 'failed',
            ...(aaaa !== undefined && { aaaa }),
          })),
        )
        const result = judgeAtTheEnd({ host: watchHost(NAME, looks), servers: [watchHost('ns1.x', looks)] })
        expect(['pending', 'unresolvable']).toContain(result.verdict)
        expect([result.fluxType, result.evidence]).toEqual([null, []])
        expect(result.score).toBeCloseTo(PRIOR, 4)
      }),
    )
  })
})

/** Where a failure is put: into which round, counted over the rounds there are; in which place among its looks. */
const mishap = fc.record({
  round: fc.nat({ max: 20 }),
  vantage: fc.constantFrom('v1', 'v2', 'v3', 'v4'),
  failure: fc.constantFrom(...TARGET_FAILURES, ...OWN_FAILURES),
  late: fc.integer({ min: 0, max: 3 }),
})
type Mishap = typeof mishap extends fc.Arbitrary<infer One> ? One : never

function withFailures(rounds: Script['host'], mishaps: readonly Mishap[]): Script['host'] {
  return rounds.map((looks, index) => [
    ...looks,
    ...mishaps
      .filter(({ round }) => round % rounds.length === index)
      .map(({ vantage, failure, late }): Look => ({
        at: index * EVERY + late,
        vantage,
        failure,
        outcome: 'failed',
      })),
  ])
}

/** Every second round is one in which all that was asked failed. */
function withFailedRounds(rounds: Script['host'], failure: FailureKind): Script['host'] {
  return rounds.flatMap((looks, index): Look[][] => [
    [...looks],
    ['v1', 'v2', 'v3'].map((vantage) => ({
      at: index * EVERY + EVERY / 2,
      vantage,
      failure,
      outcome: 'failed',
    })),
  ])
}

function expectNoMoreFlux(holed: Script, clean: Script): void {
  const [after, before] = [holed, clean].map(watchScript)
  expect(judgeAtTheEnd(after!).score).toBeLessThanOrEqual(judgeAtTheEnd(before!).score)
  const [odds, least] = [oddsAtTheEnd(after!), oddsAtTheEnd(before!)]
  expect(odds.addresses).toBeLessThanOrEqual(least.addresses + ROUNDING)
  expect(odds.nameServers).toBeLessThanOrEqual(least.nameServers + ROUNDING)
}
/** Of sums of the same numbers; nats. */
const ROUNDING = 1e-9

const ROUNDS = Array.from({ length: 8 }, (_, round) => round)

describe('failed lookups among answers', () => {
  it('change neither score nor evidence of a name that stands still', () => {
    const looks = Array.from({ length: 12 }, (_, round) =>
      ['v0', 'v1'].map((vantage): Look => ({ at: round * 70, vantage, ttl: 60, a: [hosted(1)] })),
    )
    const clean = judge(watchHost(NAME, looks))
    const holed = judge(
      watchHost(
        NAME,
        looks.map((round, index) => [
          ...round,
          { at: index * 70 + 1, vantage: 'v2', outcome: 'failed', failure: 'timeout' } as const,
        ]),
      ),
    )
    expect(holed.evidence).toEqual(clean.evidence)
    expect(holed.score).toBe(clean.score)
  })

  it('never raise the score, whoever failed and in whatever round', () => {
    fc.assert(
      fc.property(anyScript, fc.array(mishap, { minLength: 1, maxLength: 20 }), (script, mishaps) => {
        const holed = {
          host: withFailures(script.host, mishaps),
          servers: script.servers.map((rounds) => withFailures(rounds, mishaps)),
        }
        expectNoMoreFlux(holed, script)
      }),
    )
  })

  it('never raise the score by rounds of their own', () => {
    fc.assert(
      fc.property(anyScript, fc.constantFrom(...TARGET_FAILURES, ...OWN_FAILURES), (script, failure) => {
        const holed = {
          host: withFailedRounds(script.host, failure),
          servers: script.servers.map((rounds) => withFailedRounds(rounds, failure)),
        }
        expectNoMoreFlux(holed, script)
      }),
    )
  })

  it.each([...TARGET_FAILURES, 'lame'] as const)(
    'by %s of authorities never raise the score either',
    (failure) => {
      const host = watchHost(
        ZONE,
        ROUNDS.map((round) => [{ at: round * 600, ttl: 300, a: [hosted(1)] }]),
      )
      const score = (addressOf: (round: number, seat: number) => string, broken: boolean) => {
        const zone = watchDelegation(
          ROUNDS.map((round) => {
            const names = Object.fromEntries(
              [1, 2].map((seat) => [`ns${seat}.${ZONE}`, [addressOf(round, seat)]]),
            )
            const side = { names, ttl: TWO_DAYS }
            const failed = [1, 2].map((seat) => failedServer(round * 600, failure, `ns${seat}.${ZONE}`))
            return [referral(round * 600, side), ownAnswer(round * 600, side), ...(broken ? failed : [])]
          }),
        )
        const series = { domain: ZONE, host, zone, nameServers: [] }
        return assess(series, NETWORKS, DEFAULT_POLICY, host.lastAt!).score
      }
      const moving = (round: number, seat: number) => home(round * 2 + seat)
      const still = (_round: number, seat: number) => hosted(seat)
      for (const addressOf of [moving, still]) {
        expect(score(addressOf, true)).toBeLessThanOrEqual(score(addressOf, false))
      }
    },
  )
})
