import { beforeEach, describe, expect, test } from 'vitest'
import type { TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import { assessmentOf } from '../store/live-house.ts'
import { HOST, HOUR_MS, MINUTE_MS, NAME, RoundStand, T, ZONE, host } from './round-stand.ts'

const NS1 = host('ns1.dns.example')

let stand: RoundStand
beforeEach(() => {
  stand = new RoundStand()
})

describe('What a round asks and commits', () => {
  beforeEach(() => stand.populate())

  test('a host is asked for its addresses, a zone for its name servers and SOA', async () => {
    stand.watch()
    expect(await stand.rounds(HOST, ZONE)).toEqual(['committed', 'committed'])
    expect(stand.prober.asked).toEqual([`${NAME} A`, `${NAME} AAAA`, 'bad.example NS', 'bad.example SOA'])
    expect(stand.commits.map((commit) => [commit.id, commit.expectedRound])).toEqual([
      [HOST, 0],
      [ZONE, 0],
    ])
    expect(stand.commits[0]!.observations.map((row) => row.id)).toEqual([
      `${HOST}/1@${T.toString(36)}/v/${NAME}/A`,
      `${HOST}/1@${T.toString(36)}/v/${NAME}/AAAA`,
    ])
    expect(stand.commits[0]!.observations).toMatchObject([
      { round: 1, target: HOST },
      { outcome: 'nxdomain' },
    ])
  })

  test('the assessment of a watched host is committed with it, with the number of its round', async () => {
    stand.watch()
    await stand.rounds(HOST, HOST)
    expect(stand.commits[1]!.domain).toMatchObject({ verdict: 'pending', version: 2 })
    expect(stand.store.get(NAME)?.assessment).toMatchObject({ domain: NAME, rounds: 2, verdict: 'pending' })
  })

  test('each answer is stored with whether it is fresh or a copy that the vantage has shown before', async () => {
    stand.watch()
    await stand.rounds(HOST, HOST, ZONE, ZONE)
    const stored = stand.commits.map(({ observations }) => observations.map(({ freshness }) => freshness))
    expect(stored).toEqual([
      ['fresh', undefined],
      ['cached', undefined],
      ['fresh', undefined],
      ['cached', undefined],
    ])
  })

  test('a host that serves as a name server only is not assessed', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE, NS1)
    expect(stand.commits[2]).toMatchObject({ id: NS1, domain: null, entries: [], watchOver: null })
  })

  test('an aborted round rejects and commits nothing', async () => {
    stand.watch()
    await expect(probeRound(HOST, stand.parts, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
    expect(stand.commits).toEqual([])
    expect((await stand.store.load(HOST)).round).toBe(0)
  })

  test('of two rounds of one target at the same time one is stale', async () => {
    stand.watch()
    const results = await Promise.all([probeRound(HOST, stand.parts), probeRound(HOST, stand.parts)])
    expect(results.toSorted()).toEqual(['committed', 'stale'])
    expect(stand.commits).toHaveLength(1)
  })

  test('a name that is put on the opt-out list is judged no further, and looked at as seldom as any', async () => {
    const longest = DEFAULT_POLICY.maxIntervalSeconds * 1000
    stand.watch(77, T + 365 * 24 * HOUR_MS)
    await stand.rounds(HOST, ZONE)
    stand.prober.optedOut.add(NAME).add('bad.example')
    for (let look = 0; look < 50; look++) {
      stand.clock.advance(longest)
      await stand.rounds(HOST, ZONE)
    }
    const [ofHost, ofZone] = stand.commits.slice(-2)
    expect(ofHost?.domain).toMatchObject({
      verdict: 'pending',
      assessment: { nextProbeAt: ofHost!.at + longest },
    })
    expect([ofHost!.nextDueAt, ofZone!.nextDueAt]).toEqual([ofHost!.at + longest, ofZone!.at + longest])
  })

  test.each([
    ['has addresses', NAME],
    ['does not resolve', 'gone.example'],
  ])(
    'one look before the opt-out decides nothing, however long the watch: a name that %s',
    async (_, name) => {
      stand.prober.answer(`${NAME} AAAA`, ['2001:db8::1'])
      stand.store.watch(name, T, { watchUntil: T + 365 * 24 * HOUR_MS, intervalSeconds: null })
      await stand.rounds(host(name))
      stand.prober.optedOut.add(name)
      for (let look = 0; look < 5; look++) {
        stand.clock.advance(HOUR_MS)
        await stand.rounds(host(name))
      }
      const { domain } = stand.commits.at(-1)!
      expect(domain).toMatchObject({ verdict: 'pending', assessment: { observedForSeconds: 0 } })
    },
  )

  test('the interval that the watch asks for is kept', async () => {
    stand.watch(77)
    await stand.rounds(HOST)
    expect(stand.commits[0]!.nextDueAt).toBe(T + 77_000)
  })

  test('the verdict so far reaches the detector, so that it does not flap', async () => {
    stand.watch()
    await stand.rounds(HOST)
    await stand.store.commit({
      ...stand.commits[0]!,
      expectedRound: 1,
      domain: {
        judgedAgainst: stand.commits[0]!.domain!,
        verdict: 'flux',
        fluxType: 'single',
        firstFlaggedAt: T,
        version: 2,
        isAtRest: false,
        assessment: assessmentOf(NAME, { verdict: 'flux' }),
      },
    })
    const floor = { rounds: 1, freshAnswers: 0, observedSeconds: 0, moved: 0 }
    // No name can enter flux with this policy, and none that is in it can leave.
    const policy = {
      ...DEFAULT_POLICY,
      errorRates: { falseAlarm: 1e-300, miss: 0.01 },
      fluxExitScore: 0,
      fluxFloor: floor,
      nameServerFluxFloor: floor,
      fluxFloorWithoutAsn: floor,
    }
    stand.clock.advance(MINUTE_MS)
    await probeRound(HOST, { ...stand.parts, policy })
    expect(stand.store.get(NAME)?.assessment?.verdict).toBe('flux')
  })
})

describe('What is told', () => {
  test('a changed verdict is told once, by the round that made it; rounds without a change tell nothing', async () => {
    stand.watch()
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await stand.rounds(HOST)
      stand.clock.advance(MINUTE_MS)
    }
    // NXDOMAIN from the first round on: unresolvable after three rounds and two minutes.
    expect(stand.commits.map((commit) => commit.domain?.verdict)).toEqual([
      'pending',
      'pending',
      'unresolvable',
      'unresolvable',
      'unresolvable',
    ])
    expect(stand.commits.map((commit) => commit.entries.length)).toEqual([0, 0, 1, 0, 0])
    expect(stand.entries()).toMatchObject([
      {
        kind: 'verdict',
        version: 3,
        change: { domain: NAME, verdict: 'unresolvable', previous_verdict: 'pending', flux_type: null },
      },
    ])
  })

  test('a domain that is watched anew while it is probed is told its verdict by the next round', async () => {
    stand.watch()
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await stand.rounds(HOST)
      stand.clock.advance(MINUTE_MS)
    }
    expect(stand.store.get(NAME)?.verdict).toBe('unresolvable')
    stand.prober.during = async () => {
      stand.prober.during = () => {}
      await stand.store.removeReference(HOST, 'watch' as TargetId)
      stand.watch()
    }
    expect(await stand.rounds(HOST)).toEqual(['stale'])
    expect(stand.store.get(NAME)?.verdict).toBe('pending')
    expect(stand.store.dueAt(HOST)).toBe(stand.clock.now())
    expect(await stand.rounds(HOST)).toEqual(['committed'])
    expect(stand.commits.at(-1)!.entries).toMatchObject([
      { kind: 'verdict', version: 4, change: { verdict: 'unresolvable', previous_verdict: 'pending' } },
    ])
  })

  test('the end of the watch is told after the verdict, and host and zone are not needed any more', async () => {
    stand.watch(null, T + 2 * MINUTE_MS)
    await stand.rounds(HOST)
    stand.clock.advance(MINUTE_MS)
    await stand.rounds(HOST)
    expect(stand.commits.map((commit) => commit.watchOver)).toEqual([null, null])
    stand.clock.advance(MINUTE_MS)
    await stand.rounds(HOST)
    expect(stand.commits[2]!.watchOver).toBe('time_up')
    expect(stand.entries().map((entry) => entry.kind)).toEqual(['verdict', 'watch-ended'])
    expect(stand.entries()[1]).toEqual({
      kind: 'watch-ended',
      domain: NAME,
      verdict: 'unresolvable',
      version: 3,
      reason: 'time_up',
      at: T + 2 * MINUTE_MS,
    })
    expect(await stand.isReferenced(HOST)).toBe(false)
    expect(await stand.isReferenced(ZONE)).toBe(false)
  })
})
