import { beforeEach, describe, expect, test } from 'vitest'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { OutboxEntry } from '../../src/core/model/outbox.ts'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound, type RoundParts, type RoundResult } from '../../src/queue/probe-round.ts'
import { MemoryTargets } from '../../src/store/memory-targets.ts'
import type { RoundCommit } from '../../src/store/live-targets.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { assessmentOf } from '../store/live-house.ts'
import { ScriptedProber } from './scripted-prober.ts'

const T = 1_770_000_000_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NAME = 'www.bad.example'
const HOST = host(NAME)
const ZONE = targetId({ kind: 'zone', name: 'bad.example' })
const NS1 = host('ns1.dns.example')
const NS2 = host('ns2.dns.example')
const NS3 = host('ns3.dns.example')

const ENRICHMENT: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

let clock: SteppedClock
let prober: ScriptedProber
let store: MemoryTargets
let commits: RoundCommit[]
let parts: RoundParts

beforeEach(() => {
  clock = new SteppedClock(T)
  commits = []
  store = new MemoryTargets({ onCommit: (commit) => commits.push(commit) })
  prober = new ScriptedProber(clock)
    .answer(`${NAME} A`, ['192.0.2.1'])
    .answer('bad.example NS', ['ns1.dns.example', 'ns2.dns.example'])
    .answer('ns1.dns.example A', ['198.51.100.1'])
    .answer('ns2.dns.example A', ['198.51.100.2'])
  parts = { store, prober, enrichment: ENRICHMENT, policy: DEFAULT_POLICY, clock }
})

function host(name: string): TargetId {
  return targetId({ kind: 'host', name })
}

function watch(intervalSeconds: number | null = null, watchUntil = T + 24 * HOUR_MS): void {
  store.watch(NAME, clock.now(), { watchUntil, intervalSeconds })
}

/** One round after another of these targets, at the present time. */
async function rounds(...ids: TargetId[]): Promise<RoundResult[]> {
  const results: RoundResult[] = []
  for (const id of ids) results.push(await probeRound(id, parts))
  return results
}

async function referenced(id: TargetId): Promise<boolean> {
  return (await store.load(id)).referenced
}

function entries(): OutboxEntry[] {
  return commits.flatMap((commit) => commit.entries)
}

describe('What a round asks and commits', () => {
  test('a host is asked for its addresses, a zone for its name servers and SOA', async () => {
    watch()
    expect(await rounds(HOST, ZONE)).toEqual(['committed', 'committed'])
    expect(prober.asked).toEqual([`${NAME} A`, `${NAME} AAAA`, 'bad.example NS', 'bad.example SOA'])
    expect(commits.map((commit) => [commit.id, commit.expectedRound])).toEqual([
      [HOST, 0],
      [ZONE, 0],
    ])
    expect(commits[0]!.observations.map((row) => row.id)).toEqual([
      `${HOST}/1/v/${NAME}/A`,
      `${HOST}/1/v/${NAME}/AAAA`,
    ])
    expect(commits[0]!.observations).toMatchObject([{ round: 1, target: HOST }, { outcome: 'nxdomain' }])
  })

  test('the assessment of a watched host is committed with it, with the number of its round', async () => {
    watch()
    await rounds(HOST, HOST)
    expect(commits[1]!.domain).toMatchObject({ verdict: 'pending', version: 2 })
    expect(store.get(NAME)?.assessment).toMatchObject({ domain: NAME, rounds: 2, verdict: 'pending' })
  })

  test('a host that serves as a name server only is not assessed', async () => {
    watch()
    await rounds(HOST, ZONE, NS1)
    expect(commits[2]).toMatchObject({ id: NS1, domain: null, entries: [], watchOver: false })
  })

  test('an aborted round rejects and commits nothing', async () => {
    watch()
    await expect(probeRound(HOST, parts, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
    expect(commits).toEqual([])
    expect((await store.load(HOST)).round).toBe(0)
  })

  test('of two rounds of one target at the same time one is stale', async () => {
    watch()
    const results = await Promise.all([probeRound(HOST, parts), probeRound(HOST, parts)])
    expect(results.toSorted()).toEqual(['committed', 'stale'])
    expect(commits).toHaveLength(1)
  })

  test('the interval that the watch asks for is kept', async () => {
    watch(77)
    await rounds(HOST)
    expect(commits[0]!.nextDueAt).toBe(T + 77_000)
  })

  test('the verdict so far reaches the detector, so that it does not flap', async () => {
    watch()
    await rounds(HOST)
    await store.commit({
      ...commits[0]!,
      expectedRound: 1,
      domain: {
        verdict: 'flux',
        fluxType: 'single',
        firstFlaggedAt: T,
        version: 2,
        assessment: assessmentOf(NAME, { verdict: 'flux' }),
      },
    })
    const floor = { rounds: 1, freshAnswers: 0, observedSeconds: 0 }
    // No name can enter flux with this policy, and none that is in it can leave.
    const policy = {
      ...DEFAULT_POLICY,
      fluxScore: 2,
      fluxScoreWithoutAsn: 2,
      fluxExitScore: 0,
      fluxFloor: floor,
      nameServerFluxFloor: floor,
      fluxFloorWithoutAsn: floor,
    }
    clock.advance(MINUTE_MS)
    await probeRound(HOST, { ...parts, policy })
    expect(store.get(NAME)?.assessment?.verdict).toBe('flux')
  })
})

describe('Who needs whom', () => {
  test('a watched host brings its zone, the zone its name servers, all due at once', async () => {
    watch()
    await rounds(HOST)
    expect(await store.referrersOf(ZONE, 10)).toEqual([HOST])
    await rounds(ZONE)
    expect(await store.referrersOf(NS1, 10)).toEqual([ZONE])
    expect(await store.referrersOf(NS2, 10)).toEqual([ZONE])
    expect(store.claimDue(T, T + HOUR_MS).map((target) => target.id)).toEqual([NS1, NS2])
  })

  test('a name server that left the zone is let go after an hour, not before', async () => {
    watch()
    await rounds(HOST, ZONE)
    prober.answer('bad.example NS', ['ns2.dns.example', 'ns3.dns.example'])
    for (let minutes = 10; minutes <= 60; minutes += 10) {
      clock.advance(10 * MINUTE_MS)
      await rounds(ZONE)
      expect(await referenced(NS1)).toBe(true)
    }
    clock.advance(10 * MINUTE_MS)
    await rounds(ZONE)
    expect(await referenced(NS1)).toBe(false)
    expect(await referenced(NS2)).toBe(true)
    expect(await referenced(NS3)).toBe(true)
  })

  test('a target that nobody needs any more is retired without a question', async () => {
    watch()
    await rounds(HOST, ZONE)
    await store.removeReference(ZONE, HOST)
    const asked = prober.asked.length
    expect(await rounds(ZONE)).toEqual(['gone'])
    expect(prober.asked).toHaveLength(asked)
    expect(store.claimDue(T + HOUR_MS, T + 2 * HOUR_MS).map((target) => target.id)).not.toContain(ZONE)
    expect(await referenced(NS1)).toBe(false)
    expect(await rounds(NS1, NS2)).toEqual(['gone', 'gone'])
    expect(prober.asked).toHaveLength(asked)
  })

  test('a zone that is left while it is probed lets its name servers go', async () => {
    watch()
    await rounds(HOST, ZONE)
    prober.answer('bad.example NS', ['ns2.dns.example', 'ns3.dns.example'])
    prober.during = () => store.removeReference(ZONE, HOST)
    expect(await rounds(ZONE)).toEqual(['gone'])
    expect(await Promise.all([NS1, NS2, NS3].map(referenced))).toEqual([false, false, false])
  })

  test('name servers that only a stale round has seen are let go', async () => {
    watch()
    await rounds(HOST, ZONE)
    const other = new ScriptedProber(clock).answer('bad.example NS', ['ns1.dns.example', 'ns2.dns.example'])
    prober.answer('bad.example NS', ['ns3.dns.example'])
    prober.during = async () => {
      await probeRound(ZONE, { ...parts, prober: other })
    }
    expect(await rounds(ZONE)).toEqual(['stale'])
    expect(await Promise.all([NS1, NS2, NS3].map(referenced))).toEqual([true, true, false])
  })

  test('a domain that is stopped while it is probed leaves its zone unneeded', async () => {
    watch()
    prober.during = async () => {
      await store.removeReference(HOST, 'watch' as TargetId)
      await store.removeReference(ZONE, HOST)
    }
    expect(await rounds(HOST)).toEqual(['gone'])
    expect(await referenced(ZONE)).toBe(false)
  })

  test('a domain that is watched again needs its zone again, even where the zone was never away', async () => {
    watch()
    await rounds(HOST, ZONE)
    await store.removeReference(ZONE, HOST)
    await rounds(HOST)
    expect(await store.referrersOf(ZONE, 10)).toEqual([HOST])
  })
})

describe('A name server that moves', () => {
  beforeEach(async () => {
    watch()
    await rounds(HOST, ZONE, NS1)
    clock.advance(MINUTE_MS)
    await rounds(HOST)
  })

  const dueOfHost = () =>
    store.claimDue(T + 10 * HOUR_MS, T + 10 * HOUR_MS).find((one) => one.id === HOST)!.dueAt

  test('hastens the domains beneath it to within a minute', async () => {
    prober.answer('ns1.dns.example A', ['203.0.113.77'])
    await rounds(NS1)
    expect(dueOfHost()).toBe(clock.now())
  })

  test('hastens nobody while its addresses stay', async () => {
    const before = commits.findLast((commit) => commit.id === HOST)!.nextDueAt
    await rounds(NS1)
    expect(dueOfHost()).toBe(before)
    expect(before).toBeGreaterThan(clock.now())
  })
})

describe('What is told', () => {
  beforeEach(() => {
    prober = new ScriptedProber(clock)
    parts = { ...parts, prober }
  })

  test('a changed verdict is told once, by the round that made it; rounds without a change tell nothing', async () => {
    watch()
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await rounds(HOST)
      clock.advance(MINUTE_MS)
    }
    // NXDOMAIN from the first round on: unresolvable after three rounds and two minutes.
    expect(commits.map((commit) => commit.domain?.verdict)).toEqual([
      'pending',
      'pending',
      'unresolvable',
      'unresolvable',
      'unresolvable',
    ])
    expect(commits.map((commit) => commit.entries.length)).toEqual([0, 0, 1, 0, 0])
    expect(entries()).toMatchObject([
      {
        kind: 'verdict',
        version: 3,
        change: { domain: NAME, verdict: 'unresolvable', previous_verdict: 'pending', flux_type: null },
      },
    ])
  })

  test('the end of the watch is told after the verdict, and host and zone are not needed any more', async () => {
    watch(null, T + 2 * MINUTE_MS)
    await rounds(HOST)
    clock.advance(MINUTE_MS)
    await rounds(HOST)
    expect(commits.map((commit) => commit.watchOver)).toEqual([false, false])
    clock.advance(MINUTE_MS)
    await rounds(HOST)
    expect(commits[2]!.watchOver).toBe(true)
    expect(entries().map((entry) => entry.kind)).toEqual(['verdict', 'watch-ended'])
    expect(entries()[1]).toEqual({
      kind: 'watch-ended',
      domain: NAME,
      verdict: 'unresolvable',
      version: 3,
    })
    expect(await referenced(HOST)).toBe(false)
    expect(await referenced(ZONE)).toBe(false)
  })
})
