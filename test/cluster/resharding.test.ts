// Slots are moved from master to master, with their keys, while rounds are committed, scans taken in and streams read: what an
// operator does who adds or removes a master. Nothing may be lost, and nothing done twice.
import { expect, test } from 'vitest'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { HISTORY_BACKLOG_OCTETS, readHistoryBacklog } from '../../src/store/history-backlog.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { host } from '../store/live-house.ts'
import { eventually } from '../support/redis-process.ts'
import { clusterHouse, names } from './cluster-house.ts'
import { dueTimes, expectAgreement, keepCommitting, roundsOf } from './committed-rounds.ts'

const NAMES = names(48)
const MOVED = PARTITIONS.filter((_, index) => index % 2 === 0).map((partition) => slotOf(keys.due(partition)))

const house = clusterHouse()

async function moveAll(slots: readonly number[]): Promise<void> {
  const masters = await house.cluster.masters()
  for (const slot of slots) {
    const owner = await house.cluster.ownerOf(slot)
    // Few at a time: the slot stays between two masters for a while, as one with many keys does.
    await house.cluster.moveSlot(
      slot,
      masters.find((master) => master !== owner)!,
      3,
    )
  }
}

async function everyTargetGoesOn(): Promise<void> {
  const before = await roundsOf(house.state, NAMES)
  await eventually(
    async () => (await roundsOf(house.state, NAMES)).every((round, index) => round > before[index]! + 3),
    'every target goes on',
  )
}

test('Rounds that are committed while their slots move are all there, each once', async () => {
  await house.state.scan(NAMES)
  const load = new AbortController()
  const committing = NAMES.map((name) => keepCommitting(house.state, name, load.signal))
  await everyTargetGoesOn()
  await moveAll(MOVED)
  await everyTargetGoesOn()
  load.abort()
  const committed = await Promise.all(committing)
  // No connection was lost: every answer arrived, so that what was answered is exactly what is there.
  expect(await roundsOf(house.state, NAMES)).toEqual(committed)
  await expectAgreement(house.state, NAMES, await dueTimes(house.state))
}, 60_000)

test('A reader goes on over moved streams and hands every entry over once', async () => {
  const seen: string[] = []
  const errors: unknown[] = []
  const reader = new OutboxReader(await house.state.workConnection(), {
    group: 'reader',
    consumer: 'one',
    streams: PARTITIONS.map(keys.observations),
    field: 'round',
    backlogs: PARTITIONS.map((partition) => ({
      counts: keys.observationsBacklog(partition),
      unreadable: keys.observationsUnreadable(partition),
    })),
    onError: (error) => errors.push(error),
  })
  await reader.start(async (payloads) => {
    for (const row of payloads.flatMap(observationsOfEntry)) {
      seen.push(`${row.target} ${row.round}`)
    }
  })
  const before = await roundsOf(house.state, NAMES)
  const load = new AbortController()
  const committing = NAMES.map((name) => keepCommitting(house.state, name, load.signal))
  await everyTargetGoesOn()
  await moveAll(MOVED)
  await everyTargetGoesOn()
  load.abort()
  await Promise.all(committing)
  await reader.stop(20_000)
  const after = await roundsOf(house.state, NAMES)
  const expected = NAMES.flatMap((name, index) =>
    Array.from(
      { length: after[index]! - before[index]! },
      (_, later) => `${host(name)} ${before[index]! + later + 1}`,
    ),
  )
  expect(errors).toEqual([])
  expect(seen.toSorted()).toEqual(expected.toSorted())
  expect(await readHistoryBacklog(house.state.requests, HISTORY_BACKLOG_OCTETS)).toMatchObject({
    entries: 0,
    octets: 0,
    lostRounds: 0,
  })
}, 60_000)
