// Masters are killed while rounds are committed and scans taken in. Afterwards every target must agree with itself: its round,
// its series, its verdict, its due time and both streams tell the same number of rounds; and what was promised is there.
import { describe, expect, test } from 'vitest'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { FluxError } from '../../src/core/errors.ts'
import { isStoreOutage } from '../../src/api/problems/store-outage.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { keys, partitionOf, PARTITIONS } from '../../src/store/keys.ts'
import { replicated } from '../../src/store/replicated.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { host, T } from '../store/live-house.ts'
import { eventually } from '../support/redis-process.ts'
import type { ClusterNode } from '../support/redis-cluster.ts'
import { clusterHouse, names, type StateOnRedis } from './cluster-house.ts'
import { dueTimes, expectAgreement, keepCommitting, nextRound, roundsOf } from './committed-rounds.ts'

const NAMES = names(48)
const KILLS = 2

const house = clusterHouse()

/** A scan that is answered only once a replica of each master concerned has it. */
async function takeIn(scans: LiveScans, redis: StateOnRedis['requests'], domains: string[]): Promise<string> {
  return replicated(
    redis,
    (scan) => [keys.scan(scan), ...domains.map(keys.assessment)],
    { replicas: 1, timeoutMs: 1_000 },
    async () => {
      const scan = await scans.open({ tags: [], watchForSeconds: 3600, intervalSeconds: null })
      await scans.add(scan, domains)
      await scans.seal(scan)
      return scan
    },
  )
}

interface TakenIn {
  /** Scan → its domains. */
  readonly promised: Map<string, string[]>
  refused: number
}

/** Takes in scan after scan, and notes what came of it. */
async function keepTakingIn(taken: TakenIn, stop: AbortSignal): Promise<void> {
  const redis = await house.state.requestConnection()
  const scans = new LiveScans({ redis, domains: house.state.domains, clock: house.state.clock })
  for (let count = 0; !stop.aborted; count += 1) {
    const domains = [0, 1, 2].map((index) => `s${count}-${index}.example`)
    try {
      taken.promised.set(await takeIn(scans, redis, domains), domains)
    } catch (error) {
      if (!(error instanceof FluxError && error.status === 503) && !isStoreOutage(error)) throw error
      taken.refused += 1
    }
  }
}

/** Resolves when another one serves what it had, and it is back as that one's replica. */
async function recoverFrom(victim: ClusterNode): Promise<void> {
  await house.cluster.isWhole()
  await house.cluster.restart(victim)
}

function masterOf(name: string): Promise<ClusterNode> {
  return house.cluster.ownerOf(slotOf(keys.due(partitionOf(name))))
}

/** Resolves when every target has had some rounds more, and some scans more have been promised. */
async function goingOn({ promised }: TakenIn): Promise<void> {
  const before = await roundsOf(house.state, NAMES)
  const promisedBefore = promised.size
  await eventually(
    async () =>
      promised.size > promisedBefore + 3 &&
      (await roundsOf(house.state, NAMES)).every((round, index) => round > before[index]! + 3),
    'every target goes on, and so does the intake',
  )
}

describe('When a master dies under load', () => {
  test('every commit is in as a whole or not at all, and no promised intake is lost', async () => {
    await house.state.scan(NAMES)
    const load = new AbortController()
    const committing = NAMES.map((name) => keepCommitting(house.state, name, load.signal))
    const taken: TakenIn = { promised: new Map(), refused: 0 }
    const takingIn = keepTakingIn(taken, load.signal)
    await goingOn(taken)
    for (let kill = 0; kill < KILLS; kill += 1) {
      const victim = await masterOf(NAMES[kill]!)
      await house.cluster.kill(victim)
      await recoverFrom(victim)
      await goingOn(taken)
    }
    load.abort()
    const committed = await Promise.all(committing)
    await takingIn
    expect(Math.min(...committed)).toBeGreaterThan(3 * KILLS)
    expect(taken.refused).toBeGreaterThan(0)

    const due = await dueTimes(house.state)
    await expectAgreement(house.state, NAMES, due)
    for (const [scan, domains] of taken.promised) {
      expect(await house.state.scans.get(scan)).toMatchObject({ state: 'running', domains: domains.length })
      for (const name of domains) {
        expect(await house.state.domains.get(name)).toMatchObject({ domain: name, watching: true })
        expect(due.get(host(name))).toBe(T)
        expect(await house.state.scans.scansOf(name)).toEqual([scan])
      }
    }
  }, 60_000)

  test('what lies on the other masters is served all the while, and the rest is refused, not held', async () => {
    const victim = await masterOf(NAMES[0]!)
    const owners = await Promise.all(NAMES.map(masterOf))
    const elsewhere = NAMES.filter((_, index) => owners[index] !== victim)
    expect(elsewhere.length).toBeGreaterThan(10)
    await house.cluster.kill(victim)
    const refused = house.state.domains.get(NAMES[0]!).then(() => null, isStoreOutage)
    const served = await Promise.all(elsewhere.map((name) => house.state.domains.get(name)))
    expect(served.map((domain) => domain?.domain)).toEqual(elsewhere)
    expect(await refused).toBe(true)
    // Nor is anybody kept from starting.
    await house.state.requestConnection()
    await recoverFrom(victim)
    expect(await house.state.domains.get(NAMES[0]!)).toMatchObject({ domain: NAMES[0] })
  }, 30_000)
})

describe('What reads and waits goes on after a fail-over', () => {
  test('a request that waits for a verdict, though the node of its subscription died', async () => {
    const waiting = names(60).slice(48)
    await house.state.scan(waiting)
    const subscribers = async (): Promise<ClusterNode[]> => {
      const living = house.cluster.living()
      const lists = await Promise.all(living.map(({ redis }) => redis.client('LIST', 'TYPE', 'PUBSUB')))
      return living.filter((_, index) => lists[index] !== '')
    }
    const answers = waiting.map((name) =>
      house.state.domains.waitForVerdict(name, 60_000, new AbortController().signal),
    )
    await eventually(async () => (await subscribers()).length === 1, 'one node has the subscription')
    const [victim] = await subscribers()
    await house.cluster.kill(victim!)
    await eventually(async () => (await subscribers()).length === 1, 'another node has the subscription')
    for (const name of waiting) await house.state.targets.commit(nextRound(name, 0))
    expect((await Promise.all(answers)).map((answer) => answer?.verdict)).toEqual(waiting.map(() => 'flux'))
    await recoverFrom(victim!)
  }, 30_000)

  test('a reader of the streams, which hands over every entry of before, during and after', async () => {
    const streams = PARTITIONS.map(keys.observations)
    const seen = new Map<string, number[]>()
    const reader = new OutboxReader(await house.state.workConnection(), {
      group: 'reader',
      consumer: 'one',
      streams,
      field: 'round',
    })
    await reader.start(async (payloads) => {
      for (const row of payloads.flatMap(observationsOfEntry)) {
        seen.set(row.target, [...(seen.get(row.target) ?? []), row.round])
      }
    })
    const start = await roundsOf(house.state, NAMES)
    const load = new AbortController()
    const committing = NAMES.map((name) => keepCommitting(house.state, name, load.signal))
    const victim = await masterOf(NAMES[5]!)
    await house.cluster.kill(victim)
    await recoverFrom(victim)
    await eventually(
      async () => (await roundsOf(house.state, NAMES)).every((round, index) => round > start[index]! + 1),
      'every target goes on',
    )
    load.abort()
    await Promise.all(committing)
    await reader.stop(20_000)
    for (const [index, round] of (await roundsOf(house.state, NAMES)).entries()) {
      const first = start[index]! + 1
      expect(round).toBeGreaterThan(first)
      const all = Array.from({ length: round - first + 1 }, (_, later) => first + later)
      // More than once is allowed, and a round that was lost with its master was read all the same.
      expect(seen.get(host(NAMES[index]!))).toEqual(expect.arrayContaining(all))
    }
  }, 30_000)
})
