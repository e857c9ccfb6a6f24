// Turns a query into SQL that reads no more rows than the page holds, however many targets it names and however long
// their series are: one walk along the index per target, merged by SQLite while they run.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import type { RowPlace } from '../page-cursor.ts'
import { COLUMNS, fromRow } from './observation-row.ts'

/** Targets in one statement; SQLite takes at most 500 terms in a compound SELECT. */
const TARGETS_A_STATEMENT = 100

/** A query whose cursor is decoded. */
export interface PageQuery extends Omit<ObservationQuery, 'cursor'> {
  readonly after: RowPlace | null
}

/** The first `limit` rows of the query, oldest first, ties by the bytes of the id. */
export function readRows(database: DatabaseSync, query: PageQuery): StoredObservation[] {
  const targets = [...new Set(query.targets)]
  const parts: StoredObservation[][] = []
  for (let start = 0; start < targets.length; start += TARGETS_A_STATEMENT) {
    const { sql, values } = pageSql({ ...query, targets: targets.slice(start, start + TARGETS_A_STATEMENT) })
    parts.push(
      database
        .prepare(sql)
        .all(...values)
        .map(fromRow),
    )
  }
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return parts.flat().toSorted(byPlace).slice(0, query.limit)
}

/** One statement for a non-empty list of distinct targets. */
export function pageSql(query: PageQuery): { sql: string; values: SQLInputValue[] } {
  const values: SQLInputValue[] = []
  const walks = query.targets.map((target) => {
    const conditions = ['target = ?']
    const add = (condition: string, ...bound: SQLInputValue[]) => {
      conditions.push(condition)
      values.push(...bound)
    }
    values.push(target)
    // Exactly one lower bound, so that the index walk starts there: a page deep in the series costs what the first does.
    const { after, from } = query
    if (after !== null && (from === null || after.at >= from)) add('(at, id) > (?, ?)', after.at, after.id)
    else if (from !== null) add('at >= ?', from)
    if (query.to !== null) add('at < ?', query.to)
    if (query.vantage !== null) add('vantage = ?', query.vantage)
    if (query.type !== null) add('qtype = ?', query.type)
    return `SELECT ${COLUMNS.join(', ')} FROM observation WHERE ${conditions.join(' AND ')}`
  })
  values.push(query.limit)
  return { sql: `${walks.join('\nUNION ALL\n')}\nORDER BY at, id LIMIT ?`, values }
}

function byPlace(left: RowPlace, right: RowPlace): number {
  return left.at - right.at || Buffer.compare(Buffer.from(left.id), Buffer.from(right.id))
}
