import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ExportPage } from '../../../src/store/history/sqlite/sqlite-export.ts'
import { openSqliteExport } from '../../../src/store/history/sqlite/sqlite-export.ts'
import { recordsOf } from '../../contract/history/records.ts'
import { DAY_ONE, HOUR, sighted } from '../../contract/history/sightings.ts'
import { sampleObservations } from './sample-observations.ts'
import { makeSqlitePlace } from './temporary-history.ts'

let place: Awaited<ReturnType<typeof makeSqlitePlace>>
beforeEach(async () => {
  place = await makeSqlitePlace()
})
afterEach(() => place.remove())

function all<T>(after: (cursor: string | null, limit: number) => ExportPage<T>, limit: number): T[] {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: ExportPage<T> = after(cursor, limit)
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return items
}

test('an export brings every observation, record and place once, while the history is open', async () => {
  const store = await place.open()
  const rows = [...sampleObservations(25), ...sampleObservations(8, { target: 'zone:flux.example' })]
  const sum = sighted({
    name: 'www.flux.example',
    at: DAY_ONE,
    answer: ['A 203.0.113.9', 'AAAA 2001:db8::9', 'CNAME a.example'],
    vantage: 'sensor:pdns',
    told: { firstSeen: DAY_ONE - HOUR, count: 7 },
  })
  await store.append([...rows, sum])
  const placed = { address: '203.0.113.9', asn: 64_500, organisation: 'Net', country: 'NL' }
  const nowhere = { address: '2001:db8::9', asn: null, organisation: null, country: null }
  await store.place([placed, nowhere])
  const source = openSqliteExport(place.path)
  for (const limit of [1, 7, 1000]) {
    const found = all((cursor, most) => source.observationsAfter(cursor, most), limit)
    expect(found).toHaveLength(34)
    expect(new Set(found.map(({ id }) => id))).toStrictEqual(new Set([...rows, sum].map(({ id }) => id)))
    expect(found).toContainEqual(sum)
    const records = all((cursor, most) => source.recordsAfter(cursor, most), limit)
    const own = await recordsOf(store, 'www.flux.example')
    expect(records.filter(({ name }) => name === 'www.flux.example')).toMatchObject(own)
    expect(records.find(({ data }) => data === 'a.example')).toMatchObject({
      sensorCount: 7,
      sensorObservations: 1,
      sensorTold: 7,
    })
    expect(new Set(records.map(({ name }) => name))).toStrictEqual(
      new Set(['www.flux.example', 'flux.example', 'ns1.flux.example']),
    )
    expect(all((cursor, most) => source.placesAfter(cursor, most), limit)).toStrictEqual([placed, nowhere])
  }
  source.close()
  await store.close()
})

test('an export refuses a file that is not there or not up to date, and says what to do', async () => {
  expect(() => openSqliteExport(place.path)).toThrow('unable to open')
  const store = await place.open()
  await store.close()
  const database = new DatabaseSync(place.path)
  database.exec('PRAGMA user_version = 2')
  database.close()
  expect(() => openSqliteExport(place.path)).toThrow('has schema 2, and 3 is needed')
})
