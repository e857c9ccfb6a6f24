// What was seen of a name and what changed there, from the table of records in their own order.
import type { ChangeQuery, RecordChange, RecordQuery, SeenRecord } from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import { decodeCursor, encodeCursor, type CursorKind } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { IN_ORDER, RECORD, toRecord, type RecordRow } from './record-rows.ts'
import { table, type Place } from './table-names.ts'

/** In order of type and data. */
export async function recordPage(
  clickhouse: ClickHouse,
  place: Place,
  { name, type, seenSince, cursor, limit }: RecordQuery,
): Promise<Page<SeenRecord>> {
  const records = await recordsOfName(clickhouse, place, 'records', { name, cursor, limit }, [
    ...(type === null ? [] : [{ where: 'type = {only:String}', values: { only: type } }]),
    ...(seenSince === null
      ? []
      : [{ having: 'last_seen >= {since:Int64}', values: { since: Math.ceil(seenSince) } }]),
  ])
  return pageOf('records', records, limit)
}

/** In order of type and data. */
export async function changePage(
  clickhouse: ClickHouse,
  place: Place,
  { name, from, to, cursor, limit }: ChangeQuery,
): Promise<Page<RecordChange>> {
  const within = (at: number): boolean => at >= from && at < to
  const records = await recordsOfName(clickhouse, place, 'changes', { name, cursor, limit }, [
    {
      having:
        '((first_seen >= {from:Int64} AND first_seen < {to:Int64}) OR (last_seen >= {from:Int64} AND last_seen < {to:Int64}))',
      values: { from: Math.ceil(from), to: Math.ceil(to) },
    },
  ])
  const { items, next } = pageOf('changes', records, limit)
  return {
    items: items.map((record) => ({
      record,
      appeared: within(record.firstSeen),
      gone: within(record.lastSeen),
    })),
    next,
  }
}

interface Condition {
  readonly where?: string
  readonly having?: string
  readonly values: Record<string, unknown>
}

/** One more than the limit, where there are so many. */
async function recordsOfName(
  clickhouse: ClickHouse,
  place: Place,
  kind: CursorKind,
  { name, cursor, limit }: { name: string; cursor: string | null; limit: number },
  conditions: readonly Condition[],
): Promise<SeenRecord[]> {
  const after: Condition[] = []
  if (cursor !== null) {
    const [type, data] = decodeCursor(kind, cursor, ['string', 'string'])
    after.push({
      where: 'type >= {type:String} AND (type > {type:String} OR data > {data:String})',
      values: { type, data },
    })
  }
  const all: Condition[] = [{ where: 'name = {name:String}', values: { name } }, ...after, ...conditions]
  const having = all.flatMap((condition) => condition.having ?? [])
  const rows = await clickhouse.rows<RecordRow>(
    `SELECT ${RECORD} FROM ${table(place, 'record')}
WHERE ${all.flatMap((condition) => condition.where ?? []).join(' AND ')} GROUP BY name, type, data
${having.length > 0 ? `HAVING ${having.join(' AND ')}` : ''} ORDER BY name, type, data LIMIT {rows:UInt32} ${IN_ORDER}`,
    Object.assign({ rows: limit + 1 }, ...all.map(({ values }) => values)) as Record<string, unknown>,
  )
  return rows.map(toRecord)
}

function pageOf(kind: CursorKind, records: readonly SeenRecord[], limit: number): Page<SeenRecord> {
  const items = records.slice(0, limit)
  const last = items.at(-1)
  return { items, next: records.length > limit && last ? encodeCursor(kind, [last.type, last.data]) : null }
}
