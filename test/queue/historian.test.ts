import { describe, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { packObservations } from '../../src/core/outbox/pack-observations.ts'
import { FRAMED, observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { historian } from '../../src/queue/historian.ts'
import { host, observationOf } from '../store/live-house.ts'

/** Reads entries as a store does: all of an append or nothing. */
class InMemorySink {
  readonly batches: (readonly StoredObservation[])[] = []
  failure: Error | null = null

  async appendEntries(entries: readonly Uint8Array[]): Promise<void> {
    if (this.failure) throw this.failure
    this.batches.push(entries.flatMap(observationsOfEntry))
  }
}

const one = observationOf(host('a.example'), 1)
const two = observationOf(host('b.example'), 7)
const damaged = packObservations([two]).subarray(0, -1)

test('All rounds of one reading become one append, in order', async () => {
  const sink = new InMemorySink()
  expect(await historian(sink)([packObservations([one]), packObservations([two, one])])).toEqual([])
  expect(sink.batches).toEqual([[one, two, one]])
})

test('Rounds that an older process left as JSON are read beside packed ones', async () => {
  const sink = new InMemorySink()
  await historian(sink)([jsonOf([one]), packObservations([two]), jsonOf([two, one])])
  expect(sink.batches).toEqual([[one, two, two, one]])
})

test('A long reading becomes several appends, in order, each told of', async () => {
  const sink = new InMemorySink()
  let appends = 0
  const large = framed(Array.from({ length: 14_000 }, () => packObservations([one])))
  expect(large.length).toBeGreaterThan(512 * 1024)
  await historian(
    sink,
    () => (appends += 1),
  )([packObservations([two]), large, large, packObservations([two])])
  expect(sink.batches.map(({ length }) => length)).toEqual([14_001, 14_001])
  expect([sink.batches[0]![0], sink.batches[1]!.at(-1)]).toEqual([two, two])
  expect(appends).toBe(2)
})

describe('A payload that cannot be read', () => {
  test('is answered with its place and reason, and the others are stored', async () => {
    const sink = new InMemorySink()
    const unreadable = await historian(sink)([packObservations([one]), damaged, packObservations([two])])
    expect(unreadable).toEqual([{ place: 1, reason: 'The bytes end too soon' }])
    expect(sink.batches).toEqual([[one, two]])
  })

  test('keeps its place in a reading of several appends', async () => {
    const sink = new InMemorySink()
    const large = framed(Array.from({ length: 14_000 }, () => packObservations([one])))
    expect(await historian(sink)([large, large, damaged])).toMatchObject([{ place: 2 }])
    expect(sink.batches.map(({ length }) => length)).toEqual([14_000, 14_000])
  })

  test('gives those of its rounds that can be read', async () => {
    const sink = new InMemorySink()
    const entry = framed([packObservations([one]), damaged, packObservations([two])])
    expect(await historian(sink)([entry])).toEqual([{ place: 0, reason: 'The bytes end too soon' }])
    expect(sink.batches).toEqual([[one, two]])
  })

  test('whose frame is cut gives nothing', async () => {
    const sink = new InMemorySink()
    const cut = framed([packObservations([one])]).subarray(0, -1)
    expect(await historian(sink)([cut, packObservations([two])])).toEqual([
      { place: 0, reason: 'The rounds of an entry end too soon' },
    ])
    expect(sink.batches).toEqual([[two]])
  })
})

test('It rejects when history is away, so that the rounds stay in the stream, unreadable ones too', async () => {
  const sink = new InMemorySink()
  sink.failure = new FluxError('FLUX_STORE_UNAVAILABLE', 'the disk is full')
  await expect(historian(sink)([packObservations([one]), damaged])).rejects.toThrow('the disk is full')
})

test('It rejects when history fails on rounds that can be read: nothing accepted is put aside for that', async () => {
  const sink = new InMemorySink()
  sink.failure = new TypeError('a bug')
  await expect(historian(sink)([packObservations([one])])).rejects.toThrow('a bug')
})

function framed(rounds: readonly Buffer[]): Buffer {
  const parts = rounds.flatMap((round) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(round.length)
    return [length, round]
  })
  return Buffer.concat([Buffer.of(FRAMED), ...parts])
}

function jsonOf(rows: readonly StoredObservation[]): Buffer {
  return Buffer.from(JSON.stringify(rows))
}
