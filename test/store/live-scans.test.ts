import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { VerdictName } from '../../src/core/model/assessment.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { commitOf, host, LiveHouse, T } from './live-house.ts'

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

function count(scan: string, domain: string, verdict: VerdictName, version: number, settled?: boolean) {
  const isSettled = settled ?? verdict !== 'pending'
  return house.scans.countVerdict(scan, { domain, verdict, version, settled: isSettled })
}

async function completions(): Promise<string[]> {
  const streams = await Promise.all(
    PARTITIONS.map((partition) => house.redis.xrange(keys.events(partition), '-', '+')),
  )
  return streams
    .flat()
    .map(([, fields]) => JSON.parse(fields[1]!) as { kind: string; scan?: string })
    .filter((entry) => entry.kind === 'scan-completed')
    .map((entry) => entry.scan!)
}

describe('A scan', () => {
  test('tells what it was opened with', async () => {
    const id = await house.scan(['a.example'], { tags: ['x'], watchForSeconds: 60, intervalSeconds: 30 })
    expect(id).toMatch(/^scn_[0-9a-f]{24}$/)
    expect(await house.scans.get(id)).toEqual({
      id,
      state: 'running',
      createdAt: T,
      endedAt: null,
      tags: ['x'],
      watchForSeconds: 60,
      intervalSeconds: 30,
      domains: 1,
      settled: 0,
      verdicts: { pending: 1, no_flux_seen: 0, suspicious: 0, flux: 0, unresolvable: 0 },
    })
    expect(await house.scans.get('scn_none')).toBeNull()
  })

  test('counts each domain once, whatever is delivered twice', async () => {
    const scan = await house.scan(['a.example', 'b.example'])
    await count(scan, 'a.example', 'suspicious', 2)
    await count(scan, 'a.example', 'suspicious', 2)
    expect(await house.scans.get(scan)).toMatchObject({ settled: 1, verdicts: { pending: 1, suspicious: 1 } })
    await count(scan, 'a.example', 'flux', 3)
    expect(await house.scans.get(scan)).toMatchObject({ settled: 1, verdicts: { suspicious: 0, flux: 1 } })
  })

  test('lets no older verdict replace a newer one', async () => {
    const scan = await house.scan(['a.example'])
    await count(scan, 'a.example', 'flux', 5)
    await count(scan, 'a.example', 'suspicious', 4)
    expect(await house.scans.get(scan)).toMatchObject({ verdicts: { pending: 0, suspicious: 0, flux: 1 } })
  })

  test('does not count a domain that is not in it', async () => {
    const scan = await house.scan(['a.example'])
    await count(scan, 'other.example', 'flux', 1)
    expect(await house.scans.get(scan)).toMatchObject({ domains: 1, settled: 0, verdicts: { flux: 0 } })
  })

  test('that gets a domain whose verdict is known counts it as settled at once', async () => {
    await house.scan(['a.example'])
    await house.targets.commit(commitOf(host('a.example'), 0, { verdict: 'flux' }))
    const second = await house.scan(['a.example'])
    expect(await house.scans.get(second)).toMatchObject({ state: 'completed', verdicts: { flux: 1 } })
  })

  test('that gets a domain whose verdict is known is told of that verdict, even where a round commits at the same time', async () => {
    await house.scan(['a.example'])
    await house.targets.commit(commitOf(host('a.example'), 0, { verdict: 'suspicious' }))
    const second = await house.scans.open({ tags: [], watchForSeconds: 3600, intervalSeconds: null })
    // A round commits `flux` as soon as the domain has joined: what it tells reaches the second scan by itself.
    const joined = house.scans.add(second, ['a.example'])
    while ((await house.scans.scansOf('a.example')).length < 2) await house.redis.ping()
    await house.targets.commit(commitOf(host('a.example'), 1, { verdict: 'flux', against: 'suspicious' }))
    await joined
    const told = (await house.events(second)).filter((entry) => entry.kind === 'scan-joined')
    expect(told).toMatchObject([
      { scan: second, change: { verdict: 'suspicious', previous_verdict: 'pending' } },
    ])
  })

  test('is in the list of scans of its domains', async () => {
    const first = await house.scan(['a.example'])
    const second = await house.scan(['a.example', 'b.example'])
    expect((await house.scans.scansOf('a.example')).toSorted()).toEqual([first, second].toSorted())
    expect(await house.scans.scansOf('b.example')).toEqual([second])
  })
})

describe('A scan that is not sealed', () => {
  test('goes by itself a retention time after its deadline, with its domains and counters; sealed, it stays', async () => {
    const scan = await house.scan(['a.example'], { watchForSeconds: 60, sealed: false })
    const parts = [keys.scan(scan), keys.scanDomains(scan), keys.scanVerdicts(scan)]
    const lifetimes = () => Promise.all(parts.map((key) => house.redis.pttl(key)))
    for (const left of await lifetimes()) {
      expect(left).toBeGreaterThan(RETENTION_MS + 60_000)
      expect(left).toBeLessThanOrEqual(RETENTION_MS + 120_000)
    }
    await house.scans.seal(scan)
    expect(await lifetimes()).toEqual([-1, -1, -1])
  })

  test('and was cancelled goes by itself also when it is sealed after that', async () => {
    const scan = await house.scan(['a.example'], { sealed: false })
    await house.scans.cancel(scan)
    const before = await house.everything()
    await house.scans.seal(scan)
    expect(await house.everything()).toEqual(before)
    expect(await house.redis.pttl(keys.scan(scan))).toBeGreaterThan(0)
  })

  test('is ended at its deadline, and leaves its domains then', async () => {
    const scan = await house.scan(['a.example'], { watchForSeconds: 60, sealed: false })
    house.clock.advance(60_000 + 59_999)
    expect(await house.scans.endOverdue()).toBe(0)
    house.clock.advance(1)
    expect(await house.scans.endOverdue()).toBe(1)
    expect(await house.scans.get(scan)).toMatchObject({ state: 'completed', endedAt: T + 120_000 })
    expect(await house.scans.scansOf('a.example')).toEqual([])
    // Too late: it is over and goes after the retention time.
    await house.scans.seal(scan)
    expect(await house.redis.pttl(keys.scan(scan))).toBeGreaterThan(0)
    expect(await house.scans.endOverdue()).toBe(0)
  })

  test('gets a later deadline with what is added later', async () => {
    const scan = await house.scan(['a.example'], { watchForSeconds: 60, sealed: false })
    house.clock.advance(100_000)
    await house.scans.add(scan, ['b.example'])
    house.clock.advance(119_999)
    expect(await house.scans.endOverdue()).toBe(0)
    house.clock.advance(1)
    expect(await house.scans.endOverdue()).toBe(1)
  })
})

describe('Completion', () => {
  test('comes when the last domain has settled, once, and is told once', async () => {
    const scan = await house.scan(['a.example', 'b.example'])
    await count(scan, 'a.example', 'no_flux_seen', 1)
    expect((await house.scans.get(scan))?.state).toBe('running')
    house.clock.advance(5000)
    await count(scan, 'b.example', 'pending', 1, true)
    expect(await house.scans.get(scan)).toMatchObject({ state: 'completed', endedAt: T + 5000, settled: 2 })
    house.clock.advance(5000)
    await count(scan, 'b.example', 'flux', 2)
    await house.scans.seal(scan)
    expect(await house.scans.get(scan)).toMatchObject({ endedAt: T + 5000, verdicts: { flux: 1 } })
    expect(await completions()).toEqual([scan])
  })

  test('never comes before the scan is sealed', async () => {
    const scan = await house.scan(['a.example'], { sealed: false })
    await count(scan, 'a.example', 'flux', 1)
    expect((await house.scans.get(scan))?.state).toBe('running')
    expect(await completions()).toEqual([])
    await house.scans.seal(scan)
    expect((await house.scans.get(scan))?.state).toBe('completed')
    expect(await completions()).toEqual([scan])
  })

  test('of an empty scan comes with its seal', async () => {
    const scan = await house.scan([])
    expect(await house.scans.get(scan)).toMatchObject({ state: 'completed', domains: 0 })
    expect(await completions()).toEqual([scan])
  })

  test('is not asked of an unknown scan', async () => {
    await house.scans.seal('scn_none')
    expect(await house.redis.keys('*scn_none*')).toEqual([])
    expect(await completions()).toEqual([])
  })
})

describe('Cancelling a scan', () => {
  test('stops its domains, except those that another scan watches', async () => {
    const kept = await house.scan(['both.example', 'kept.example'])
    const scan = await house.scan(['both.example', 'mine.example'])
    house.clock.advance(1000)
    expect(await house.scans.cancel(scan)).toBe(true)
    expect(await house.scans.get(scan)).toMatchObject({ state: 'cancelled', endedAt: T + 1000 })
    const watching = async (name: string) => (await house.domains.get(name))?.watching
    expect(await watching('mine.example')).toBe(false)
    expect(await watching('both.example')).toBe(true)
    expect(await watching('kept.example')).toBe(true)
    expect(await house.scans.scansOf('both.example')).toEqual([kept])
    expect(await house.redis.pttl(keys.scan(scan))).toBeLessThanOrEqual(RETENTION_MS)
    expect(await house.redis.pttl(keys.scan(scan))).toBeGreaterThan(0)
  })

  test('is idempotent, and can be repeated after a crash in the middle', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `n${index}.example`)
    const scan = await house.scan(names)
    // As a killed process leaves it: cancelled, with some of the domains left already.
    await house.redis.hset(keys.scan(scan), 'state', 'cancelled', 'endedAt', String(T))
    // As a canceller does that dies before it comes to the others.
    await house.domains.stop('n3.example')
    expect(await house.scans.cancel(scan)).toBe(true)
    expect(await house.scans.cancel(scan)).toBe(true)
    expect(await house.targets.lag(T)).toEqual({ watched: 0, oldestDueMs: 0 })
    expect(await house.scans.get(scan)).toMatchObject({ state: 'cancelled', endedAt: T })
  })

  test('ends its counting and it never completes', async () => {
    const scan = await house.scan(['a.example'])
    await house.scans.cancel(scan)
    await count(scan, 'a.example', 'flux', 1)
    await house.scans.seal(scan)
    expect(await house.scans.get(scan)).toMatchObject({
      state: 'cancelled',
      verdicts: { pending: 1, flux: 0 },
    })
    expect(await completions()).toEqual([])
  })

  test('leaves a completed scan completed', async () => {
    const scan = await house.scan(['a.example'])
    await count(scan, 'a.example', 'flux', 1)
    await house.scans.cancel(scan)
    expect(await house.scans.get(scan)).toMatchObject({ state: 'completed' })
    expect(await house.domains.get('a.example')).toMatchObject({ watching: false })
  })

  test('while it is being filled leaves nothing watched', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `n${index}.example`)
    const scan = await house.scan([], { sealed: false })
    const filling = house.scans.add(scan, names)
    while ((await house.targets.lag(T)).watched === 0) await house.redis.ping()
    await Promise.all([filling, house.scans.cancel(scan)])
    expect(await house.targets.lag(T)).toEqual({ watched: 0, oldestDueMs: 0 })
    expect((await filling).added).toBeLessThan(2000)
  })

  test('of an unknown scan is refused', async () => {
    expect(await house.scans.cancel('scn_none')).toBe(false)
  })
})

describe('A scan whose time is up', () => {
  test('is completed with what is undecided in it, once, and hears of its domains no more', async () => {
    const short = await house.scan(['a.example', 'b.example'], { watchForSeconds: 60 })
    const long = await house.scan(['a.example'], { watchForSeconds: 7200 })
    expect(await house.scans.endOverdue()).toBe(0)
    house.clock.advance(60_000 + 60_000)
    expect(await house.scans.endOverdue()).toBe(1)
    expect(await house.scans.get(short)).toMatchObject({ state: 'completed', domains: 2, settled: 0 })
    expect(await house.scans.get(long)).toMatchObject({ state: 'running' })
    expect(await house.scans.scansOf('a.example')).toEqual([long])
    expect(await house.scans.endOverdue()).toBe(0)
    const told = (await house.events(short)).filter((entry) => entry.kind === 'scan-completed')
    expect(told).toMatchObject([{ scan: short, at: T + 120_000 }])
  })

  test('that was cancelled or had completed before is not told of again', async () => {
    const cancelled = await house.scan(['c.example'], { watchForSeconds: 60 })
    await house.scans.cancel(cancelled)
    const empty = await house.scan([], { watchForSeconds: 60 })
    house.clock.advance(300_000)
    expect(await house.scans.endOverdue()).toBe(2)
    expect(await house.scans.get(cancelled)).toMatchObject({ state: 'cancelled' })
    expect(await completions()).toEqual([empty])
  })
})
