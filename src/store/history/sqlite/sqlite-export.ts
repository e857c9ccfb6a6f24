// Everything that an embedded history holds, in its own order and in large pages, for the way into another store. It reads a file
// that others may be writing to; what to do with the rows is the caller's business.
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { AddressPlace, SeenRecord } from '../../../core/model/seen-record.ts'

/** A page and where the next one begins; null after the last. Cursors outlive the process: a move goes on where it stopped. */
export interface ExportPage<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** Synchronous: it belongs into a process or a thread that has nothing else to do. */
export interface SqliteExport {
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
