// One contract, two stores: what a probe round may rely on, in Redis as in memory.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { partitionOf } from '../../src/store/keys.ts'
import { parseTargetId, type TargetId } from '../../src/core/model/target.ts'
import type { ClaimedTarget, LiveTargets } from '../../src/store/live-targets.ts'
import { MemoryTargets } from '../../src/store/memory-targets.ts'
import { commitOf, host, HOUR_MS, LiveHouse, T, zone } from './live-house.ts'

const NAME = 'www.bad.example'
const HOST = host(NAME)
const ZONE = zone('bad.example')

type RoundStore = Pick<
  LiveTargets,
  | 'load'
  | 'seriesOf'
  | 'commit'
  | 'addReference'
  | 'removeReference'
  | 'retire'
  | 'referrersOf'
  | 'isWatched'
  | 'hasten'
>

interface Stand {
  readonly store: RoundStore
  watch(watchUntil: number, now?: number): Promise<void>
  stop(): Promise<void>
  dueAt(id: TargetId): Promise<number | null>
  claim(now: number, leaseEnd: number, ids: readonly TargetId[]): Promise<ClaimedTarget[]>
}

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())

async function inRedis(): Promise<Stand> {
  await house.reset()
  return {
    store: house.targets,
    async watch(watchUntil, now = T) {
      house.clock.advance(now - house.clock.now())
      await house.scan([NAME], { watchForSeconds: (watchUntil - now) / 1000 })
    },
    async stop() {
      await house.domains.stop(NAME)
    },
    dueAt: (id) => house.dueAt(id),
    async claim(now, leaseEnd, ids) {
      const partitions = [...new Set(ids.map((id) => partitionOf(parseTargetId(id).name)))]
      const claims = await Promise.all(
        partitions.map((partition) => house.claim(partition, now, leaseEnd, 100)),
      )
      return claims.flat().toSorted((a, b) => a.dueAt - b.dueAt)
    },
  }
}

async function inMemory(): Promise<Stand> {
  const store = new MemoryTargets()
  return {
    store,
    watch: async (watchUntil, now = T) => store.watch(NAME, now, { watchUntil, intervalSeconds: null }),
    stop: () => store.removeReference(HOST, 'watch' as TargetId),
    dueAt: async (id) => store.dueAt(id),
    claim: async (now, leaseEnd) => store.claimDue(now, leaseEnd),
  }
}

describe.each([
  ['Redis', inRedis],
  ['memory', inMemory],
])('In %s', (_name, open) => {
  let stand: Stand
  let store: RoundStore
  beforeEach(async () => {
    stand = await open()
    store = stand.store
  })

  test('what was never heard of has no round, no series, no watch and nobody who needs it', async () => {
    expect(await store.load(HOST)).toEqual({
      id: HOST,
      target: { kind: 'host', name: NAME },
      round: 0,
      series: null,
      referenced: false,
      watch: null,
      stillRounds: null,
      tenant: '',
    })
    expect(await store.seriesOf(ZONE)).toBeNull()
    expect(await store.referrersOf(ZONE, 5)).toEqual([])
    expect(await store.commit(commitOf(ZONE, 0))).toBe('gone')
    expect(await store.seriesOf(ZONE)).toBeNull()
  })

  test('a watched host is needed and due at once', async () => {
    await stand.watch(T + HOUR_MS)
    expect(await store.load(HOST)).toMatchObject({
      referenced: true,
      watch: {
        watchUntil: T + HOUR_MS,
        intervalSeconds: null,
        verdict: 'pending',
        fluxType: null,
        firstFlaggedAt: null,
      },
    })
    expect(await stand.dueAt(HOST)).toBe(T)
    expect(await store.referrersOf(HOST, 5)).toEqual([])
  })

  test('a commit brings the series, the verdict and the next due time; repeated, it is stale', async () => {
    await stand.watch(T + HOUR_MS)
    const commit = commitOf(HOST, 0, { verdict: 'flux', nextDueAt: T + 5000 })
    expect(await store.commit(commit)).toBe('committed')
    const loaded = await store.load(HOST)
    expect(loaded).toMatchObject({
      round: 1,
      watch: { verdict: 'flux', fluxType: 'single', firstFlaggedAt: T },
    })
    expect(loaded.series).toEqual(commit.series)
    expect(await store.seriesOf(HOST)).toEqual(commit.series)
    expect(await stand.dueAt(HOST)).toBe(T + 5000)
    expect(await store.commit({ ...commit, nextDueAt: T + 9000 })).toBe('stale')
    expect(await stand.dueAt(HOST)).toBe(T + 5000)
  })

  test('what is claimed is due again at the end of its lease', async () => {
    await stand.watch(T + HOUR_MS)
    await store.addReference(ZONE, HOST, T + 5)
    const ids = [HOST, ZONE]
    expect(await stand.claim(T + 10, T + 1000, ids)).toEqual([
      { id: HOST, dueAt: T },
      { id: ZONE, dueAt: T + 5 },
    ])
    expect(await stand.claim(T + 999, T + 2000, ids)).toEqual([])
    expect(await stand.claim(T + 1000, T + 2000, ids)).toHaveLength(2)
  })

  test('the end of a watch unschedules the host, and keeps its series', async () => {
    await stand.watch(T)
    expect(await store.commit(commitOf(HOST, 0, { verdict: 'unresolvable', watchOver: true }))).toBe(
      'committed',
    )
    expect(await store.load(HOST)).toMatchObject({ round: 1, referenced: false, watch: null })
    expect(await stand.dueAt(HOST)).toBeNull()
    expect(await store.seriesOf(HOST)).not.toBeNull()
  })

  test('a watch that was made longer while it was probed goes on', async () => {
    await stand.watch(T)
    await stand.watch(T + HOUR_MS)
    await store.commit(commitOf(HOST, 0, { verdict: 'unresolvable', watchOver: true, nextDueAt: T + 7 }))
    expect(await store.load(HOST)).toMatchObject({ referenced: true, watch: { watchUntil: T + HOUR_MS } })
    expect(await stand.dueAt(HOST)).toBe(T + 7)
  })

  test('a shared target is kept while anybody needs it, and unscheduled after', async () => {
    await store.addReference(ZONE, HOST, T + 5)
    await store.addReference(ZONE, host('b.bad.example'), T)
    expect(await stand.dueAt(ZONE)).toBe(T + 5)
    expect((await store.referrersOf(ZONE, 5)).toSorted()).toEqual([host('b.bad.example'), HOST])
    await store.removeReference(ZONE, HOST)
    await store.retire(ZONE)
    expect(await stand.dueAt(ZONE)).toBe(T + 5)
    await store.removeReference(ZONE, host('b.bad.example'))
    expect((await store.load(ZONE)).referenced).toBe(false)
    await store.retire(ZONE)
    expect(await stand.dueAt(ZONE)).toBeNull()
  })

  test('a target that comes back goes on with its numbers, due when it is asked for', async () => {
    await store.addReference(ZONE, HOST, T)
    await store.commit(commitOf(ZONE, 0))
    await store.removeReference(ZONE, HOST)
    expect(await store.commit(commitOf(ZONE, 1))).toBe('gone')
    expect(await stand.dueAt(ZONE)).toBeNull()
    await store.addReference(ZONE, HOST, T + 70)
    expect((await store.load(ZONE)).round).toBe(1)
    expect(await stand.dueAt(ZONE)).toBe(T + 70)
  })

  test('hastening brings a due time forward only, and never schedules what nobody needs', async () => {
    await store.addReference(ZONE, HOST, T + 100)
    await store.hasten(ZONE, T + 200)
    expect(await stand.dueAt(ZONE)).toBe(T + 100)
    await store.hasten(ZONE, T + 50)
    expect(await stand.dueAt(ZONE)).toBe(T + 50)
    await store.removeReference(ZONE, HOST)
    await store.retire(ZONE)
    await store.hasten(ZONE, T)
    await store.hasten(HOST, T)
    expect(await stand.dueAt(ZONE)).toBeNull()
    expect(await stand.dueAt(HOST)).toBeNull()
  })

  test('a name server that is watched as a domain is due at once', async () => {
    await store.addReference(HOST, ZONE, T + HOUR_MS)
    expect(await store.isWatched(HOST)).toBe(false)
    await stand.watch(T + HOUR_MS, T + 10)
    expect(await stand.dueAt(HOST)).toBe(T + 10)
    expect(await store.isWatched(HOST)).toBe(true)
  })

  test('a name server that is submitted while it is probed is due again after the least interval', async () => {
    await store.addReference(HOST, ZONE, T)
    await stand.claim(T, T + 60_000, [HOST])
    await stand.watch(T + HOUR_MS)
    expect(await stand.dueAt(HOST)).toBe(T + 60_000)
    const shared = commitOf(HOST, 0, { nextDueAt: T + HOUR_MS, earliestNextAt: T + 30_000 })
    expect(await store.commit(shared)).toBe('committed')
    expect(await stand.dueAt(HOST)).toBe(T + 30_000)
  })

  test('nobody is hastened into the least interval after a round, or made due in it by being needed again', async () => {
    await stand.watch(T + HOUR_MS)
    const later = { nextDueAt: T + HOUR_MS, earliestNextAt: T + 30_000 }
    await store.commit(commitOf(HOST, 0, { verdict: 'pending', ...later }))
    await store.hasten(HOST, T + 10)
    expect(await stand.dueAt(HOST)).toBe(T + 30_000)
    await stand.stop()
    await stand.watch(T + HOUR_MS)
    expect(await stand.dueAt(HOST)).toBe(T + 30_000)
    await store.addReference(ZONE, HOST, T)
    await store.commit(commitOf(ZONE, 0, later))
    await store.removeReference(ZONE, HOST)
    await store.retire(ZONE)
    await store.addReference(ZONE, HOST, T + 10)
    expect(await stand.dueAt(ZONE)).toBe(T + 30_000)
  })

  test('a target that is being probed is not hastened; after its commit it is', async () => {
    await store.addReference(ZONE, HOST, T)
    await stand.claim(T, T + 60_000, [ZONE])
    await store.hasten(ZONE, T + 1)
    expect(await stand.dueAt(ZONE)).toBe(T + 60_000)
    await store.commit(commitOf(ZONE, 0, { nextDueAt: T + HOUR_MS }))
    await store.hasten(ZONE, T + 1)
    expect(await stand.dueAt(ZONE)).toBe(T + 1)
  })

  test('a round whose domain was watched anew meanwhile is stale, and due at once', async () => {
    await stand.watch(T + HOUR_MS)
    await store.commit(commitOf(HOST, 0, { verdict: 'flux' }))
    await stand.stop()
    await stand.watch(T + HOUR_MS)
    await stand.claim(T + HOUR_MS, T + 2 * HOUR_MS, [HOST])
    const inFlight = commitOf(HOST, 1, { verdict: 'flux', against: 'flux', asOf: T + 7 })
    expect(await store.commit(inFlight)).toBe('stale')
    expect(await store.load(HOST)).toMatchObject({ round: 1, watch: { verdict: 'pending' } })
    expect(await stand.dueAt(HOST)).toBe(T + 7)
    expect(await store.commit(commitOf(HOST, 1, { verdict: 'flux' }))).toBe('committed')
  })

  test('a stopped domain whose host serves as a name server is committed without its verdict', async () => {
    await stand.watch(T + HOUR_MS)
    await store.addReference(HOST, ZONE, T)
    await stand.stop()
    expect(await store.isWatched(HOST)).toBe(false)
    expect(await store.commit(commitOf(HOST, 0, { verdict: 'flux', nextDueAt: T + 9 }))).toBe('unwatched')
    expect(await store.load(HOST)).toMatchObject({ round: 1, watch: null })
    expect(await stand.dueAt(HOST)).toBe(T + 9)
  })
})

test('In memory nothing is due where nothing is watched, and the next due time is told', async () => {
  const store = new MemoryTargets()
  expect(store.nextDueAt()).toBeNull()
  store.watch(NAME, T, { watchUntil: T, intervalSeconds: null })
  expect(store.nextDueAt()).toBe(T)
  await store.commit(commitOf(HOST, 0, { verdict: 'unresolvable', watchOver: true }))
  expect(store.nextDueAt()).toBeNull()
  expect(store.get(NAME)).toMatchObject({ verdict: 'unresolvable', watching: false })
})
