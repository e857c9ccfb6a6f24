// Pages of observations: first which rows (from the narrow columns of the order alone), then those rows. A row may lie there
// twice until the server has merged its parts: the one that came first is taken.
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { TargetId } from '../../../core/model/target.ts'
import type { Page } from '../../../core/model/watch.ts'
import { isOfFirstRound, LONGEST_ROUND_MS, windowStart } from '../../../core/history/thinned-rounds.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { STORED_COLUMNS, toObservation, type StoredRow } from './stored-row.ts'

type Key = readonly [target: TargetId, at: number, key: number]

interface After {
  readonly at: number
  readonly key: number
}

/** Order: time, then key. */
export async function observationPage(
  clickhouse: ClickHouse,
  table: string,
  query: ObservationQuery,
): Promise<Page<StoredObservation>> {
  const after = query.cursor === null ? null : afterOf(query.cursor)
  if (query.targets.length === 0) return { items: [], next: null }
  const { everyMs, limit } = query
  const found =
    everyMs === null
      ? await keysOfPage(clickhouse, table, query, after)
      : await keysOfThinnedPage(clickhouse, table, query, everyMs, after)
  const keys = found.slice(0, limit)
  const items = await rowsOf(clickhouse, table, keys)
  const last = keys.at(-1)
  return {
    items,
    next: found.length > limit && last ? encodeCursor('observations', [last[1], last[2]]) : null,
  }
}

function afterOf(cursor: string): After {
  const [at, key] = decodeCursor('observations', cursor, ['number', 'number'])
  return { at, key }
}

/** One more than the limit, where there are so many. */
function keysOfPage(
  clickhouse: ClickHouse,
  table: string,
  query: ObservationQuery,
  after: After | null,
): Promise<Key[]> {
  const { conditions, values } = filtersOf(query, after?.at ?? null)
  if (after) conditions.push('(at > {after_at:Int64} OR key > {after_key:UInt64})')
  return clickhouse.rows<[TargetId, number, number]>(
    `SELECT target, at, key FROM ${table} WHERE ${conditions.join(' AND ')}
ORDER BY at, key, target LIMIT 1 BY at, key, target LIMIT {rows:UInt32}`,
    { ...values, after_at: after?.at, after_key: after?.key, rows: query.limit + 1 },
  )
}

/**
 * The first rows of so many windows as a page can need: none has less than one row, and at the place of the cursor each target may
 * have one that is done with. Then what else is of their rounds.
 */
async function keysOfThinnedPage(
  clickhouse: ClickHouse,
  table: string,
  query: ObservationQuery,
  everyMs: number,
  after: After | null,
): Promise<Key[]> {
  const { conditions, values } = filtersOf(query, after && windowStart(after.at, everyMs))
  const every = { ...values, every: everyMs }
  const firsts = await clickhouse.rows<[TargetId, number, number, number]>(
    `SELECT target, intDiv(at, {every:Int64}) AS window, (min((at, key, round)) AS first).1 AS start, first.3
FROM ${table} WHERE ${conditions.join(' AND ')} GROUP BY target, window ORDER BY start, target LIMIT {rows:UInt32}`,
    { ...every, rows: query.limit + 1 + new Set(query.targets).size },
  )
  if (firsts.length === 0) return []
  const rounds = await clickhouse.rows<[TargetId, number, number, number]>(
    `SELECT target, at, key, round FROM ${table} WHERE ${conditions.join(' AND ')}
AND at BETWEEN {first_at:Int64} AND {last_at:Int64}
AND (target, intDiv(at, {every:Int64}), round) GLOBAL IN (
  SELECT first.1, first.2, first.3 FROM (
    SELECT arrayJoin(arrayZip({in_targets:Array(String)}, {in_windows:Array(Int64)}, {in_rounds:Array(UInt32)})) AS first))
AND (round != 0 OR at IN {starts:Array(Int64)})
ORDER BY at, key, target LIMIT 1 BY at, key, target`,
    {
      ...every,
      first_at: Math.min(...firsts.map(([, , start]) => start)),
      last_at: Math.max(...firsts.map(([, , start]) => start)) + LONGEST_ROUND_MS,
      in_targets: firsts.map(([target]) => target),
      in_windows: firsts.map(([, window]) => window),
      in_rounds: firsts.map(([, , , round]) => round),
      starts: firsts.map(([, , start]) => start),
    },
  )
  const firstOf = new Map(
    firsts.map(([target, window, at, round]) => [`${window} ${target}`, { at, round }] as const),
  )
  const isAfter = (at: number, key: number) =>
    after === null || at > after.at || (at === after.at && key > after.key)
  return rounds
    .filter(([target, at, key, round]) => {
      const first = firstOf.get(`${Math.floor(at / everyMs)} ${target}`)
      return first !== undefined && isAfter(at, key) && isOfFirstRound(first, { at, round }, everyMs)
    })
    .slice(0, query.limit + 1)
    .map(([target, at, key]) => [target, at, key])
}

/** `least`: no row before it is asked for. */
function filtersOf(query: ObservationQuery, least: number | null) {
  const conditions = ['target IN {targets:Array(String)}']
  const values: Record<string, unknown> = { targets: [...new Set(query.targets)] }
  const add = (condition: string, name: string, value: unknown): void => {
    if (value === null) return
    conditions.push(condition)
    values[name] = value
  }
  const from = query.from === null || least === null ? (query.from ?? least) : Math.max(query.from, least)
  add('at >= {from:Int64}', 'from', from === null ? null : Math.ceil(from))
  add('at < {to:Int64}', 'to', query.to === null ? null : Math.ceil(query.to))
  add('vantage = {vantage:String}', 'vantage', query.vantage)
  add('qtype = {qtype:String}', 'qtype', query.type)
  return { conditions, values }
}

async function rowsOf(
  clickhouse: ClickHouse,
  table: string,
  keys: readonly Key[],
): Promise<StoredObservation[]> {
  if (keys.length === 0) return []
  const rows = await clickhouse.rows<StoredRow>(
    `SELECT ${STORED_COLUMNS} FROM ${table}
WHERE target IN {targets:Array(String)} AND at BETWEEN {first:Int64} AND {last:Int64}
AND (target, at, key) GLOBAL IN (SELECT place.1, place.2, place.3 FROM (
  SELECT arrayJoin(arrayZip({in_targets:Array(String)}, {in_ats:Array(Int64)}, {in_keys:Array(UInt64)})) AS place))
ORDER BY at, key, target, version DESC LIMIT 1 BY at, key, target`,
    {
      targets: [...new Set(keys.map(([target]) => target))],
      first: keys[0]![1],
      last: keys.at(-1)![1],
      in_targets: keys.map(([target]) => target),
      in_ats: keys.map(([, at]) => at),
      in_keys: keys.map(([, , key]) => key),
    },
  )
  return rows.map(toObservation)
}
