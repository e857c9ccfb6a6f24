// Everything that an embedded history holds, in its own order and in large pages, for the way into another store. It reads a file
// that others may be writing to; what to do with the rows is the caller's business.
import { DatabaseSync } from 'node:sqlite'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { AddressPlace, SeenRecord } from '../../../core/model/seen-record.ts'
import { addressText } from './address-blob.ts'
import { OBSERVATION_COLUMNS, ObservationRows } from './observation-row.ts'
import { datumOf, datumText, RECORD_COLUMNS, recordOf } from './record-row.ts'
import { MIGRATIONS, schemaVersion } from './schema.ts'
import { Statements } from './statements.ts'

/** A page and where the next one begins; null after the last. Cursors outlive the process: a move goes on where it stopped. */
export interface ExportPage<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** Synchronous: it belongs into a process or a thread that has nothing else to do. */
export interface SqliteExport {
  /** How many there are now; reads through all of them. */
  observationCount(): number
  /** In order of (target, at, key). */
  observationsAfter(cursor: string | null, limit: number): ExportPage<StoredObservation>
  /** In order of (name, type, data). They outlive their observations: a record's count may be more than there are rows. */
  recordsAfter(cursor: string | null, limit: number): ExportPage<ExportedRecord>
  /** Of addresses that were placed, in order of the address. */
  placesAfter(cursor: string | null, limit: number): ExportPage<AddressPlace>
  close(): void
}

/** `sensorCount` is the greater of the two that it is made of. */
export interface ExportedRecord extends SeenRecord {
  /** Observations of sensors that held it. */
  readonly sensorObservations: number
  /** The largest sum that one observation of a sensor told; 0 when none did. */
  readonly sensorTold: number
}

/**
 * Opens the file for reading. Throws an Error when there is none, and for one of another version: a fluxwatch that opens it as
 * its history brings it up to date.
 */
export function openSqliteExport(path: string): SqliteExport {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const version = schemaVersion(database)
    if (version !== MIGRATIONS.length) {
      throw new Error(
        `${path} has schema ${version}, and ${MIGRATIONS.length} is needed: start this fluxwatch with it once`,
      )
    }
    return new FileExport(database)
  } catch (error) {
    database.close()
    throw error
  }
}

class FileExport implements SqliteExport {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #rows: ObservationRows

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new Statements(database)
    this.#rows = new ObservationRows(database)
  }

  observationCount(): number {
    return this.#statements.of('SELECT count(*) AS rows FROM observation').get()!['rows'] as number
  }

  observationsAfter(cursor: string | null, limit: number): ExportPage<StoredObservation> {
    const [target = 0, at = 0, key = 0] =
      cursor === null ? [0, -Number.MAX_SAFE_INTEGER, 0] : numbersOf(cursor)
    const rows = this.#statements
      .of(
        `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE (target, at, key) > (?, ?, ?)
         ORDER BY target, at, key LIMIT ?`,
      )
      .all(target, at, key, limit)
    return pageOf(
      rows,
      limit,
      (row) => this.#rows.fromRow(row),
      (row) => [row['target'], row['at'], row['key']],
    )
  }

  recordsAfter(cursor: string | null, limit: number): ExportPage<ExportedRecord> {
    const [name, type, datum] = cursor === null ? ['0', '0', ''] : cursor.split(' ')
    const rows = this.#statements
      .of(
        `SELECT ${RECORD_COLUMNS} FROM rrset WHERE (name, type, data) > (?, ?, ?)
         ORDER BY name, type, data LIMIT ?`,
      )
      .all(Number(name), Number(type), datumOf(datum ?? '') ?? -1n, limit)
    return pageOf(
      rows,
      limit,
      (row) => ({
        ...recordOf(row, this.#rows.texts, this.#rows.vantages),
        sensorObservations: row['sensor_observations'] as number,
        sensorTold: row['sensor_told'] as number,
      }),
      (row) => [row['name'], row['type'], datumText(row['data'] as Uint8Array | number)],
    )
  }

  placesAfter(cursor: string | null, limit: number): ExportPage<AddressPlace> {
    const rows = this.#statements
      .of(
        `SELECT address, asn, text AS organisation, country FROM address LEFT JOIN text ON ref = organisation
         WHERE placed = 1 AND address > ? ORDER BY address LIMIT ?`,
      )
      .all(Buffer.from(cursor ?? '', 'hex'), limit)
    return pageOf(
      rows,
      limit,
      (row) => ({
        address: addressText(row['address'] as Uint8Array),
        asn: row['asn'] as number | null,
        organisation: row['organisation'] as string | null,
        country: row['country'] as string | null,
      }),
      (row) => [Buffer.from(row['address'] as Uint8Array).toString('hex')],
    )
  }

  close(): void {
    this.#database.close()
  }
}

function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  placeOf: (row: Row) => readonly unknown[],
): ExportPage<Item> {
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { items: rows.map(itemOf), next: last === undefined ? null : placeOf(last).join(' ') }
}

function numbersOf(cursor: string): number[] {
  return cursor.split(' ').map(Number)
}
