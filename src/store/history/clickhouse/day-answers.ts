// What a day brought: observations by outcome, and what was seen for the first time. The latter is worked out anew for each page,
// from when everything that is known was seen first: an observation that comes late moves it to an earlier day.
import type { DayQuery, DayStatistics } from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { table, type Place } from './table-names.ts'

const DAY_MS = 86_400_000

type DayRow = [day: number, answer: number, nodata: number, nxdomain: number, failed: number, sensor: number]

const OUTCOMES = ['answer', 'nodata', 'nxdomain', 'failed', 'sensor'] as const

/** Days since the epoch, exclusive end. */
interface Window {
  readonly first: number
  readonly end: number
}

/** Oldest day first. */
export async function dayPage(
  clickhouse: ClickHouse,
  place: Place,
  { from, to, cursor, limit }: DayQuery,
): Promise<Page<DayStatistics>> {
  const after = cursor === null ? null : decodeCursor('statistics', cursor, ['number'])[0]
  const window = {
    first: Math.max(0, Math.floor((from ?? 0) / DAY_MS), after === null ? 0 : Math.floor(after / DAY_MS) + 1),
    end: to === null ? 0xffff_ffff : Math.max(0, Math.ceil(to / DAY_MS)),
  }
  const [rows, firsts] = await Promise.all([
    observationsPerDay(clickhouse, place, window, limit + 1),
    firstsPerDay(clickhouse, place, window),
  ])
  const page = rows.slice(0, limit)
  const items = page.map(([day, answer, nodata, nxdomain, failed, sensorObservations]) => ({
    day: day * DAY_MS,
    answer,
    nodata,
    nxdomain,
    failed,
    sensorObservations,
    newRecords: firsts.get(`record ${day}`) ?? 0,
    newNames: firsts.get(`name ${day}`) ?? 0,
    newAddresses: firsts.get(`address ${day}`) ?? 0,
  }))
  return { items, next: rows.length > limit ? encodeCursor('statistics', [items.at(-1)!.day]) : null }
}

/** Oldest day first. */
function observationsPerDay(
  clickhouse: ClickHouse,
  place: Place,
  window: Window,
  rows: number,
): Promise<DayRow[]> {
  const count = (outcome: string): string => `sumIf(size, outcome = '${outcome}')`
  // No two buckets hold one observation, so their sizes add up.
  return clickhouse.rows<DayRow>(
    `SELECT day, ${OUTCOMES.map(count).join(', ')} FROM (
  SELECT day, outcome, uniqExactMerge(keys) AS size FROM ${table(place, 'day_count')}
  WHERE day >= {first:UInt32} AND day < {end:UInt32} GROUP BY day, outcome, bucket)
GROUP BY day ORDER BY day LIMIT {rows:UInt32}`,
    { ...window, rows },
  )
}

/**
 * How much was seen for the first time, by `<kind> <day>`. Reads 17 octets of everything that is known, and groups by one number:
 * by the texts themselves, or by the kind as well, it took twice as long and more.
 */
async function firstsPerDay(
  clickhouse: ClickHouse,
  place: Place,
  window: Window,
): Promise<ReadonlyMap<string, number>> {
  const rows = await clickhouse.rows<[kind: string, day: number, count: number]>(
    `SELECT what, intDiv(first_at, ${DAY_MS}) AS day, count() FROM (
  SELECT any(kind) AS what, min(first) AS first_at FROM ${table(place, 'first_seen')} GROUP BY hash)
WHERE day >= {first:UInt32} AND day < {end:UInt32} GROUP BY what, day`,
    { ...window },
  )
  return new Map(rows.map(([kind, day, count]) => [`${kind} ${day}`, count]))
}
