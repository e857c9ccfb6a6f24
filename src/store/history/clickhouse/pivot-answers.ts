// From infrastructure to names: which records from the table in the order of their data, then those records by their own order. AS
// and country go by way of the addresses that were placed there.
import type { Pivot, PivotQuery, SeenRecord } from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import { parseCidr } from '../../../core/net/cidr.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import {
  AMONG_KEYS,
  IN_ORDER,
  keyValues,
  RECORD,
  toRecord,
  type RecordKey,
  type RecordRow,
} from './record-rows.ts'
import { table, type Place } from './table-names.ts'

/** After every type: where a page begins that an address before it filled to its last record. */
const AFTER_ALL_TYPES = '~'

interface Condition {
  readonly where: string
  readonly values: Record<string, unknown>
}

/** Order: of a prefix the addresses as numbers, of an AS and a country as texts; then type and name. */
export async function pivotPage(
  clickhouse: ClickHouse,
  place: Place,
  query: PivotQuery,
): Promise<Page<SeenRecord>> {
  const after = query.cursor === null ? null : afterOf(query.cursor)
  const { pivot, limit } = query
  if (pivot.kind === 'asn' || pivot.kind === 'country') {
    return pageByPlace(clickhouse, place, { ...query, pivot }, after)
  }
  const start: Condition[] = after
    ? [
        {
          where: `address >= toIPv6OrDefault({data:String})
  AND (address, data, type, name) > (toIPv6OrDefault({data:String}), {data:String}, {type:String}, {name:String})`,
          values: { ...after },
        },
      ]
    : []
  const keys = await keysWhere(clickhouse, place, query, [whereOf(pivot), ...start], 'address, ')
  const page = keys.slice(0, limit)
  return {
    items: await recordsOf(clickhouse, place, page),
    next: keys.length > limit ? cursorAfter(page.at(-1)!) : null,
  }
}

function whereOf(pivot: Exclude<Pivot, { kind: 'asn' | 'country' }>): Condition {
  switch (pivot.kind) {
    case 'address':
      return {
        where: `address = toIPv6OrDefault({at:String}) AND data = {at:String} AND type IN ('A', 'AAAA')`,
        values: { at: pivot.address },
      }
    case 'name_server':
      return {
        where: `address = toIPv6OrDefault({at:String}) AND data = {at:String} AND type = 'NS'`,
        values: { at: pivot.host },
      }
    case 'prefix': {
      const cidr = parseCidr(pivot.prefix)
      if (cidr === null) throw new RangeError(`Expected a prefix, got "${pivot.prefix}"`)
      const isOld = cidr.family === 4
      return {
        // IPv4 addresses lie among the others as IPv4-mapped ones.
        where: `address BETWEEN IPv6CIDRToRange(toIPv6({network:String}), {bits:UInt8}).1
  AND IPv6CIDRToRange(toIPv6({network:String}), {bits:UInt8}).2
  AND type IN ('A', 'AAAA') AND address != toIPv6('::') AND position(data, ':') ${isOld ? '=' : '>'} 0`,
        values: { network: cidr.text.split('/')[0], bits: cidr.bits + (isOld ? 96 : 0) },
      }
    }
  }
}

/** The records of the next addresses that were placed there, as many as may fill a page. */
async function pageByPlace(
  clickhouse: ClickHouse,
  place: Place,
  query: PivotQuery & { readonly pivot: { kind: 'asn'; asn: number } | { kind: 'country'; country: string } },
  after: RecordKey | null,
): Promise<Page<SeenRecord>> {
  const { pivot, limit } = query
  const column = pivot.kind
  const value = pivot.kind === 'asn' ? pivot.asn : pivot.country
  const parameter = pivot.kind === 'asn' ? '{at:Int64}' : '{at:String}'
  const candidates = await clickhouse.rows<[string]>(
    `SELECT DISTINCT address FROM ${table(place, `place_by_${column}`)} WHERE ${column} = ${parameter}
AND address >= {least:String} ORDER BY address LIMIT {rows:UInt32}`,
    { at: value, least: after?.data ?? '', rows: limit + 1 },
  )
  if (candidates.length === 0) return { items: [], next: null }
  const at = candidates.flat()
  const start: Condition[] = after
    ? [{ where: '(data, type, name) > ({data:String}, {type:String}, {name:String})', values: { ...after } }]
    : []
  const where = `address IN (SELECT toIPv6OrDefault(arrayJoin({addresses:Array(String)}))) AND data IN {addresses:Array(String)}
  AND type IN ('A', 'AAAA')`
  const [keys, placed] = await Promise.all([
    keysWhere(clickhouse, place, query, [{ where, values: { addresses: at } }, ...start]),
    // What an address was placed at first counts; a later one may have left its mark in the other order.
    clickhouse.rows<[string]>(
      `SELECT address FROM ${table(place, 'address_place')} WHERE address IN {addresses:Array(String)}
GROUP BY address HAVING argMax(${column}, version) = ${parameter}`,
      { at: value, addresses: at },
    ),
  ])
  const isThere = new Set(placed.flat())
  const page = keys.slice(0, limit)
  const items = await recordsOf(
    clickhouse,
    place,
    page.filter(({ data }) => isThere.has(data)),
  )
  if (keys.length > limit) return { items, next: cursorAfter(page.at(-1)!) }
  const isEnd = candidates.length <= limit
  return { items, next: isEnd ? null : encodeCursor('pivot', [at.at(-1)!, AFTER_ALL_TYPES, '']) }
}

/** One more than the limit, where there are so many. */
async function keysWhere(
  clickhouse: ClickHouse,
  place: Place,
  { seenSince, limit }: PivotQuery,
  conditions: readonly Condition[],
  before = '',
): Promise<RecordKey[]> {
  const rows = await clickhouse.rows<[data: string, type: string, name: string]>(
    `SELECT data, type, name FROM ${table(place, 'record_by_data')}
WHERE ${conditions.map(({ where }) => where).join(' AND ')} GROUP BY ${before}data, type, name
${seenSince === null ? '' : 'HAVING max(last) >= {since:Int64}'} ORDER BY ${before}data, type, name LIMIT {rows:UInt32} ${IN_ORDER}`,
    Object.assign(
      { rows: limit + 1, ...(seenSince !== null && { since: Math.ceil(seenSince) }) },
      ...conditions.map(({ values }) => values),
    ) as Record<string, unknown>,
  )
  return rows.map(([data, type, name]) => ({ data, type, name }))
}

/** In the order of the keys; without those that have just been removed. */
async function recordsOf(
  clickhouse: ClickHouse,
  place: Place,
  keys: readonly RecordKey[],
): Promise<SeenRecord[]> {
  if (keys.length === 0) return []
  const rows = await clickhouse.rows<RecordRow>(
    `SELECT ${RECORD} FROM ${table(place, 'record')} WHERE ${AMONG_KEYS} GROUP BY name, type, data`,
    keyValues(keys),
  )
  const found = new Map(rows.map((row) => [textOf(toKey(row)), toRecord(row)]))
  return keys.flatMap((key) => found.get(textOf(key)) ?? [])
}

function toKey([name, type, data]: RecordRow): RecordKey {
  return { name, type, data }
}

function textOf({ name, type, data }: RecordKey): string {
  return `${type} ${name} ${data}`
}

function afterOf(cursor: string): RecordKey {
  const [data, type, name] = decodeCursor('pivot', cursor, ['string', 'string', 'string'])
  return { data, type, name }
}

function cursorAfter({ data, type, name }: RecordKey): string {
  return encodeCursor('pivot', [data, type, name])
}
