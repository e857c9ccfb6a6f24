import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONTEXT_LIST, matchContext } from '../../../src/core/detect/context-list.ts'
import { decide } from '../../../src/core/detect/decide.ts'
import type { Situation } from '../../../src/core/detect/decide.ts'
import { applyContext, fluxTypeOf, posteriorOf, scoreOf } from '../../../src/core/detect/posterior.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'

const { priors, doubleAssurance } = DEFAULT_POLICY

describe('the posterior', () => {
  it('is the prior without evidence; the priors sum to 1', () => {
    expect(scoreOf(posteriorOf(priors, { addresses: 0, nameServers: 0 }))).toBeCloseTo(0.078)
    expect(priors.none + priors.single + priors.ns + priors.double).toBeCloseTo(1)
  })

  it('is Bayes over the four ways: 4 nats for the addresses and −1 for the name servers', () => {
    const posterior = posteriorOf(priors, { addresses: 4, nameServers: -1 })
    const weights = [0.922, 0.03 * Math.exp(4), 0.02 * Math.exp(-1), 0.028 * Math.exp(3)]
    const sum = weights.reduce((total, weight) => total + weight)
    expect([posterior.none, posterior.single, posterior.ns, posterior.double]).toEqual(
      weights.map((weight) => expect.closeTo(weight / sum, 12)),
    )
  })

  it('survives any weight', () => {
    expect(scoreOf(posteriorOf(priors, { addresses: 5000, nameServers: 5000 }))).toBeCloseTo(1)
    expect(scoreOf(posteriorOf(priors, { addresses: -5000, nameServers: -5000 }))).toBe(0)
  })
})

const typeOf = (addresses: number, nameServers: number) =>
  fluxTypeOf(posteriorOf(priors, { addresses, nameServers }), DEFAULT_POLICY.doubleAssurance)

describe('the type of flux', () => {
  it('is double only when both halves stand on their own', () => {
    expect(typeOf(8, 8)).toBe('double')
    expect(typeOf(8, 0)).toBe('single')
    expect(typeOf(8, -1)).toBe('single')
    expect(typeOf(0, 8)).toBe('ns')
    expect(typeOf(-3, 8)).toBe('ns')
  })
})

describe('what the context lists take', () => {
  const pool = { list: 'volunteer-pools', entry: 'pool.ntp.org', effect: -4 }
  const cdn = { list: 'cdn-names', entry: 'akamai.net', effect: -2 }
  const nats = fc.double({ min: -12, max: 14, noNaN: true })
  const apply = (addresses: number, nameServers: number) =>
    applyContext({ addresses, nameServers }, [pool, cdn], priors, doubleAssurance)

  it('is their effects, and no more than what speaks for the addresses beyond ln(4 · 0.02 / 0.028) = 1.05', () => {
    expect(apply(9, 1).odds).toEqual({ addresses: 3, nameServers: 1 })
    expect(apply(6, 1).context.map((match) => match.effect)).toEqual([-4, -0.95])
    expect(apply(6, 1).odds.addresses).toBeCloseTo(1.05, 6)
    expect(apply(-3, 1)).toEqual({
      odds: { addresses: -3, nameServers: 1 },
      context: [
        { ...pool, effect: 0 },
        { ...cdn, effect: 0 },
      ],
    })
  })

  it('never touches the name servers, and never an NS verdict or its score', () => {
    fc.assert(
      fc.property(nats, nats, (addresses, nameServers) => {
        const plain = posteriorOf(priors, { addresses, nameServers })
        const { odds, context } = apply(addresses, nameServers)
        expect(odds.nameServers).toBe(nameServers)
        const taken = context.reduce((sum, match) => sum + match.effect, 0)
        expect(odds.addresses).toBeCloseTo(addresses + taken, 9)
        if (fluxTypeOf(plain, doubleAssurance) === 'ns') expect(posteriorOf(priors, odds)).toEqual(plain)
      }),
    )
  })

  it('by one CDN name leaves every score of 0.97 at the bar of suspicious or above', () => {
    fc.assert(
      fc.property(nats, nats, (addresses, nameServers) => {
        const odds = { addresses, nameServers }
        fc.pre(scoreOf(posteriorOf(priors, odds)) >= 0.97)
        const covered = applyContext(odds, [cdn], priors, doubleAssurance).odds
        expect(scoreOf(posteriorOf(priors, covered))).toBeGreaterThanOrEqual(DEFAULT_POLICY.suspiciousScore)
      }),
    )
  })
})

describe('a decision', () => {
  const strong = posteriorOf(priors, { addresses: 9, nameServers: -0.5 })
  const weak = posteriorOf(priors, { addresses: -4, nameServers: -0.5 })
  const middling = posteriorOf(priors, { addresses: 4.5, nameServers: -0.5 })
  const situation: Situation = {
    posterior: strong,
    rounds: 5,
    observedSeconds: 900,
    freshAnswers: 9,
    nameServerAnswers: 9,
    usableOutcomes: 15,
    ownFailures: 0,
    hasAsn: true,
    movesUnexplained: false,
    previous: null,
  }
  const verdictOf = (changes: Partial<Situation>) =>
    decide({ ...situation, ...changes }, DEFAULT_POLICY).verdict

  it('is flux above the bar, suspicious between the bars, and nothing seen below', () => {
    expect(verdictOf({})).toBe('flux')
    expect(verdictOf({ posterior: middling })).toBe('suspicious')
    expect(verdictOf({ posterior: weak })).toBe('no_flux_seen')
  })

  it('waits for its floors, and says what is lacking', () => {
    const decision = decide({ ...situation, rounds: 2, observedSeconds: 31 }, DEFAULT_POLICY)
    expect(decision.verdict).toBe('pending')
    expect(decision.notes).toEqual(['Not decided before enough was seen: 2 of 3 rounds, 31 of 60 seconds.'])
    expect(verdictOf({ posterior: weak, observedSeconds: 599 })).toBe('pending')
    expect(verdictOf({ posterior: weak, freshAnswers: 1 })).toBe('pending')
  })

  it('asks for more where no ASN database is loaded', () => {
    expect(verdictOf({ hasAsn: false, freshAnswers: 7 })).toBe('pending')
    expect(verdictOf({ hasAsn: false })).toBe('flux')
  })

  it('keeps flux and suspicious a while below their bars', () => {
    const below = posteriorOf(priors, { addresses: 5.5, nameServers: -0.5 })
    expect(verdictOf({ posterior: below })).toBe('suspicious')
    expect(verdictOf({ posterior: below, previous: 'flux' })).toBe('flux')
    expect(verdictOf({ posterior: weak, previous: 'flux' })).toBe('no_flux_seen')
  })

  it('says that nothing was seen only of a set that does not move over unrelated networks', () => {
    expect(verdictOf({ posterior: weak, movesUnexplained: true })).toBe('pending')
  })

  it('is unresolvable after enough usable failures, and pending for ever on our own', () => {
    const dead = { posterior: posteriorOf(priors, { addresses: 0, nameServers: 0 }), freshAnswers: 0 }
    expect(verdictOf(dead)).toBe('unresolvable')
    expect(verdictOf({ ...dead, usableOutcomes: 2 })).toBe('pending')
    const offline = decide({ ...situation, ...dead, usableOutcomes: 0, ownFailures: 30 }, DEFAULT_POLICY)
    expect(offline.verdict).toBe('pending')
    expect(offline.notes[0]).toMatch(/^No vantage could be reached/)
  })
})

describe('the context list', () => {
  it('matches the name and the targets of its aliases, whole labels only, once per list', () => {
    expect(matchContext(['2.pool.ntp.org'])).toEqual([
      { list: 'volunteer-pools', entry: 'pool.ntp.org', effect: -4 },
    ])
    expect(matchContext(['evilpool.ntp.org', 'notakamai.net'])).toEqual([])
    expect(
      matchContext(['www.example', 'e1.akamaiedge.net', 'e1.akamai.net']).map((match) => match.list),
    ).toEqual(['cdn-names'])
  })

  it('only ever lowers, never by more than 4 nats, and every entry has a source', () => {
    for (const entry of CONTEXT_LIST) {
      expect(entry.effect).toBeLessThan(0)
      expect(entry.effect).toBeGreaterThanOrEqual(-4)
      expect(entry.source).not.toBe('')
    }
    expect(new Set(CONTEXT_LIST.map((entry) => entry.suffix)).size).toBe(CONTEXT_LIST.length)
  })
})
