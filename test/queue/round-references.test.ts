import { beforeEach, describe, expect, test } from 'vitest'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import { HOST, HOUR_MS, MINUTE_MS, NAME, RoundStand, T, ZONE, host } from './round-stand.ts'
import { ScriptedProber } from './scripted-prober.ts'

const NS1 = host('ns1.dns.example')
const NS2 = host('ns2.dns.example')
const NS3 = host('ns3.dns.example')

let stand: RoundStand
beforeEach(() => {
  stand = new RoundStand()
  stand.populate()
})

describe('Who needs whom', () => {
  test('a watched host brings its zone, the zone its name servers, all due at once', async () => {
    stand.watch()
    await stand.rounds(HOST)
    expect(await stand.store.referrersOf(ZONE, 10)).toEqual([HOST])
    await stand.rounds(ZONE)
    expect(await stand.store.referrersOf(NS1, 10)).toEqual([ZONE])
    expect(await stand.store.referrersOf(NS2, 10)).toEqual([ZONE])
    expect(stand.store.claimDue(T, T + HOUR_MS).map((target) => target.id)).toEqual([NS1, NS2])
  })

  test('a name server that left the zone is let go after an hour, not before', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    stand.prober.answer('bad.example NS', ['ns2.dns.example', 'ns3.dns.example'])
    for (let minutes = 10; minutes <= 60; minutes += 10) {
      stand.clock.advance(10 * MINUTE_MS)
      await stand.rounds(ZONE)
      expect(await stand.isReferenced(NS1)).toBe(true)
    }
    stand.clock.advance(10 * MINUTE_MS)
    await stand.rounds(ZONE)
    expect(await stand.isReferenced(NS1)).toBe(false)
    expect(await stand.isReferenced(NS2)).toBe(true)
    expect(await stand.isReferenced(NS3)).toBe(true)
  })

  test('a target that nobody needs any more is retired without a question', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    await stand.store.removeReference(ZONE, HOST)
    const asked = stand.prober.asked.length
    expect(await stand.rounds(ZONE)).toEqual(['gone'])
    expect(stand.prober.asked).toHaveLength(asked)
    expect(stand.store.claimDue(T + HOUR_MS, T + 2 * HOUR_MS).map((target) => target.id)).not.toContain(ZONE)
    expect(await stand.isReferenced(NS1)).toBe(false)
    expect(await stand.rounds(NS1, NS2)).toEqual(['gone', 'gone'])
    expect(stand.prober.asked).toHaveLength(asked)
  })

  test('a zone that is left while it is probed lets its name servers go', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    stand.prober.answer('bad.example NS', ['ns2.dns.example', 'ns3.dns.example'])
    stand.prober.during = () => stand.store.removeReference(ZONE, HOST)
    expect(await stand.rounds(ZONE)).toEqual(['gone'])
    expect(await Promise.all([NS1, NS2, NS3].map((id) => stand.isReferenced(id)))).toEqual([
      false,
      false,
      false,
    ])
  })

  test('name servers that only a stale round has seen are let go', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    const other = new ScriptedProber(stand.clock).answer('bad.example NS', [
      'ns1.dns.example',
      'ns2.dns.example',
    ])
    stand.prober.answer('bad.example NS', ['ns3.dns.example'])
    stand.prober.during = async () => {
      await probeRound(ZONE, { ...stand.parts, prober: other })
    }
    expect(await stand.rounds(ZONE)).toEqual(['stale'])
    expect(await Promise.all([NS1, NS2, NS3].map((id) => stand.isReferenced(id)))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('a domain that is stopped while it is probed leaves its zone unneeded', async () => {
    stand.watch()
    stand.prober.during = async () => {
      await stand.store.removeReference(HOST, 'watch' as TargetId)
      await stand.store.removeReference(ZONE, HOST)
    }
    expect(await stand.rounds(HOST)).toEqual(['gone'])
    expect(await stand.isReferenced(ZONE)).toBe(false)
  })

  test('a domain that is watched again needs its zone again, even where the zone was never away', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    await stand.store.removeReference(ZONE, HOST)
    await stand.rounds(HOST)
    expect(await stand.store.referrersOf(ZONE, 10)).toEqual([HOST])
  })
})

/** As DELETE does in one atomic step; the zone's reference is taken back in a second one. */
function stopDomain(): Promise<void> {
  return stand.store.removeReference(HOST, 'watch' as TargetId)
}

describe('A reference that nobody takes back', () => {
  const STRAY = host('ns9.dns.example')

  test('of a zone whose process died before its commit is dropped at the turn of the host', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    await stand.store.addReference(STRAY, ZONE, stand.clock.now())
    expect(await stand.rounds(STRAY)).toEqual(['gone'])
    expect(await stand.store.referrersOf(STRAY, 10)).toEqual([])
    // What the zone does list is left alone, also when it has just left.
    stand.prober.answer('bad.example NS', ['ns2.dns.example'])
    stand.clock.advance(MINUTE_MS)
    await stand.rounds(ZONE)
    expect(await stand.rounds(NS1, NS2)).toEqual(['committed', 'committed'])
    expect(await stand.store.referrersOf(NS1, 10)).toEqual([ZONE])
  })

  test('of a zone in its first round stays until the zone has committed, or is needed no more', async () => {
    stand.watch()
    await stand.rounds(HOST)
    await stand.store.addReference(STRAY, ZONE, stand.clock.now())
    expect(await stand.rounds(STRAY)).toEqual(['committed'])
    await stand.rounds(ZONE)
    expect(await stand.rounds(STRAY)).toEqual(['gone'])

    const other = host('ns8.dns.example')
    const never = targetId({ kind: 'zone', name: 'never.example' })
    await stand.store.addReference(other, never, stand.clock.now())
    expect(await stand.rounds(other)).toEqual(['gone'])
  })

  test('that is dropped while the zone is about to commit is made again by the commit', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    stand.prober.answer('bad.example NS', ['ns1.dns.example', 'ns2.dns.example', 'ns3.dns.example'])
    const commit = stand.store.commit.bind(stand.store)
    stand.store.commit = async (round) => {
      stand.store.commit = commit
      // The planner is quick: the new name server's host has its turn before the zone's commit.
      expect(await stand.rounds(NS3)).toEqual(['gone'])
      return commit(round)
    }
    stand.clock.advance(MINUTE_MS)
    expect(await stand.rounds(ZONE)).toEqual(['committed'])
    expect(await stand.store.referrersOf(NS3, 10)).toEqual([ZONE])
    expect(await stand.rounds(NS3)).toEqual(['committed'])
  })

  test('of a domain that was stopped before its process died is dropped at the turn of the zone', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    await stopDomain()
    const asked = stand.prober.asked.length
    expect(await stand.rounds(ZONE)).toEqual(['gone'])
    expect(await stand.rounds(NS1, NS2)).toEqual(['gone', 'gone'])
    expect(stand.prober.asked).toHaveLength(asked)
  })

  test('of many is found in some turns, while those that are needed stay', async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE)
    for (let index = 0; index < 40; index += 1) {
      await stand.store.addReference(ZONE, host(`gone${index}.bad.example`), T)
    }
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await stand.rounds(ZONE)).toEqual(['committed'])
      stand.clock.advance(MINUTE_MS)
    }
    expect(await stand.store.referrersOf(ZONE, 50)).toEqual([HOST])
  })

  test('does not bind a domain and its zone for ever when the domain is its own name server and is stopped', async () => {
    stand.prober.answer('bad.example NS', [NAME])
    stand.watch()
    await stand.rounds(HOST, ZONE)
    stand.prober.during = async () => {
      stand.prober.during = () => {}
      await stopDomain()
      await stand.store.removeReference(ZONE, HOST)
    }
    expect(await stand.rounds(HOST)).toEqual(['committed'])
    expect(await stand.store.referrersOf(ZONE, 10)).toEqual([])
    expect(await stand.rounds(ZONE, HOST)).toEqual(['gone', 'gone'])
    expect(stand.store.nextDueAt()).toBeNull()
  })

  test('costs the round of a watched host nothing', async () => {
    stand.watch()
    await stand.store.addReference(HOST, ZONE, T)
    stand.store.referrersOf = async () => {
      throw new Error('not asked')
    }
    expect(await stand.rounds(HOST)).toEqual(['committed'])
  })
})

function dueOfHost(): number {
  return stand.store.dueAt(HOST)!
}

describe('A name server that moves', () => {
  beforeEach(async () => {
    stand.watch()
    await stand.rounds(HOST, ZONE, NS1)
    stand.clock.advance(MINUTE_MS)
    await stand.rounds(HOST)
  })

  test('hastens the domains beneath it to within a minute', async () => {
    stand.clock.advance(MINUTE_MS / 2)
    stand.prober.answer('ns1.dns.example A', ['203.0.113.77'])
    await stand.rounds(NS1)
    expect(dueOfHost()).toBe(stand.clock.now())
  })

  test('hastens nobody into the least interval after the last round', async () => {
    const lastAt = stand.clock.now()
    stand.clock.advance(1000)
    stand.prober.answer('ns1.dns.example A', ['203.0.113.77'])
    await stand.rounds(NS1)
    expect(dueOfHost()).toBe(lastAt + DEFAULT_POLICY.minIntervalSeconds * 1000)
  })

  test('hastens nobody while its addresses stay', async () => {
    const before = stand.commits.findLast((commit) => commit.id === HOST)!.nextDueAt
    await stand.rounds(NS1)
    expect(dueOfHost()).toBe(before)
    expect(before).toBeGreaterThan(stand.clock.now())
  })
})
