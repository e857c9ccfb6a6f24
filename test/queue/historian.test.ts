import { expect, test } from 'vitest'
import type { StoredObservation } from '../../src/core/model/observation.ts'
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

function packed(rows: readonly StoredObservation[]): Buffer {
  return Buffer.from(JSON.stringify(rows))
}

test('All rounds of one reading become one append, in order', async () => {
  const sink = new InMemorySink()
  await historian(sink)([packed([one]), packed([two, one])])
  expect(sink.batches).toEqual([[one, two, one]])
})

test('A reading without rows writes nothing', async () => {
  const sink = new InMemorySink()
  await historian(sink)([Buffer.from(''), packed([])])
  expect(sink.batches).toEqual([])
})

test('It rejects when history does, so that the rounds stay in the stream', async () => {
  const sink = new InMemorySink()
  sink.failure = new Error('the disk is full')
  await expect(historian(sink)([packed([one])])).rejects.toThrow('the disk is full')
})
