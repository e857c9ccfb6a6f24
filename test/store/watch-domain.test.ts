import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { TAG_LIMIT } from '../../src/store/scripts/watch-domains.ts'
import { commitOf, host, HOUR_MS, LiveHouse, T, zone } from './live-house.ts'

const NAME = 'www.bad.example'

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

describe('How long a domain is watched', () => {
  const openSince = async () => (await house.targets.load(host(NAME))).watch?.openSince

  test('is as ordered, or open where nobody gave a time', async () => {
    await house.scan([NAME])
    expect(await openSince()).toBeNull()
    await house.domains.stop(NAME)
    await house.scan([NAME], { endsWhenAnswered: true })
    expect(await openSince()).toBe(T)
  })

  test('is open since the watch began, however often the domain is submitted again', async () => {
    await house.scan([NAME], { endsWhenAnswered: true })
    house.clock.advance(HOUR_MS)
    await house.scan([NAME], { endsWhenAnswered: true })
    expect(await openSince()).toBe(T)
    await house.domains.stop(NAME)
    await house.scan([NAME], { endsWhenAnswered: true })
    expect(await openSince()).toBe(T + HOUR_MS)
  })

  test('is as ordered as soon as one scan orders it, whichever comes first', async () => {
    await house.scan([NAME], { endsWhenAnswered: true })
    await house.scan([NAME], { endsWhenAnswered: false })
    expect(await openSince()).toBeNull()
    await house.scan([NAME], { endsWhenAnswered: true })
    expect(await openSince()).toBeNull()
  })
})

describe('Taking a domain in', () => {
  test('it is watched, pending and due at once', async () => {
    await house.scan([NAME], { watchForSeconds: 3600, tags: ['mail'] })
    expect(await house.domains.get(NAME)).toEqual({
      domain: NAME,
      tags: ['mail'],
      addedAt: T,
      watchUntil: T + HOUR_MS,
      watching: true,
      firstFlaggedAt: null,
      verdict: 'pending',
      assessment: null,
    })
    expect(await house.dueAt(host(NAME))).toBe(T)
    expect(await house.targets.load(host(NAME))).toMatchObject({
      round: 0,
      series: null,
      referenced: true,
      watch: { watchUntil: T + HOUR_MS, intervalSeconds: null, verdict: 'pending' },
    })
  })

  test('adding it to the same scan again changes nothing', async () => {
    const scan = await house.scan([NAME], { sealed: false, tags: ['a'] })
    const before = await house.everything()
    expect(await house.scans.add(scan, [NAME, NAME])).toEqual({ added: 0 })
    expect(await house.everything()).toEqual(before)
  })

  test('a thousand names are all watched, in the order of submission, and each is counted once', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `n${index}.example`)
    const scan = await house.scans.open({ tags: [], watchForSeconds: 60, intervalSeconds: null })
    expect(await house.scans.add(scan, [...names, ...names.slice(0, 300)])).toEqual({ added: 1000 })
    await house.scans.seal(scan)
    expect(await house.scans.get(scan)).toMatchObject({ domains: 1000, settled: 0, state: 'running' })
    expect(await house.redis.lrange(keys.scanDomains(scan), 0, -1)).toEqual(names)
    expect(await house.targets.lag(T + 5)).toEqual({ watched: 1000, oldestDueMs: 5 })
    const sizes = await Promise.all(PARTITIONS.map((partition) => house.redis.zcard(keys.due(partition))))
    expect(Math.min(...sizes)).toBeGreaterThan(0)
  })

  test('nothing is added to a scan that is unknown or over', async () => {
    expect(await house.scans.add('scn_none', [NAME])).toEqual({ added: 0 })
    const scan = await house.scan(['other.example'])
    await house.scans.cancel(scan)
    expect(await house.scans.add(scan, [NAME])).toEqual({ added: 0 })
    expect(await house.domains.get(NAME)).toBeNull()
  })
})

describe('A second scan of a domain that is watched', () => {
  test('a longer watch wins, a shorter one changes nothing', async () => {
    await house.scan([NAME], { watchForSeconds: 3600 })
    await house.scan([NAME], { watchForSeconds: 60 })
    expect((await house.domains.get(NAME))?.watchUntil).toBe(T + HOUR_MS)
    await house.scan([NAME], { watchForSeconds: 7200 })
    expect((await house.domains.get(NAME))?.watchUntil).toBe(T + 2 * HOUR_MS)
  })

  test('a shorter interval wins over a longer one, and any over none', async () => {
    const interval = async () => (await house.targets.load(host(NAME))).watch?.intervalSeconds
    await house.scan([NAME])
    await house.scan([NAME], { intervalSeconds: 600 })
    expect(await interval()).toBe(600)
    await house.scan([NAME], { intervalSeconds: 60 })
    expect(await interval()).toBe(60)
    await house.scan([NAME], { intervalSeconds: 900 })
    await house.scan([NAME])
    expect(await interval()).toBe(60)
  })

  test('tags are united, each once, whatever is in them', async () => {
    await house.scan([NAME], { tags: ['a/b', 'ü "q"'] })
    await house.scan([NAME], { tags: ['c', 'a/b'] })
    expect((await house.domains.get(NAME))?.tags).toEqual(['ü "q"', 'c', 'a/b'])
  })

  test('of ever more tags those given last are kept, 64 of them', async () => {
    const tags = Array.from({ length: TAG_LIMIT }, (_, index) => `t${index}`)
    for (const from of [0, 16, 32, 48]) await house.scan([NAME], { tags: tags.slice(from, from + 16) })
    expect((await house.domains.get(NAME))?.tags).toEqual(tags)
    await house.scan([NAME], { tags: ['t0', 'new'] })
    const kept = (await house.domains.get(NAME))!.tags
    expect(kept).toEqual([...tags.slice(2), 't0', 'new'])
  })

  test('it keeps its due time', async () => {
    await house.scan([NAME])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'pending', nextDueAt: T + 30_000 }))
    house.clock.advance(10_000)
    await house.scan([NAME])
    expect(await house.dueAt(host(NAME))).toBe(T + 30_000)
  })
})

describe('A domain that was stopped', () => {
  test('is watched again from now on: its series and first flag are kept, its verdict needs a new look', async () => {
    await house.scan([NAME], { watchForSeconds: 7200, intervalSeconds: 60 })
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await house.domains.stop(NAME)
    expect(await house.dueAt(host(NAME))).toBeNull()
    expect(await house.redis.pttl(keys.target(NAME, host(NAME)))).toBeGreaterThan(0)

    house.clock.advance(10_000)
    await house.scan([NAME], { watchForSeconds: 60 })
    expect(await house.domains.get(NAME)).toMatchObject({
      watching: true,
      verdict: 'pending',
      assessment: null,
      firstFlaggedAt: T,
      watchUntil: T + 70_000,
    })
    expect(await house.targets.load(host(NAME))).toMatchObject({ round: 1, watch: { intervalSeconds: null } })
    expect(await house.dueAt(host(NAME))).toBe(T + 10_000)
    expect(await house.redis.pttl(keys.target(NAME, host(NAME)))).toBe(-1)
  })

  test('its rounds go on from their number even if a job of before found it unwatched', async () => {
    await house.scan([NAME])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await house.domains.stop(NAME)
    await house.targets.retire(host(NAME))
    await house.scan([NAME])
    expect((await house.targets.load(host(NAME))).round).toBe(1)
  })

  test('stopping it twice is one end; a domain never submitted is unknown', async () => {
    await house.scan([NAME])
    expect(await house.domains.stop(NAME)).toBe(true)
    const before = await house.everything()
    expect(await house.domains.stop(NAME)).toBe(true)
    expect(await house.everything()).toEqual(before)
    expect(await house.events(NAME)).toEqual([
      { kind: 'watch-ended', domain: NAME, verdict: 'pending', version: 0, reason: 'stopped', at: T },
    ])
    expect(await house.domains.stop('never.example')).toBe(false)
  })

  test('tells its end with the verdict and the round as they are at that moment, whatever commits meanwhile', async () => {
    await house.scan([NAME])
    house.clock.advance(1234)
    await Promise.all([
      house.domains.stop(NAME),
      house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' })),
    ])
    const [left, { round }] = [await house.domains.get(NAME), await house.targets.load(host(NAME))]
    expect((await house.events(NAME)).at(-1)).toEqual({
      kind: 'watch-ended',
      domain: NAME,
      verdict: left!.verdict,
      version: round,
      reason: 'stopped',
      at: T + 1234,
    })
  })

  test('tells the verdict and the round of its last commit', async () => {
    await house.scan([NAME])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await house.domains.stop(NAME)
    expect((await house.events(NAME)).at(-1)).toEqual({
      kind: 'watch-ended',
      domain: NAME,
      verdict: 'flux',
      version: 1,
      reason: 'stopped',
      at: T,
    })
  })

  test('stays scheduled where a zone needs it as a name server', async () => {
    await house.scan(['ns1.bad.example'])
    await house.targets.addReference(host('ns1.bad.example'), zone('bad.example'), T)
    await house.domains.stop('ns1.bad.example')
    expect(await house.dueAt(host('ns1.bad.example'))).toBe(T)
    expect(await house.targets.load(host('ns1.bad.example'))).toMatchObject({ referenced: true, watch: null })
  })
})

test('a name server that is submitted as a domain is due at once, however late its next turn was', async () => {
  await house.targets.addReference(host('ns1.bad.example'), zone('bad.example'), T + HOUR_MS)
  await house.scan(['ns1.bad.example'])
  expect(await house.dueAt(host('ns1.bad.example'))).toBe(T)
})
