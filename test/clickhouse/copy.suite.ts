import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { AddressPlace, SeenRecord } from '../../src/core/model/seen-record.ts'
import { CopyTarget } from '../../src/store/history/clickhouse/copy-target.ts'
import { copyHistory, type CopyParts, type CopyProgress } from '../../src/store/history/copy-history.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import { openSqliteExport } from '../../src/store/history/sqlite/sqlite-export.ts'
import { makeSqlitePlace } from '../store/history/temporary-history.ts'
import { MemoryHistory } from '../contract/history/memory-history.ts'
import { EVERYTHING, readAll } from '../contract/history/observations.ts'
import { recordsOf } from '../contract/history/records.ts'
import { DAY, DAY_ONE, HOUR, sighted } from '../contract/history/sightings.ts'
import { connectToEngine, engine, makeClickHousePlace } from './embedded-engine.ts'
import { ListExport } from './list-export.ts'

afterAll(() => engine.close())

const NAMES = ['a.example', 'b.example', 'c.example']
const TARGETS = NAMES.map((name) => `host:${name}` as const)
const place = (address: string): AddressPlace => ({
  address,
  asn: 64_500,
  organisation: 'Net',
  country: 'NL',
})

let from: ListExport
beforeEach(() => {
  from = new ListExport()
  from.rows = Array.from({ length: 60 }, (_, number) =>
    sighted({
      name: NAMES[number % 3]!,
      at: DAY_ONE + number * HOUR,
      vantage: number % 5 === 4 ? 'sensor:office' : 'quad9',
      answer: [`A 192.0.2.${number % 4}`, 'A 192.0.2.77'],
      round: number % 5 === 4 ? 0 : number + 1,
    }),
  )
  from.places = [place('192.0.2.1'), place('192.0.2.77')]
})

async function openTarget() {
  const where = await makeClickHousePlace()
  const settings = {
    connection: connectToEngine(),
    database: where.database,
    cluster: null,
    retentionDays: 36_500,
  }
  const to = new CopyTarget(settings)
  await to.ready()
  const store = await where.open()
  return {
    to,
    store,
    async close() {
      await store.close()
      await to.close()
      await where.remove()
    },
  }
}

function copy(to: CopyParts['to'], changes: Partial<CopyParts> = {}) {
  const parts = { source: '/data/history.sqlite', from, to, onProgress: () => {}, ...changes }
  return copyHistory({ signal: new AbortController().signal, ...parts })
}

async function answers(store: HistoryStore) {
  const page = { cursor: null, limit: 100 }
  return {
    observations: await readAll(store, { ...EVERYTHING, targets: TARGETS }),
    records: await Promise.all(NAMES.map((name) => recordsOf(store, name))),
    placed: await store.recordsAt({ pivot: { kind: 'asn', asn: 64_500 }, seenSince: null, ...page }),
    life: await store.life('192.0.2.77'),
    days: await store.statistics({ from: null, to: null, ...page }),
  }
}

const counted = (records: readonly SeenRecord[]) =>
  records.map(({ data, firstSeen, count, sensorCount }) => ({ data, firstSeen, count, sensorCount }))

describe('a copy of the embedded history', () => {
  test('answers what the file of SQLite answers', async () => {
    const file = await makeSqlitePlace()
    const embedded = await file.open()
    await embedded.append(from.rows)
    await embedded.place(from.places)
    await embedded.prune(DAY_ONE + DAY)
    const { to, store, close } = await openTarget()
    const sqlite = openSqliteExport(file.path)
    expect(sqlite.observationCount()).toBe(36)
    expect(await copy(to, { from: sqlite })).toMatchObject({ observations: 36, finished: true })
    const { days: _, ...answered } = await answers(store)
    const { days: __, ...expected } = await answers(embedded)
    expect(answered).toStrictEqual(expected)
    sqlite.close()
    await embedded.close()
    await file.remove()
    await close()
  })

  test('brings observations, records and places', async () => {
    const { to, store, close } = await openTarget()
    expect(await copy(to)).toStrictEqual({
      observations: 60,
      records: from.records().length,
      places: 2,
      resumed: false,
      finished: true,
      skipped: 0,
    })
    const { observations, records, placed, life } = await answers(store)
    expect(observations).toStrictEqual(from.rows)
    expect(records.flat()).toStrictEqual(new MemoryHistory(from.rows).records)
    expect(placed.items.length).toBeGreaterThan(0)
    expect(life).toMatchObject({ asn: 64_500, names: 3 })
    expect(await to.totals()).toStrictEqual({ observations: 60, records: from.records().length })
    await close()
  })

  test('that is stopped after any page, and run again, is the same as one that was not', async () => {
    const whole = await openTarget()
    await copy(whole.to)
    const expected = await answers(whole.store)
    await whole.close()
    const { to, store, close } = await openTarget()
    let runs = 0
    for (let finished = false; !finished; runs += 1) {
      const stop = new AbortController()
      const pages = (runs % 3) + 1
      let seen = 0
      const onProgress = () => {
        seen += 1
        if (seen === pages) stop.abort()
      }
      const result = await copy(to, { signal: stop.signal, onProgress })
      expect(result).toMatchObject({ resumed: runs > 0, skipped: 0 })
      finished = result.finished
    }
    expect(runs).toBeGreaterThan(5)
    expect(await answers(store)).toStrictEqual(expected)
    await close()
  })

  test('that dies between a page and its note takes the page again, and doubles nothing', async () => {
    const { to, store, close } = await openTarget()
    let notes = 0
    const forgetful: CopyParts['to'] = {
      hasAll: (rows) => to.hasAll(rows),
      append: (rows) => to.append(rows),
      addRecords: (run, newest, records) => to.addRecords(run, newest, records),
      place: (places) => to.place(places),
      readProgress: (source) => to.readProgress(source),
      async keepProgress(source, text) {
        notes += 1
        if (notes % 4 === 3) throw new Error('killed')
        await to.keepProgress(source, text)
      },
    }
    for (let finished = false; !finished;) {
      finished = await copy(forgetful).then(
        (result) => result.finished,
        () => false,
      )
    }
    expect((await answers(store)).observations).toStrictEqual(from.rows)
    expect(counted((await answers(store)).records.flat())).toStrictEqual(counted(from.records()))
    await close()
  })

  test('that was finished takes only the rest when it is run again', async () => {
    const { to, store, close } = await openTarget()
    const all = from.rows
    // The service still writes: the records know more than the pages that were read.
    from.rows = all.slice(0, 49)
    const records = from.recordsAfter.bind(from)
    from.recordsAfter = (cursor, limit) => {
      from.rows = all
      return records(cursor, limit)
    }
    await copy(to)
    const progress: CopyProgress[] = []
    expect(await copy(to, { onProgress: (each) => progress.push(each) })).toMatchObject({
      observations: 60,
      resumed: false,
      skipped: 49,
    })
    expect(progress.at(-1)).toMatchObject({ phase: 'places', done: 2 })
    const { observations, records: found } = await answers(store)
    expect(observations).toStrictEqual(all)
    expect(counted(found.flat())).toStrictEqual(counted(from.records()))
    await close()
  })

  test('keeps the first time and the count of records whose observations are no more', async () => {
    const { to, store, close } = await openTarget()
    from.prunedBefore = DAY_ONE + DAY
    await copy(to)
    expect(await readAll(store, { ...EVERYTHING, targets: TARGETS })).toHaveLength(36)
    const expected = counted(from.records())
    expect(counted((await answers(store)).records.flat())).toStrictEqual(expected)
    // A later run, after the service has gone over to ClickHouse: what came there since is not taken for the file's.
    await store.append([
      sighted({ name: 'a.example', at: DAY_ONE + 9 * DAY, answer: ['A 192.0.2.77'], round: 99 }),
    ])
    await copy(to)
    expect(counted((await answers(store)).records.flat())).toStrictEqual(
      expected.map((record, index) =>
        from.records()[index]!.name === 'a.example' && record.data === '192.0.2.77'
          ? { ...record, count: record.count + 1 }
          : record,
      ),
    )
    await close()
  })
})
