// Turns a query into SQL that reads no more rows than the page holds, however many targets it names and however long
// their series are: one walk along the table per target, merged by SQLite while they run.
import type { SQLInputValue } from 'node:sqlite'
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import { OBSERVATION_COLUMNS, type ObservationRows } from './observation-row.ts'
import type { Statements } from './statements.ts'

/** Targets in one statement; SQLite takes at most 500 terms in a compound SELECT. */
const TARGETS_A_STATEMENT = 100

/** The place of a row in the order of pages. Its parts never change. */
export interface RowPlace {
  readonly at: number
  readonly target: number
  readonly key: number
}

/** A query whose cursor is decoded. */
export interface PageQuery extends Omit<ObservationQuery, 'cursor'> {
  readonly after: RowPlace | null
}

/** A query whose targets are numbers, each once, and stored. */
export interface NumberedQuery extends Omit<PageQuery, 'targets'> {
  readonly targets: readonly number[]
}

export interface PlacedRow {
  readonly place: RowPlace
  readonly row: StoredObservation
}

/** The first `limit` rows of the query, oldest first, ties by target and key. */
export function readRows(statements: Statements, rows: ObservationRows, query: NumberedQuery): PlacedRow[] {
  const parts: PlacedRow[][] = []
  for (let start = 0; start < query.targets.length; start += TARGETS_A_STATEMENT) {
    const targets = query.targets.slice(start, start + TARGETS_A_STATEMENT)
    const { sql, values } = pageSql({ ...query, targets })
    parts.push(
      statements
        .of(sql)
        .all(...values)
        .map((row) => placedRow(rows, row)),
    )
  }
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return parts
    .flat()
    .toSorted((left, right) => comparePlaces(left.place, right.place))
    .slice(0, query.limit)
}

export function placedRow(rows: ObservationRows, row: Parameters<ObservationRows['fromRow']>[0]): PlacedRow {
  const place = { at: row['at'] as number, target: row['target'] as number, key: row['key'] as number }
  return { place, row: rows.fromRow(row) }
}

export function comparePlaces(left: RowPlace, right: RowPlace): number {
  return left.at - right.at || left.target - right.target || left.key - right.key
}

/** One statement for a non-empty list of distinct targets. */
export function pageSql(query: NumberedQuery): { sql: string; values: SQLInputValue[] } {
  const values: SQLInputValue[] = []
  const walks = query.targets.map((target) => {
    const conditions = ['target = ?']
    const add = (condition: string, ...bound: SQLInputValue[]) => {
      conditions.push(condition)
      values.push(...bound)
    }
    values.push(target)
    // Exactly one lower bound, so that the walk starts there: a page deep in the series costs what the first does.
    const { after, from } = query
    if (after === null || (from !== null && after.at < from)) {
      if (from !== null) add('at >= ?', from)
    } else if (after.target === target) add('(at, key) > (?, ?)', after.at, after.key)
    else add(after.target < target ? 'at >= ?' : 'at > ?', after.at)
    if (query.to !== null) add('at < ?', query.to)
    const filters = filterSql(query)
    if (filters.sql !== '') add(filters.sql, ...filters.values)
    return `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE ${conditions.join(' AND ')}`
  })
  values.push(query.limit)
  return { sql: `${walks.join('\nUNION ALL\n')}\nORDER BY at, target, key LIMIT ?`, values }
}

/** What a row must be, apart from its time. */
export function filterSql({ vantage, type }: Pick<ObservationQuery, 'vantage' | 'type'>): {
  sql: string
  values: SQLInputValue[]
} {
  const conditions: string[] = []
  const values: SQLInputValue[] = []
  if (vantage !== null) {
    conditions.push('vantage = (SELECT number FROM vantage WHERE id = ?)')
    values.push(vantage)
  }
  if (type !== null) {
    conditions.push('form IN (SELECT number FROM form WHERE qtype = ?)')
    values.push(type)
  }
  return { sql: conditions.join(' AND '), values }
}
