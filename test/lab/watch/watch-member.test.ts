// A watch in virtual time: the same every time, blind to the order of its vantages, and on the service's schedule.
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { targetFailures, usableOutcomes } from '../../../src/core/series/outcome-counts.ts'
import type { WatchRound } from '../../../src/lab/watch/host-watch.ts'
import type { Knowledge } from '../../../src/lab/watch/watch-enrichment.ts'
import { watchMember } from '../../../src/lab/watch/watch-member.ts'
import type { MemberWatchOptions } from '../../../src/lab/watch/watch-member.ts'
import { DIRECT_VANTAGE, THREE_RESOLVERS } from '../../../src/lab/watch/watch-vantage.ts'
import { APEX, movingNameServer, sampleMember, START } from './sample-member.ts'
import type { Sample } from './sample-member.ts'

const WITH_DIRECT = [...THREE_RESOLVERS, DIRECT_VANTAGE]

function watch(sample: Sample = {}, options: Partial<MemberWatchOptions> = {}): WatchRound[] {
  return [...watchMember(sampleMember(sample), { startAt: START, forSeconds: 3600, ...options })]
}

/** What was seen, without the maps that the engine goes on filling. */
const seenIn = (rounds: readonly WatchRound[]) =>
  rounds.map(({ at, series, assessment }) => ({ at, series, assessment }))

describe('a watch of a member', () => {
  it('is the same for the same member', () => {
    const sample: Sample = { failureRatio: 0.2, ttlSeconds: 20 }
    expect(seenIn(watch(sample))).toEqual(seenIn(watch(sample)))
  })

  it('does not depend on the order of the vantages', () => {
    const sample: Sample = { failureRatio: 0.2 }
    const forwards = watch(sample, { vantages: WITH_DIRECT })
    const backwards = watch(sample, { vantages: WITH_DIRECT.toReversed() })
    expect(seenIn(backwards)).toEqual(seenIn(forwards))
  })

  it('has its last look when its time is up', () => {
    const rounds = watch({}, { forSeconds: 1800 })
    expect(rounds.at(-1)!.at).toBe(START + 1800 * 1000)
    expect(rounds.map(({ rounds: count }) => count)).toEqual(rounds.map((_, index) => index + 1))
  })

  it('probes no sooner than the policy lets it, but for quick looks at the authorities', () => {
    const gaps = (rounds: readonly WatchRound[]) =>
      rounds.slice(1, -1).map(({ at }, index) => (at - rounds[index]!.at) / 1000)
    const least = DEFAULT_POLICY.minIntervalSeconds
    expect(Math.min(...gaps(watch({ ttlSeconds: 0 })))).toBeGreaterThanOrEqual(least)
    expect(Math.min(...gaps(watch({ ttlSeconds: 0 }, { vantages: WITH_DIRECT })))).toBeLessThan(least)
  })

  it('counts the questions about the name by vantage', () => {
    const last = watch({}, { vantages: WITH_DIRECT, assess: false }).at(-1)!
    expect([...last.asked.keys()].toSorted()).toEqual(WITH_DIRECT.map(({ id }) => id).toSorted())
    // Two authorities: each look of the direct vantage is two questions.
    expect(last.asked.get('direct')! % 2).toBe(0)
  })

  it('lets questions about the name fail as often as the member says', () => {
    const failures = (sample: Sample) => {
      const { outcomes } = watch({ ttlSeconds: 0, ...sample }, { assess: false }).at(-1)!.series.host
      return { failed: targetFailures(outcomes), usable: usableOutcomes(outcomes) }
    }
    const { failed, usable } = failures({ failureRatio: 0.3 })
    expect(usable).toBeGreaterThan(200)
    expect(failed / usable).toBeGreaterThan(0.15)
    expect(failed / usable).toBeLessThan(0.4)
    expect(failures({}).failed).toBe(0)
  })

  it('reads the zone and its name servers with the first round', () => {
    const [first] = watch({}, { assess: false })
    expect(first!.series.zone?.current).toEqual([`ns1.${APEX}`, `ns2.${APEX}`])
    expect(first!.series.nameServers.map(({ name, rounds }) => [name, rounds])).toEqual([
      [`ns1.${APEX}`, 1],
      [`ns2.${APEX}`, 1],
    ])
    expect(first!.assessment).toBeNull()
  })

  it('judges without networks when it knows nothing of addresses', () => {
    const asns = (knowledge: Knowledge) =>
      watch({}, { knowledge })
        .at(-1)!
        .assessment!.features.find(({ id }) => id === 'a_asns')!.value
    expect(asns('full')).toBeGreaterThan(0)
    expect(asns('none')).toBeNull()
  })
})

describe('a name server that moves during a watch', () => {
  const moving: Sample = {
    ttlSeconds: 3600,
    nameServers: [movingNameServer(`ns1.${APEX}`, 900), movingNameServer(`ns2.${APEX}`, 3000)],
    nsAddressTtlSeconds: 120,
  }

  it('is noticed after it moved, by the first look that shows it', () => {
    const moved = watch(moving, { assess: false }).at(-1)!
    expect(moved.nameServerMovedAt).toBeGreaterThan(START + 900_000)
    const looks = moved.sharedRounds.get(`ns1.${APEX}`)!
    expect(looks).toContain(moved.nameServerMovedAt)
  })

  it('brings a look at the name forward', () => {
    const rounds = watch(moving)
    const movedAt = rounds.at(-1)!.nameServerMovedAt!
    const next = rounds.find(({ at }) => at >= movedAt)!
    expect(next.at - movedAt).toBeLessThanOrEqual(DEFAULT_POLICY.minIntervalSeconds * 1000)
  })

  it('is not noticed where it did not move', () => {
    expect(watch({}, { assess: false }).at(-1)!.nameServerMovedAt).toBeNull()
  })
})
