import { describe, expect, it } from 'vitest'
import { boundsFor } from '../../../src/core/detect/bounds.ts'
import { decide } from '../../../src/core/detect/decide.ts'
import type { Situation } from '../../../src/core/detect/decide.ts'
import { fluxTypeOf, posteriorOf, scoreOf } from '../../../src/core/detect/posterior.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'

const { priors, errorRates } = DEFAULT_POLICY
const bounds = boundsFor(1 - priors.none, errorRates)

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

describe('a decision', () => {
  const strong = posteriorOf(priors, { addresses: 10, nameServers: -0.5 })
  const weak = posteriorOf(priors, { addresses: -7, nameServers: -6 })
  const middling = posteriorOf(priors, { addresses: 4.5, nameServers: -0.5 })
  const situation: Situation = {
    posterior: strong,
    nameServersUnread: false,
    rounds: 5,
    observedSeconds: 900,
    freshAnswers: 9,
    nameServerAnswers: 9,
    usableOutcomes: 15,
    ownFailures: 0,
    hasAsn: true,
    nameServerOwnersKnown: true,
    movedAddresses: 4,
    movedNameServers: 0,
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
    const decision = decide({ ...situation, rounds: 1, movedAddresses: 1 }, DEFAULT_POLICY)
    expect(decision.verdict).toBe('pending')
    expect(decision.notes).toEqual([
      'Not decided before enough was seen: 1 of 2 rounds, 1 of 2 new addresses after the first answer.',
    ])
    expect(verdictOf({ posterior: weak, observedSeconds: 599 })).toBe('pending')
    expect(verdictOf({ posterior: weak, freshAnswers: 1 })).toBe('pending')
  })

  it('never calls a set flux that was not seen to move, however diverse it is', () => {
    const certain = posteriorOf(priors, { addresses: 40, nameServers: -5 })
    expect(verdictOf({ posterior: certain, movedAddresses: 0 })).toBe('pending')
  })

  it('asks of NS flux that the name servers moved, whatever the addresses did', () => {
    const ns = posteriorOf(priors, { addresses: -5, nameServers: 12 })
    expect(verdictOf({ posterior: ns, movedAddresses: 9, movedNameServers: 0 })).toBe('pending')
    expect(verdictOf({ posterior: ns, movedAddresses: 0, movedNameServers: 1 })).toBe('flux')
    // One renumbered server is no flux, where nobody knows whose addresses they are.
    const unknown = { posterior: ns, movedAddresses: 0, nameServerOwnersKnown: false }
    expect(verdictOf({ ...unknown, movedNameServers: 1 })).toBe('pending')
    expect(verdictOf({ ...unknown, movedNameServers: 2 })).toBe('flux')
  })

  it('asks for more where no ASN database is loaded', () => {
    expect(verdictOf({ hasAsn: false, freshAnswers: 7 })).toBe('pending')
    expect(verdictOf({ hasAsn: false })).toBe('flux')
  })

  it('keeps flux and suspicious a while below their bars', () => {
    const below = posteriorOf(priors, { addresses: 5.5, nameServers: -0.5 })
    expect(scoreOf(below)).toBeLessThan(bounds.flux)
    expect(verdictOf({ posterior: below })).toBe('suspicious')
    expect(verdictOf({ posterior: below, previous: 'flux' })).toBe('flux')
    expect(verdictOf({ posterior: weak, previous: 'flux' })).toBe('no_flux_seen')
  })

  it('says that nothing was seen only beyond the bound for clearing, and waits in between', () => {
    const between = posteriorOf(priors, { addresses: -1, nameServers: -1 })
    expect(scoreOf(between)).toBeGreaterThan(bounds.clear)
    const decision = decide({ ...situation, posterior: between }, DEFAULT_POLICY)
    expect(decision.verdict).toBe('pending')
    expect(decision.notes).toEqual([
      'What was seen speaks neither for flux nor clearly enough against it yet.',
    ])
  })

  it('clears the addresses of a name whose name servers were never seen', () => {
    const unread = posteriorOf(priors, { addresses: -7, nameServers: 0 })
    expect(verdictOf({ posterior: unread })).toBe('pending')
    expect(verdictOf({ posterior: unread, nameServersUnread: true })).toBe('no_flux_seen')
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
