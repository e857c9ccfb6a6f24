import { afterAll, describe, expect, test } from 'vitest'
import { migrate, schemaVersion, setRetention } from '../../src/store/history/clickhouse/migrate.ts'
import { MIGRATIONS } from '../../src/store/history/clickhouse/schema.ts'
import { KEPT_TABLES, type Place } from '../../src/store/history/clickhouse/table-names.ts'
import { sampleObservations, START } from '../store/history/sample-observations.ts'
import { engine, makeClickHousePlace, newDatabase } from './embedded-engine.ts'

afterAll(() => engine.close())

const newPlace = (): Place => ({ database: newDatabase(), cluster: null })

async function schemaOf({ database }: Place): Promise<unknown[]> {
  return engine.rows(
    'SELECT name, create_table_query FROM system.tables WHERE database = {database:String} ORDER BY name',
    { database },
  )
}

async function timeToLive({ database }: Place, name: string): Promise<string | null> {
  const [row] = await engine.rows<[string]>(
    'SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = {name:String}',
    { database, name },
  )
  return / TTL (.*?) SETTINGS/.exec(row![0])?.[1] ?? null
}

describe('migrations', () => {
  test('make an empty database the newest, and change nothing when they run again', async () => {
    const place = newPlace()
    expect(await migrate(engine, place)).toBe(MIGRATIONS.length)
    const made = await schemaOf(place)
    expect(made.map((row) => (row as string[])[0])).toEqual(
      expect.arrayContaining([...KEPT_TABLES, 'incoming']),
    )
    expect(await migrate(engine, place)).toBe(MIGRATIONS.length)
    expect(await schemaOf(place)).toStrictEqual(made)
  })

  test('run only the steps that are missing, in order, and keep the rows', async () => {
    const place = newPlace()
    const first = ({ database }: Place) => [
      `CREATE TABLE IF NOT EXISTS ${database}.first (n UInt8) ENGINE = MergeTree ORDER BY n`,
    ]
    const second = ({ database }: Place) => [
      `ALTER TABLE ${database}.first ADD COLUMN IF NOT EXISTS m UInt8 DEFAULT 5`,
    ]
    await migrate(engine, place, [first])
    await engine.insert(`${place.database}.first`, ['n'], [[1]])
    await migrate(engine, place, [first, second])
    await migrate(engine, place, [() => ['THIS IS NOT RUN AGAIN'], second])
    expect(await engine.rows(`SELECT n, m FROM ${place.database}.first`)).toStrictEqual([[1, 5]])
    expect(await schemaVersion(engine, place)).toBe(2)
  })

  test('that stopped half-way are finished by the next process', async () => {
    const place = newPlace()
    const [whole] = MIGRATIONS
    const half = (at: Place) => [...whole!(at).slice(0, 5), 'DROP NOTHING AT ALL']
    await expect(migrate(engine, place, [half])).rejects.toThrow('Syntax error')
    expect(await schemaVersion(engine, place)).toBe(0)
    expect(await migrate(engine, place)).toBe(MIGRATIONS.length)
    expect((await schemaOf(place)).length).toBeGreaterThan(KEPT_TABLES.length)
  })

  test('may run in several processes at once', async () => {
    const place = newPlace()
    expect(await Promise.all([1, 2, 3].map(() => migrate(engine, place)))).toStrictEqual([1, 1, 1])
    expect(await schemaVersion(engine, place)).toBe(MIGRATIONS.length)
  })

  test('refuse a database that a newer version made, and leave it as it is', async () => {
    const place = newPlace()
    await migrate(engine, place)
    await engine.insert(`${place.database}.migration`, ['version'], [[MIGRATIONS.length + 1]])
    const before = await schemaOf(place)
    await expect(migrate(engine, place)).rejects.toThrow('made by a newer version')
    expect(await schemaOf(place)).toStrictEqual(before)
  })
})

describe('retention', () => {
  test('is set in days, changed when it is another, and taken away where dates would overflow', async () => {
    const place = newPlace()
    await migrate(engine, place)
    expect(await timeToLive(place, 'observation')).toBeNull()
    for (const days of [90, 30, 30]) {
      await setRetention(engine, place, days)
      expect(await timeToLive(place, 'observation')).toBe(
        `toDateTime(intDiv(at, 1000), 'UTC') + toIntervalDay(${days})`,
      )
      expect(await timeToLive(place, 'address_hour')).toContain(`toIntervalDay(${days})`)
    }
    await setRetention(engine, place, 36_500)
    expect(await timeToLive(place, 'observation')).toBeNull()
  })

  test('lets the server remove what is too old by itself, and leaves records', async () => {
    const { database, open, remove } = await makeClickHousePlace({ retentionDays: 90 })
    const store = await open()
    const now = Date.now()
    const fresh = sampleObservations(5).map((row) => ({
      ...row,
      at: row.at - START + now - 60_000,
      id: `${row.id}+`,
    }))
    await store.append([
      ...sampleObservations(5).map((row) => ({ ...row, at: row.at - 400 * 86_400_000 })),
      ...fresh,
    ])
    await engine.run(`OPTIMIZE TABLE ${database}.observation FINAL`)
    expect(await engine.rows(`SELECT count() FROM ${database}.observation`)).toStrictEqual([[5]])
    const page = await store.records({
      name: 'ns1.flux.example',
      type: null,
      seenSince: null,
      cursor: null,
      limit: 5,
    })
    expect(page.items).toMatchObject([{ firstSeen: START - 400 * 86_400_000, count: 8 }])
    await store.close()
    await remove()
  })
})

describe('what lies in several pieces', () => {
  test('answers the same before and after the server has merged it', async () => {
    const { database, open, remove } = await makeClickHousePlace()
    const store = await open()
    const rows = sampleObservations(40)
    for (let start = 0; start < 40; start += 8) await store.append(rows.slice(start, start + 16))
    const name = 'www.flux.example'
    const page = { cursor: null, limit: 100 }
    const answers = async () => [
      await store.observations({
        targets: [`host:${name}`],
        from: null,
        to: null,
        vantage: null,
        type: null,
        everyMs: null,
        ...page,
      }),
      await store.records({ name, type: null, seenSince: null, ...page }),
      await store.life('198.51.100.1'),
      await store.statistics({ from: null, to: null, ...page }),
    ]
    const before = await answers()
    for (const table of [
      'observation',
      'record',
      'record_by_data',
      'address_hour',
      'first_seen',
      'day_count',
    ]) {
      await engine.run(`OPTIMIZE TABLE ${database}.${table} FINAL`)
      const [parts] = await engine.rows<[number]>(
        'SELECT count() FROM system.parts WHERE active AND database = {database:String} AND table = {table:String}',
        { database, table },
      )
      expect(parts).toStrictEqual([1])
    }
    expect(await answers()).toStrictEqual(before)
    expect(before[0]).toMatchObject({ items: rows })
    await store.close()
    await remove()
  })

  test('heals what one view missed when the batch is brought again', async () => {
    const { database, open, remove } = await makeClickHousePlace()
    const store = await open()
    const rows = sampleObservations(12)
    // As after an INSERT that failed between two views.
    await engine.run(`DETACH TABLE ${database}.record_feed`)
    await store.append(rows)
    const records = { name: 'www.flux.example', type: null, seenSince: null, cursor: null, limit: 100 }
    expect((await store.records(records)).items).toStrictEqual([])
    await engine.run(`ATTACH TABLE ${database}.record_feed`)
    await store.append(rows)
    await store.append(rows.slice(3, 7))
    const { items } = await store.records(records)
    expect(items.map(({ count }) => count)).toStrictEqual(Array.from({ length: 9 }, () => 1))
    const [day] = (await store.statistics({ from: null, to: null, cursor: null, limit: 1 })).items
    expect(day).toMatchObject({ answer: 9, failed: 3 })
    await store.close()
    await remove()
  })
})
