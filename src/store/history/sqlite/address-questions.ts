// Questions about one address: its life; and which addresses nobody has placed yet.
import type { ActiveInterval, AddressLife } from '../../../core/model/seen-record.ts'
import { addressBlob, addressText } from './address-blob.ts'
import type { ObservationRows } from './observation-row.ts'
import type { Statements } from './statements.ts'

const MS_A_DAY = 86_400_000
const MS_AN_HOUR = 3_600_000
/** Records whose times are read one by one. Of an address with more, the latest is told by the hours that are known. */
const MOST_NAMES = 5_000

export function readLife(statements: Statements, rows: ObservationRows, address: string): AddressLife | null {
  const blob = addressBlob(address)
  if (blob === null) return null
  const seen = statements
    .of(
      `SELECT count(DISTINCT name) AS names, min(first_seen) AS first FROM rrset INDEXED BY rrset_by_data
       WHERE data = ?`,
    )
    .get(blob)
  if (seen === undefined || seen['names'] === 0) return null
  const hours = readHours(statements, blob)
  const place = statements.of('SELECT asn, organisation, country FROM address WHERE address = ?').get(blob)
  const organisation = (place?.['organisation'] ?? null) as number | null
  const { intervals, idleMs } = joined(hours)
  const names = seen['names'] as number
  return {
    address: addressText(blob),
    asn: (place?.['asn'] ?? null) as number | null,
    organisation: organisation === null ? null : rows.texts.textOf(organisation),
    country: (place?.['country'] ?? null) as string | null,
    firstSeen: seen['first'] as number,
    lastSeen: lastSeen(statements, blob, names > MOST_NAMES ? (hours.at(-1) ?? 0) : 0),
    names,
    intervals,
    idleMs,
  }
}

/** Addresses that nobody has placed. */
export function readUnplaced(statements: Statements, limit: number): string[] {
  return statements
    .of('SELECT address FROM address WHERE placed = 0 LIMIT ?')
    .all(limit)
    .map((row) => addressText(row['address'] as Uint8Array))
}

function lastSeen(statements: Statements, blob: Uint8Array, atLeast: number): number {
  const row = statements
    .of(
      `SELECT max(last_seen) AS last FROM (
         SELECT last_seen FROM rrset INDEXED BY rrset_by_data WHERE data = ? LIMIT ${MOST_NAMES})`,
    )
    .get(blob)
  return Math.max(atLeast, row?.['last'] as number)
}

/** The starts of the hours in which it was seen, in order: of the days that its records have left behind, and of their latest. */
function readHours(statements: Statements, blob: Uint8Array): number[] {
  const bitsOfDays = new Map<number, number>()
  const add = (row: Record<string, unknown>): void => {
    const { day, hours } = row as { readonly day: number; readonly hours: number }
    bitsOfDays.set(day, (bitsOfDays.get(day) ?? 0) | hours)
  }
  statements.of('SELECT day, hours FROM address_hours WHERE address = ?').all(blob).forEach(add)
  const latest = statements.of(
    `SELECT day, hours FROM rrset INDEXED BY rrset_by_data WHERE data = ? LIMIT ${MOST_NAMES}`,
  )
  latest.all(blob).forEach(add)
  return [...bitsOfDays]
    .toSorted(([left], [right]) => left - right)
    .flatMap(([day, bits]) =>
      HOURS.filter((hour) => (bits & (1 << hour)) !== 0).map((hour) => startOf(day, hour)),
    )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

function startOf(day: number, hour: number): number {
  return day * MS_A_DAY + hour * MS_AN_HOUR
}

function joined(hours: readonly number[]): { intervals: ActiveInterval[]; idleMs: number } {
  const intervals: { from: number; to: number }[] = []
  let idleMs = 0
  for (const hour of hours) {
    const last = intervals.at(-1)
    if (last?.to === hour) last.to += MS_AN_HOUR
    else {
      if (last !== undefined) idleMs += hour - last.to
      intervals.push({ from: hour, to: hour + MS_AN_HOUR })
    }
  }
  return { intervals, idleMs }
}
