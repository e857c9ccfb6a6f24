// A thinned page: of each target the first round of each window. Every window costs two seeks, however many rows lie in it.
import { LONGEST_ROUND_MS, isOfFirstRound, windowStart } from '../../../core/history/thinned-rounds.ts'
import {
  comparePlaces,
  filterSql,
  placedRow,
  type NumberedQuery,
  type PlacedRow,
} from './observation-page.ts'
import { OBSERVATION_COLUMNS, type ObservationRows } from './observation-row.ts'
import type { Statements } from './statements.ts'

/** The first `limit` rows of the thinned query, oldest first, ties by target and key. */
export function readThinnedRows(
  statements: Statements,
  rows: ObservationRows,
  query: NumberedQuery & { readonly everyMs: number },
): PlacedRow[] {
  const walks = query.targets.map((target) => walkWindows(statements, rows, query, target))
  const heads: (readonly PlacedRow[] | undefined)[] = walks.map((walk) => walk.next().value ?? undefined)
  const page: PlacedRow[] = []
  while (page.length < query.limit) {
    const earliest = earliestOf(heads)
    if (earliest === -1) break
    const [row, ...rest] = heads[earliest]!
    page.push(row!)
    heads[earliest] = rest.length > 0 ? rest : (walks[earliest]!.next().value ?? undefined)
  }
  return page
}

/** The first round of each window of one target, from the query's place on. */
function* walkWindows(
  statements: Statements,
  rows: ObservationRows,
  { everyMs, from, to, after, vantage, type }: NumberedQuery & { readonly everyMs: number },
  target: number,
): Generator<readonly PlacedRow[], undefined> {
  const filters = filterSql({ vantage, type })
  const sql = `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE target = ? AND at >= ? AND at < ?
    ${filters.sql === '' ? '' : `AND ${filters.sql}`} ORDER BY at, key`
  const first = statements.of(`${sql} LIMIT 1`)
  const upTo = statements.of(sql)
  const end = to ?? Number.MAX_SAFE_INTEGER
  // The window of the place is read again from its beginning: its first row decides which round it is.
  let start = Math.max(from ?? -Infinity, after === null ? -Infinity : windowStart(after.at, everyMs))
  if (start === -Infinity) start = -Number.MAX_SAFE_INTEGER
  while (start < end) {
    const row = first.get(target, start, end, ...filters.values)
    if (row === undefined) return
    const head = rows.fromRow(row)
    const windowEnd = windowStart(head.at, everyMs) + everyMs
    const last = Math.min(end, windowEnd, head.at + LONGEST_ROUND_MS)
    const ofRound = upTo
      .all(target, head.at, last, ...filters.values)
      .map((each) => placedRow(rows, each))
      .filter((each) => isOfFirstRound(head, each.row, everyMs))
      .filter(({ place }) => after === null || comparePlaces(place, after) > 0)
    if (ofRound.length > 0) yield ofRound
    start = windowEnd
  }
}

function earliestOf(heads: readonly (readonly PlacedRow[] | undefined)[]): number {
  let earliest = -1
  for (const [index, head] of heads.entries()) {
    if (head === undefined) continue
    if (earliest === -1 || comparePlaces(head[0]!.place, heads[earliest]![0]!.place) < 0) earliest = index
  }
  return earliest
}
