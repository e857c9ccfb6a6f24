// A slice is all or nothing: its rows, and everything that is counted from them.
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HistoryReader } from '../../../src/store/history/sqlite/history-reader.ts'
import { HistoryWriter } from '../../../src/store/history/sqlite/history-writer.ts'
import { migrate } from '../../../src/store/history/sqlite/schema.ts'
import { sampleObservation, sampleObservations } from './sample-observations.ts'

let database: DatabaseSync
beforeEach(() => {
  database = new DatabaseSync(':memory:')
  migrate(database)
})
afterEach(() => database.close())

const QUERY = { name: 'www.flux.example', type: null, seenSince: null, after: null, limit: 100 }

test('a slice that fails leaves nothing behind, and its rows are taken in when they come again', () => {
  const writer = new HistoryWriter(database)
  writer.append(sampleObservations(3))
  const broken = sampleObservation(9, { at: 1.5 })
  const rows = [sampleObservation(5), sampleObservation(6, { vantage: 'new', target: 'host:new.example' })]
  expect(() => writer.append([...rows, broken])).toThrow('observation.at')
  const reader = new HistoryReader(database)
  expect(reader.records(QUERY).items.map(({ count }) => count)).toStrictEqual([1, 1, 1])
  expect(reader.statistics({ from: null, to: null, after: null, limit: 5 })).toMatchObject([{ answer: 3 }])
  // The numbers that its names had were undone with it: they must not be used again from memory.
  writer.append([sampleObservation(7, { vantage: 'other', target: 'host:other.example' }), ...rows])
  const query = { from: null, to: null, vantage: null, type: null, everyMs: null, after: null, limit: 100 }
  const found = reader.observations({ ...query, targets: ['host:new.example', 'host:other.example'] }).items
  expect(found.map(({ vantage, target }) => [vantage, target])).toStrictEqual([
    ['new', 'host:new.example'],
    ['other', 'host:other.example'],
  ])
})

test('entries that cannot be read leave nothing behind', () => {
  const writer = new HistoryWriter(database)
  const good = Buffer.from(JSON.stringify(sampleObservations(2)))
  expect(() => writer.appendEntries([good, Buffer.of(99)])).toThrow('version')
  expect(new HistoryReader(database).records(QUERY).items).toStrictEqual([])
})
