// A network that stops: three hours of flux, then three days of standing still, watched as the service watches.
import { describe, expect, it } from 'vitest'
import { boundsFor } from '../../../src/core/detect/bounds.ts'
import { decide } from '../../../src/core/detect/decide.ts'
import type { Situation } from '../../../src/core/detect/decide.ts'
import { posteriorOf } from '../../../src/core/detect/posterior.ts'
import type { Assessment, VerdictName } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { watchHost } from '../../../src/lab/watch/host-watch.ts'
import { openViews } from '../../../src/lab/watch/open-views.ts'
import { enrichmentOf } from '../../../src/lab/watch/watch-enrichment.ts'
import { THREE_RESOLVERS } from '../../../src/lab/watch/watch-vantage.ts'
import { createWorld } from '../../../src/lab/world.ts'
import type { World } from '../../../src/lab/world.ts'
import type { Moment } from '../../../src/lab/zones/zone.ts'
import { START } from '../series/scripted-rounds.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const STOPS_AFTER = 3 * HOUR

/** A world in which nothing moves any more after three hours. */
function stoppingWorld(): World {
  const world = createWorld({ seed: 1, startAt: START })
  const untilItStops = (moment: Moment): Moment => ({
    ...moment,
    at: Math.min(moment.at, START + STOPS_AFTER * 1000),
  })
  return {
    ...world,
    resolve: (question, moment) => world.resolve(question, untilItStops(moment)),
    resolveMinimally: (question, moment) => world.resolveMinimally(question, untilItStops(moment)),
  }
}

describe('a network that stops after three hours', () => {
  const world = stoppingWorld()
  const assessments: Assessment[] = []
  for (const { assessment } of watchHost({
    host: world.zones.find((zone) => zone.class === 'classic-single-flux')!.host,
    startAt: START,
    forSeconds: STOPS_AFTER + 3 * DAY,
    views: openViews({ space: world, vantages: THREE_RESOLVERS }),
    enrichment: enrichmentOf(world.addressPlan),
  })) {
    assessments.push(assessment!)
  }
  const secondsOf = ({ asOf }: Assessment) => (asOf - START) / 1000
  const path = assessments.reduce<VerdictName[]>(
    (steps, { verdict }) => (steps.at(-1) === verdict ? steps : [...steps, verdict]),
    [],
  )

  it('is flux while it moves, is cleared once, and stays cleared', () => {
    expect(path[0]).toBe('pending')
    expect(path).toContain('flux')
    expect(path.at(-1)).toBe('no_flux_seen')
    expect(path.filter((verdict) => verdict === 'flux')).toHaveLength(1)
  })

  it('stays flux on its way down, at scores that would not let it in', () => {
    const { priors, errorRates, fluxExitScore } = DEFAULT_POLICY
    const entry = boundsFor(1 - priors.none, errorRates).flux
    const kept = assessments.filter(({ verdict, score }) => verdict === 'flux' && score < entry)
    expect(kept.length).toBeGreaterThan(0)
    for (const { score } of kept) expect(score).toBeGreaterThanOrEqual(fluxExitScore)
  })

  it('is still flux for a day after its last new address: flux pauses', () => {
    const pausing = assessments.filter((one) => {
      const quiet = secondsOf(one) - STOPS_AFTER
      return quiet > 0 && quiet < 0.9 * DAY
    })
    expect(pausing.length).toBeGreaterThan(10)
    for (const one of pausing) expect([one.verdict, one.quietSince]).toEqual(['flux', null])
  })

  it('says since when, within a probe of the truth, as long as the evidence fades', () => {
    const faded = assessments.filter(({ quietSince }) => quietSince !== null)
    expect(faded.at(-1)).toBe(assessments.at(-1))
    const stop = START + STOPS_AFTER * 1000
    const before = assessments.findLast(({ asOf }) => asOf < stop)!.asOf
    const after = assessments.find(({ asOf }) => asOf >= stop)!.asOf
    for (const { quietSince } of faded) {
      expect(quietSince).toBeGreaterThanOrEqual(before)
      // A reply takes its time.
      expect(quietSince).toBeLessThanOrEqual(after + 1000)
    }
    const [piece] = faded.at(-1)!.evidence.filter(({ id }) => id === 'a-quiet')
    expect(piece!.text).toContain(new Date(faded.at(-1)!.quietSince!).toISOString())
    expect(piece!.weight).toBeLessThan(0)
  })
})

describe('hysteresis', () => {
  const situation: Situation = {
    posterior: posteriorOf(DEFAULT_POLICY.priors, { addresses: 0, nameServers: 0 }),
    nameServersUnread: false,
    rounds: 20,
    observedSeconds: 7200,
    freshAnswers: 60,
    nameServerAnswers: 60,
    usableOutcomes: 60,
    ownFailures: 0,
    hasAsn: true,
    nameServerOwnersKnown: true,
    movedAddresses: 9,
    movedNameServers: 0,
    previous: null,
  }
  const at = (addresses: number, previous: VerdictName | null) => {
    const posterior = posteriorOf(DEFAULT_POLICY.priors, { addresses, nameServers: -2 })
    return decide({ ...situation, posterior, previous }, DEFAULT_POLICY)
  }

  it('keeps flux at every score between the way out and the way in, and lets it go below', () => {
    for (let odds = -8; odds <= 10; odds += 0.25) {
      const { score, verdict } = at(odds, 'flux')
      expect(verdict === 'flux', `score ${score}`).toBe(score >= DEFAULT_POLICY.fluxExitScore)
    }
  })

  it('does not let in at a score that would be kept', () => {
    const odds = 4
    expect(at(odds, 'flux').verdict).toBe('flux')
    for (const previous of [null, 'pending', 'suspicious', 'no_flux_seen'] as const) {
      expect(at(odds, previous).verdict).toBe('suspicious')
    }
  })

  it('keeps suspicion a while too, and not for ever', () => {
    const { suspiciousExitScore } = DEFAULT_POLICY
    for (let odds = -8; odds <= 3; odds += 0.25) {
      const { score, verdict } = at(odds, 'suspicious')
      expect(verdict === 'suspicious', `score ${score}`).toBe(score >= suspiciousExitScore)
    }
  })
})
