// A network that stops: three hours of flux, then three days of standing still, watched as the service watches.
import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/detect/decide.ts'
import type { Situation } from '../../../src/core/detect/decide.ts'
import { posteriorOf, scoreOf } from '../../../src/core/detect/posterior.ts'
import type { Assessment, VerdictName } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { createAddressPlan } from '../../../src/lab/address-plan.ts'
import type { Member } from '../../../src/lab/population/member.ts'
import { watchMember } from '../../../src/lab/watch/watch-member.ts'
import { fixedNameServer, frameZone, typed } from '../../../src/lab/zones/zone-frame.ts'
import { START } from '../series/scripted-rounds.ts'
import { atOneCompany, home, NETWORKS } from './networks.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const APEX = 'stopping-name.example'
const TTL = 300
const STOPS_AFTER = 3 * HOUR

/** Two of eight home lines are replaced every five minutes, until the network stops; the name servers stand still. */
function stoppingMember(): Member {
  const stepAt = (at: number) => Math.floor(Math.min((at - START) / 1000, STOPS_AFTER - 1) / TTL)
  return {
    group: 'stopping',
    isEvasion: false,
    truth: { fluxType: 'single', addresses: 'rotating-flux', nameServers: 'hosted' },
    host: APEX,
    zone: frameZone({
      apex: APEX,
      nameServers: [1, 2].map((n) => fixedNameServer(`ns${n}.${APEX}`, [atOneCompany(n)])),
      names: {
        [APEX]: (_, { at }) =>
          typed(
            'A',
            TTL,
            Array.from({ length: 8 }, (__, seat) => home(stepAt(at) * 2 + seat)),
          ),
      },
    }),
    infrastructure: [],
    plan: { ...createAddressPlan(), factsOf: NETWORKS.factsOf },
    failureRatio: 0,
    parameters: {},
  }
}

describe('a network that stops after three hours', () => {
  const assessments: Assessment[] = []
  for (const { assessment } of watchMember(stoppingMember(), {
    startAt: START,
    forSeconds: STOPS_AFTER + 3 * DAY,
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
    // The last new agents appeared when the last step began; a cache hides them for a TTL, a probe comes when it comes.
    const lastStep = START + (STOPS_AFTER - TTL) * 1000
    const probeAfter = assessments.find(({ asOf }) => asOf >= lastStep + TTL * 1000)!.asOf
    for (const { quietSince } of faded) {
      expect(quietSince).toBeGreaterThanOrEqual(lastStep)
      // A reply takes its time.
      expect(quietSince).toBeLessThanOrEqual(probeAfter + 1000)
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
    movedAddresses: 9,
    movedNameServers: 0,
    previous: null,
  }
  const at = (addresses: number, previous: VerdictName | null) => {
    const posterior = posteriorOf(DEFAULT_POLICY.priors, { addresses, nameServers: -2 })
    return { score: scoreOf(posterior), ...decide({ ...situation, posterior, previous }, DEFAULT_POLICY) }
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
