// Whom a round asks, when the next one is due, and when a watch has its answer: the schedule as the rounds keep it.
import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts, RoundResult } from '../../src/queue/round-ports.ts'
import type { TargetId } from '../../src/core/model/target.ts'
import { HOST, HOUR_MS, MINUTE_MS, NAME, RoundStand, T, ZONE } from './round-stand.ts'

let stand: RoundStand
let parts: RoundParts
beforeEach(() => {
  stand = new RoundStand()
  stand.populate()
  stand.prober.vantages = ['v', 'w', 'direct']
  parts = { ...stand.parts, policy: { ...DEFAULT_POLICY, directVantages: ['direct'] } }
})

async function round(id: TargetId): Promise<RoundResult> {
  return probeRound(id, parts)
}

/** Lets the host have its rounds when they are due, until its watch is over or `until` has come. */
async function follow(until: number): Promise<void> {
  for (;;) {
    const due = stand.store.dueAt(HOST)
    if (due === null || due > until) return
    stand.clock.advance(Math.max(0, due - stand.clock.now()))
    await stand.rounds(HOST)
  }
}

describe('Whom a round asks', () => {
  test('is everybody first, then the direct vantage at once, and the resolvers when their copy is gone', async () => {
    stand.watch()
    const rounds = []
    for (let count = 0; count < 7; count += 1) {
      await round(HOST)
      rounds.push([Math.round((stand.clock.now() - T) / 1000), stand.prober.askedOf.at(-1)])
      stand.clock.advance(stand.commits.at(-1)!.nextDueAt - stand.clock.now())
    }
    expect(rounds.slice(0, 5)).toEqual([
      [0, ['v', 'w', 'direct']],
      [3, ['direct']],
      [6, ['direct']],
      [9, ['direct']],
      [12, ['direct']],
    ])
    // The direct vantage after the least interval, and both resolvers when their TTL of 60 s is over.
    expect(rounds[5]![1]).toEqual(['direct'])
    expect(rounds[6]![1]).toEqual(['v', 'w', 'direct'])
    expect(rounds[6]![0]).toBeGreaterThanOrEqual(61)
  })

  test('does not make a name opted out when the direct vantage alone was asked and may not', async () => {
    stand.watch()
    await round(HOST)
    stand.prober.optedOut.add('direct')
    stand.clock.advance(3000)
    await round(HOST)
    expect(stand.prober.askedOf.at(-1)).toEqual(['direct'])
    const { at, nextDueAt } = stand.commits.at(-1)!
    expect(nextDueAt - at).toBeLessThan(parts.policy.undecidedMaxIntervalSeconds * 1000)
  })

  test('keeps an interval that was ordered, without quick looks', async () => {
    stand.watch(77)
    await round(HOST)
    expect(stand.commits[0]!.nextDueAt).toBe(T + 77_000)
  })
})

describe('A parent that gives other glue', () => {
  beforeEach(async () => {
    stand.prober.glue = { 'ns1.dns.example': ['198.51.100.1'] }
    stand.watch()
    await round(HOST)
    await round(ZONE)
    stand.clock.advance(MINUTE_MS)
    await round(HOST)
    stand.clock.advance(MINUTE_MS / 2)
  })

  test('hastens the domains beneath it', async () => {
    const before = stand.store.dueAt(HOST)!
    stand.prober.glue = { 'ns1.dns.example': ['203.0.113.77'] }
    await round(ZONE)
    expect(stand.store.dueAt(HOST)).toBe(stand.clock.now())
    expect(before).toBeGreaterThan(stand.clock.now())
  })

  test('hastens nobody while it gives the same', async () => {
    const before = stand.store.dueAt(HOST)
    await round(ZONE)
    expect(stand.store.dueAt(HOST)).toBe(before)
  })
})

describe('A watch that nobody set a time for', () => {
  test('ends when a name has not resolved for a day, and says that its question is answered', async () => {
    stand = new RoundStand()
    stand.watchOpen()
    await follow(T + 30 * 24 * HOUR_MS)
    const { at, domain } = stand.commits.at(-1)!
    expect(domain?.verdict).toBe('unresolvable')
    expect(stand.entries().at(-1)).toMatchObject({ kind: 'watch-ended', reason: 'answered', at })
    expect(at - T).toBeGreaterThanOrEqual(24 * HOUR_MS)
    expect(at - T).toBeLessThan(26 * HOUR_MS)
    expect(stand.store.get(NAME)?.watching).toBe(false)
    expect(await stand.isReferenced(HOST)).toBe(false)
    expect(await stand.isReferenced(ZONE)).toBe(false)
  })

  test('goes on to its end where the time was ordered', async () => {
    stand = new RoundStand()
    stand.watch(null, T + 48 * HOUR_MS)
    await follow(T + 30 * 24 * HOUR_MS)
    expect(stand.commits.at(-1)!.at).toBe(T + 48 * HOUR_MS)
    expect(stand.entries().at(-1)).toMatchObject({ kind: 'watch-ended', reason: 'time_up' })
  })
})
