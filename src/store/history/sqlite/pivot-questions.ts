// From infrastructure to names: the records at an address, in a prefix, an AS, a country, or of a name server.
import type { Pivot, PivotQuery, SeenRecord } from '../../../core/model/seen-record.ts'
import { parseCidr } from '../../../core/net/cidr.ts'
import { addressBlob, blockEnds } from './address-blob.ts'
import type { ObservationRows } from './observation-row.ts'
import { RECORD_COLUMNS, recordOf, type RecordRow } from './record-row.ts'
import type { After } from './record-questions.ts'
import { TYPE_NUMBERS } from './schema-3.ts'
import type { Statements } from './statements.ts'
import { walkPage, type WalkedPage } from './walked-page.ts'

export interface PivotPlace {
  readonly data: Uint8Array | bigint
  readonly type: number
  /** Its number. */
  readonly name: number
}

type Walk = Iterable<RecordRow>

const AT_DATUM = `SELECT ${RECORD_COLUMNS} FROM rrset INDEXED BY rrset_by_data WHERE data = ?
  AND (type, name) > (?, ?) ORDER BY type, name`
/** Addresses that are read ahead. */
const ADDRESSES_AT_A_TIME = 200

export function readRecordsAt(
  statements: Statements,
  rows: ObservationRows,
  { pivot, seenSince, after, limit }: After<PivotQuery, PivotPlace>,
): WalkedPage<RecordRow, SeenRecord> {
  return walkPage(walkPivot(statements, rows, pivot, after), limit, (row) =>
    seenSince !== null && (row['last_seen'] as number) < seenSince
      ? null
      : recordOf(row, rows.texts, rows.vantages),
  )
}

function walkPivot(
  statements: Statements,
  rows: ObservationRows,
  pivot: Pivot,
  after: PivotPlace | null,
): Walk {
  if (pivot.kind === 'address') return walkDatum(statements, addressBlob(pivot.address), after)
  if (pivot.kind === 'prefix') return walkPrefix(statements, pivot.prefix, after)
  if (pivot.kind === 'asn') return walkPlaced(statements, 'asn', pivot.asn, after)
  if (pivot.kind === 'country') return walkPlaced(statements, 'country', pivot.country, after)
  const host = rows.texts.find(pivot.host)
  if (host === null) return []
  return statements
    .of(
      `SELECT ${RECORD_COLUMNS} FROM rrset INDEXED BY rrset_by_data
       WHERE data = ? AND type = ? AND name > ? ORDER BY name`,
    )
    .iterate(BigInt(host), TYPE_NUMBERS['NS']!, after?.name ?? 0)
}

function walkDatum(statements: Statements, data: Uint8Array | null, after: PivotPlace | null): Walk {
  return data === null ? [] : statements.of(AT_DATUM).iterate(data, after?.type ?? 0, after?.name ?? 0)
}

function walkPrefix(statements: Statements, prefix: string, after: PivotPlace | null): Walk {
  const block = parseCidr(prefix)
  if (block === null) return []
  const { first, last } = blockEnds(block)
  return statements
    .of(
      `SELECT ${RECORD_COLUMNS} FROM rrset INDEXED BY rrset_by_data
       WHERE (data, type, name) > (?, ?, ?) AND data <= ? ORDER BY data, type, name`,
    )
    .iterate(after?.data ?? first, after?.type ?? 0, after?.name ?? 0, last)
}

/** Address after address; of each all its records. */
function* walkPlaced(
  statements: Statements,
  column: 'asn' | 'country',
  value: number | string,
  after: PivotPlace | null,
): Generator<RecordRow> {
  const addresses = statements.of(
    `SELECT address FROM address WHERE ${column} = ? AND address > ? ORDER BY address LIMIT ${ADDRESSES_AT_A_TIME}`,
  )
  let last: Uint8Array = new Uint8Array(0)
  if (after !== null && typeof after.data !== 'bigint') {
    yield* walkDatum(statements, after.data, after)
    last = after.data
  }
  for (;;) {
    const some = addresses.all(value, last).map((row) => row['address'] as Uint8Array)
    for (const address of some) yield* walkDatum(statements, address, null)
    if (some.length < ADDRESSES_AT_A_TIME) return
    last = some.at(-1)!
  }
}
