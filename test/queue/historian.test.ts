import { expect, test } from 'vitest'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { packObservations } from '../../src/core/outbox/pack-observations.ts'
import { historian } from '../../src/queue/historian.ts'
import { host, observationOf } from '../store/live-house.ts'

class InMemorySink {
  readonly batches: (readonly StoredObservation[])[] = []
  failure: Error | null = null

  async append(rows: readonly StoredObservation[]): Promise<void> {
    if (this.failure) throw this.failure
    this.batches.push(rows)
  }
}

const one = observationOf(host('a.example'), 1)
const two = observationOf(host('b.example'), 7)

test('All rounds of one reading become one append, in order', async () => {
  const sink = new InMemorySink()
  await historian(sink)([packObservations([one]), packObservations([two, one])])
  expect(sink.batches).toEqual([[one, two, one]])
})

test('Rounds that an older process left as JSON are read beside packed ones', async () => {
  const sink = new InMemorySink()
  await historian(sink)([jsonOf([one]), packObservations([two]), jsonOf([two, one])])
  expect(sink.batches).toEqual([[one, two, two, one]])
})

test('A payload in no known form stays in the stream, and nothing of its reading is written', async () => {
  const sink = new InMemorySink()
  const damaged = packObservations([two]).subarray(0, -1)
  await expect(historian(sink)([packObservations([one]), damaged])).rejects.toThrow('The bytes end too soon')
  expect(sink.batches).toEqual([])
})

test('A reading without rows writes nothing', async () => {
  const sink = new InMemorySink()
  await historian(sink)([Buffer.alloc(0), packObservations([]), jsonOf([])])
  expect(sink.batches).toEqual([])
})

test('It rejects when history does, so that the rounds stay in the stream', async () => {
  const sink = new InMemorySink()
  sink.failure = new Error('the disk is full')
  await expect(historian(sink)([packObservations([one])])).rejects.toThrow('the disk is full')
})

function jsonOf(rows: readonly StoredObservation[]): Buffer {
  return Buffer.from(JSON.stringify(rows))
}
