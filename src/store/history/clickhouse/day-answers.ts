// What a day brought: observations by outcome, and what was seen for the first time. The latter is worked out anew for each page,
// from when everything that is known was seen first: an observation that comes late moves it to an earlier day.
import type { DayQuery, DayStatistics } from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { table, type Place } from './table-names.ts'

const DAY_MS = 86_400_000

type DayRow = [day: number, answer: number, nodata: number, nxdomain: number, failed: number, sensor: number]

/** Oldest day first. */
export async function dayPage(
  clickhouse: ClickHouse,
  place: Place,
  { from, to, cursor, limit }: DayQuery,
): Promise<Page<DayStatistics>> {
  const after = cursor === null ? null : decodeCursor('statistics', cursor, ['number'])[0]
  const count = (outcome: string): string => `uniqExactMergeIf(keys, outcome = '${outcome}')`
  // No two buckets hold one observation, so their sizes add up.
  const rows = await clickhouse.rows<DayRow>(
    `SELECT day, ${['answer', 'nodata', 'nxdomain', 'failed', 'sensor'].map((outcome) => `sum(${outcome}_count)`).join(', ')} FROM (
  SELECT day, ${['answer', 'nodata', 'nxdomain', 'failed', 'sensor'].map((outcome) => `${count(outcome)} AS ${outcome}_count`).join(', ')}
  FROM ${table(place, 'day_count')} WHERE day >= {first:UInt32} AND day < {end:UInt32} AND day > {after:Int64}
  GROUP BY day, bucket)
GROUP BY day ORDER BY day LIMIT {rows:UInt32}`,
    {
      first: from === null ? 0 : Math.max(0, Math.floor(from / DAY_MS)),
      end: to === null ? 0xffff_ffff : Math.max(0, Math.ceil(to / DAY_MS)),
      after: after === null ? -1 : Math.floor(after / DAY_MS),
      rows: limit + 1,
    },
  )
  const page = rows.slice(0, limit)
  if (page.length === 0) return { items: [], next: null }
  const days = page.map(([day]) => day)
  const [records, names, addresses] = await Promise.all([
    firstsPerDay(clickhouse, days, table(place, 'record'), 'name, type, data', ''),
    firstsPerDay(clickhouse, days, table(place, 'first_seen'), 'value', "WHERE kind = 'name'"),
    firstsPerDay(clickhouse, days, table(place, 'first_seen'), 'value', "WHERE kind = 'address'"),
  ])
  const items = page.map(([day, answer, nodata, nxdomain, failed, sensorObservations]) => ({
    day: day * DAY_MS,
    answer,
    nodata,
    nxdomain,
    failed,
    sensorObservations,
    newRecords: records.get(day) ?? 0,
    newNames: names.get(day) ?? 0,
    newAddresses: addresses.get(day) ?? 0,
  }))
  return { items, next: rows.length > limit ? encodeCursor('statistics', [items.at(-1)!.day]) : null }
}

async function firstsPerDay(
  clickhouse: ClickHouse,
  days: readonly number[],
  from: string,
  key: string,
  where: string,
): Promise<ReadonlyMap<number, number>> {
  const rows = await clickhouse.rows<[number, number]>(
    `SELECT intDiv(first_seen, ${DAY_MS}) AS day, count() FROM (
  SELECT min(first) AS first_seen FROM ${from} ${where} GROUP BY ${key})
WHERE day IN {days:Array(Int64)} GROUP BY day SETTINGS optimize_aggregation_in_order = 1`,
    { days },
  )
  return new Map(rows)
}
