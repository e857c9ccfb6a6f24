// A master that Sentinels watch over: who connects by them is led to its replica when it dies, and is told plainly when nobody can
// lead anywhere.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { isStoreOutage } from '../../src/api/problems/store-outage.ts'
import { keys } from '../../src/store/keys.ts'
import { backlogOf } from '../../src/store/outbox-reader.ts'
import { connectForWork, evictionPolicy, isCluster, ready, usedMemory } from '../../src/store/redis.ts'
import { replicated } from '../../src/store/replicated.ts'
import { PARTITIONS } from '../../src/store/keys.ts'
import { host, T } from '../store/live-house.ts'
import { eventually } from '../support/redis-process.ts'
import { TestSentinels } from '../support/redis-sentinel.ts'
import { names, quiet, StateOnRedis } from './cluster-house.ts'
import { dueTimes, expectAgreement, keepCommitting, nextRound, roundsOf } from './committed-rounds.ts'

const NAMES = names(8)
const ONE_REPLICA = { replicas: 1, timeoutMs: 2_000 }

let sentinels: TestSentinels
let state: StateOnRedis
beforeAll(async () => {
  sentinels = await TestSentinels.start()
  state = await StateOnRedis.open(`redis+sentinel://${sentinels.place}`)
})
afterAll(async () => {
  state?.close()
  await sentinels?.stop()
})

test('A master that cannot be found is told with the Sentinels that were asked, and without passwords', async () => {
  const refusal = (url: string) => ready(quiet(connectForWork({ url }))).then(String, String)
  const place = sentinels.place.replace(/main$/, 'other')
  expect(await refusal(`redis+sentinel://flux:s3cret@${place}`)).toMatch(
    /^RedisUnreachableError: Redis at other, asked of the Sentinels 127\.0\.0\.1:\d+, .*, cannot be used: .* Check REDIS_URL\.$/,
  )
  const nobody = await refusal('redis+sentinel://flux:s3cret@127.0.0.1:1/main?sentinelPassword=s3cret')
  expect(nobody).toContain('asked of the Sentinels 127.0.0.1:1, cannot be used:')
  expect(nobody).toContain('ECONNREFUSED')
  expect(nobody).not.toContain('s3cret')
})

test('The state follows the master to its replica, and agrees with itself there', async () => {
  expect(isCluster(state.requests)).toBe(false)
  expect(await evictionPolicy(state.requests)).toBe('noeviction')
  expect((await usedMemory(state.requests)).maxBytes).toBe(512 * 1024 * 1024)
  const scan = await replicated(state.requests, [keys.scan('any')], ONE_REPLICA, () => state.scan(NAMES))
  const waiting = state.domains.waitForVerdict(NAMES[0]!, 60_000, new AbortController().signal)
  const load = new AbortController()
  const committing = NAMES.slice(1).map((name) => keepCommitting(state, name, load.signal))
  // On the same connection: by then the request that waits has looked once.
  await state.domains.get(NAMES[0]!)
  await sentinels.killMaster()
  expect(await state.domains.get(NAMES[0]!).then(() => false, isStoreOutage)).toBe(true)

  // Work waits for the new master; requests find it once it is there.
  expect(await state.targets.commit(nextRound(NAMES[0]!, 0))).toBe('committed')
  expect(await waiting).toMatchObject({ verdict: 'flux' })
  await eventually(
    async () => (await state.domains.get(NAMES[0]!))?.domain === NAMES[0],
    'requests are served',
  )
  const before = await roundsOf(state, NAMES.slice(1))
  await eventually(
    async () => (await roundsOf(state, NAMES.slice(1))).every((round, index) => round > before[index]!),
    'every target goes on',
  )
  load.abort()
  await Promise.all(committing)
  expect(await state.scans.get(scan)).toMatchObject({ state: 'running', domains: NAMES.length })
  expect(await backlogOf(state.requests, PARTITIONS.map(keys.observations))).toBeGreaterThan(NAMES.length)
  await expectAgreement(state, NAMES, await dueTimes(state))
}, 60_000)

test('A master whose replica is gone promises nothing', async () => {
  const domains = ['late.example']
  const taken = replicated(
    state.requests,
    domains.map(keys.assessment),
    { ...ONE_REPLICA, timeoutMs: 50 },
    () => state.scan(domains),
  )
  await expect(taken).rejects.toThrow(FluxError)
  await expect(taken).rejects.toThrow('Only 0 of the 1 replicas asked for have what was written')
  // What was written is there all the same: trying again repeats it.
  expect((await state.targets.load(host('late.example'))).watch).toMatchObject({ watchUntil: T + 3_600_000 })
})
