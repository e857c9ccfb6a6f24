// Questions about the records of one name: which were seen, and what changed. One walk along the name's rows.
import type { ChangeQuery, RecordChange, RecordQuery, SeenRecord } from '../../../core/model/seen-record.ts'
import type { ObservationRows } from './observation-row.ts'
import { RECORD_COLUMNS, recordOf, type RecordRow } from './record-row.ts'
import { TYPE_NUMBERS } from './schema-3.ts'
import type { Statements } from './statements.ts'
import { walkPage, type WalkedPage } from './walked-page.ts'

/** Within a name. */
export interface RecordPlace {
  readonly type: number
  /** As `datumText` makes it. */
  readonly data: Uint8Array | bigint
}

/** A query whose cursor is decoded. */
export type After<Query extends { readonly cursor: string | null }, Place> = Omit<Query, 'cursor'> & {
  readonly after: Place | null
}

/** Before every datum: numbers come before blobs, and all are from 0 on. */
export const BEFORE_ALL = -1n

export function readRecords(
  statements: Statements,
  rows: ObservationRows,
  { name, type, seenSince, after, limit }: After<RecordQuery, RecordPlace>,
): WalkedPage<RecordRow, SeenRecord> {
  const number = type === null ? null : (TYPE_NUMBERS[type] ?? null)
  const ref = rows.texts.find(name)
  if (ref === null || (type !== null && number === null)) return { items: [], last: null }
  const walk =
    number === null
      ? statements
          .of(`${WALK} (type, data) > (?, ?) ORDER BY type, data`)
          .iterate(ref, after?.type ?? 0, after?.data ?? BEFORE_ALL)
      : statements
          .of(`${WALK} type = ? AND data > ? ORDER BY data`)
          .iterate(ref, number, after?.data ?? BEFORE_ALL)
  return walkPage(walk, limit, (row) =>
    seenSince !== null && (row['last_seen'] as number) < seenSince
      ? null
      : recordOf(row, rows.texts, rows.vantages),
  )
}

export function readChanges(
  statements: Statements,
  rows: ObservationRows,
  { name, from, to, after, limit }: After<ChangeQuery, RecordPlace>,
): WalkedPage<RecordRow, RecordChange> {
  const ref = rows.texts.find(name)
  if (ref === null) return { items: [], last: null }
  const walk = statements
    .of(`${WALK} (type, data) > (?, ?) ORDER BY type, data`)
    .iterate(ref, after?.type ?? 0, after?.data ?? BEFORE_ALL)
  const isWithin = (at: number) => at >= from && at < to
  return walkPage(walk, limit, (row) => {
    const appeared = isWithin(row['first_seen'] as number)
    const gone = isWithin(row['last_seen'] as number)
    return appeared || gone ? { record: recordOf(row, rows.texts, rows.vantages), appeared, gone } : null
  })
}

const WALK = `SELECT ${RECORD_COLUMNS} FROM rrset WHERE name = ? AND`
