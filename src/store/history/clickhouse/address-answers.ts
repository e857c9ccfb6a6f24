// What is asked of addresses: when a name or several had new ones, and one through everything that it served.
import type {
  ActiveInterval,
  AddressLife,
  NewAddresses,
  NewAddressQuery,
} from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { table, type Place } from './table-names.ts'

const HOUR_MS = 3_600_000

/** Oldest hour first. */
export async function newAddressPage(
  clickhouse: ClickHouse,
  place: Place,
  { names, from, to, cursor, limit }: NewAddressQuery,
): Promise<Page<NewAddresses>> {
  const after = cursor === null ? null : decodeCursor('new-addresses', cursor, ['number'])[0]
  if (names.length === 0) return { items: [], next: null }
  const hours = await clickhouse.rows<[number, number]>(
    `SELECT intDiv(first_seen, ${HOUR_MS}) AS hour, count() FROM (
  SELECT data, min(first) AS first_seen FROM ${table(place, 'record')}
  WHERE name IN {names:Array(String)} AND type IN ('A', 'AAAA') GROUP BY data)
WHERE first_seen >= {from:Int64} AND first_seen < {to:Int64} AND hour > {after:Int64}
GROUP BY hour ORDER BY hour LIMIT {rows:UInt32}`,
    {
      names: [...new Set(names)],
      from: Math.ceil(from ?? 0),
      to: Math.ceil(to ?? Number.MAX_SAFE_INTEGER),
      after: after === null ? -1 : Math.floor(after / HOUR_MS),
      rows: limit + 1,
    },
  )
  const items = hours.slice(0, limit).map(([hour, addresses]) => ({ hour: hour * HOUR_MS, addresses }))
  return {
    items,
    next: hours.length > limit ? encodeCursor('new-addresses', [items.at(-1)!.hour]) : null,
  }
}

type LifeRow = [names: number, first: number, last: number]
type PlacedRow = [asn: number, organisation: string | null, country: string]

export async function lifeOf(
  clickhouse: ClickHouse,
  place: Place,
  address: string,
): Promise<AddressLife | null> {
  const [seen, placed, hours] = await Promise.all([
    clickhouse.rows<LifeRow>(
      `SELECT uniqExact(name), min(first), max(last) FROM ${table(place, 'record_by_data')}
WHERE address = toIPv6OrDefault({at:String}) AND data = {at:String} AND type IN ('A', 'AAAA')`,
      { at: address },
    ),
    clickhouse.rows<PlacedRow>(
      `SELECT asn, organisation, country FROM ${table(place, 'address_place')}
WHERE address = {at:String} ORDER BY version DESC LIMIT 1`,
      { at: address },
    ),
    clickhouse.rows<[number]>(
      `SELECT DISTINCT hour FROM ${table(place, 'address_hour')} WHERE address = {at:String} ORDER BY hour`,
      { at: address },
    ),
  ])
  const [names, firstSeen, lastSeen] = seen[0]!
  if (names === 0) return null
  const [asn, organisation, country] = placed[0] ?? [-1, null, '']
  const intervals = intervalsOf(hours.flat())
  const active = hours.length * HOUR_MS
  const whole = intervals.length === 0 ? 0 : intervals.at(-1)!.to - intervals[0]!.from
  return {
    address,
    asn: asn === -1 ? null : asn,
    organisation,
    country: country === '' ? null : country,
    firstSeen,
    lastSeen,
    names,
    intervals,
    idleMs: whole - active,
  }
}

/** Hours that touch become one interval. `hours`: numbers of hours since the epoch, ascending. */
function intervalsOf(hours: readonly number[]): ActiveInterval[] {
  const intervals: { from: number; to: number }[] = []
  for (const hour of hours) {
    const from = hour * HOUR_MS
    const last = intervals.at(-1)
    if (last?.to === from) last.to = from + HOUR_MS
    else intervals.push({ from, to: from + HOUR_MS })
  }
  return intervals
}
