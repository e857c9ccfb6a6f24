// What pruning does to the file: its space comes back, and others get their turn in between.
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compactSlice, isWorthCompacting } from '../../../src/store/history/sqlite/compaction.ts'
import {
  HistoryPruner,
  PRUNE_START,
  type PrunePlace,
} from '../../../src/store/history/sqlite/history-pruner.ts'
import { HistoryWriter } from '../../../src/store/history/sqlite/history-writer.ts'
import { openDatabase } from '../../../src/store/history/sqlite/open-database.ts'
import { sampleObservations, START } from './sample-observations.ts'
import { makeSqlitePlace } from './temporary-history.ts'

let place: Awaited<ReturnType<typeof makeSqlitePlace>>
beforeEach(async () => {
  place = await makeSqlitePlace()
})
afterEach(() => place.remove())

test('pruning gives the space back to the disk', async () => {
  const store = await place.open()
  await store.append(sampleObservations(60_000))
  const pages = () => {
    const database = new DatabaseSync(place.path)
    const count = database.prepare('PRAGMA page_count').get()!['page_count'] as number
    database.close()
    return count
  }
  const before = pages()
  expect(await store.prune(START + 58_000_000)).toBe(58_000)
  expect(pages()).toBeLessThan(before / 4)
  await store.close()
  // The file follows when the log is written into it.
  expect(statSync(place.path).size).toBeLessThan((before / 4) * 4096)
}, 20_000)

test('the size that is told counts what is in the log and not yet in the file', async () => {
  const store = await place.open()
  await store.append(sampleObservations(5_000))
  expect(statSync(place.path).size).toBeLessThan(200_000)
  const { detail } = await store.check()
  const told = Number(/ ([\d.]+) MiB$/.exec(detail)?.[1])
  expect(told).toBeGreaterThan(0.5)
  expect(told).toBeCloseTo((statSync(place.path).size + statSync(`${place.path}-wal`).size) / 1024 / 1024, 1)
  await store.close()
})

test('pruning is made of slices, between which others write', () => {
  const database = openDatabase(place.path)
  const other = openDatabase(place.path)
  new HistoryWriter(database).append(sampleObservations(5000))
  const pruner = new HistoryPruner(database)
  const writer = new HistoryWriter(other)
  const removed: number[] = []
  for (let next: PrunePlace | null = PRUNE_START; next !== null;) {
    const slice = pruner.slice(START + 4_500_000, next)
    removed.push(slice.removed)
    next = slice.next
    writer.append(sampleObservations(1, { target: `host:between${removed.length}.example`, at: START + 9e6 }))
  }
  expect(removed.filter((rows) => rows > 0)).toStrictEqual([2000, 2000, 500])
  const kept = database.prepare('SELECT count(*) AS rows FROM observation').get()!['rows']
  expect(kept).toBe(500 + removed.length)
  database.close()
  other.close()
})

test('a small file is not worth compacting, and compacting comes to an end', () => {
  const database = openDatabase(place.path)
  expect(isWorthCompacting(database)).toBe(false)
  let slices = 0
  while (compactSlice(database)) slices += 1
  expect(slices).toBeLessThan(5)
  expect(compactSlice(database)).toBe(false)
  database.close()
})
