// An embedded history to copy from that is a list: so that a test says what it holds, and what it had counted and lost.
import { seenRecords } from '../../src/core/history/seen-records.ts'
import { SENSOR_PREFIX, type StoredObservation } from '../../src/core/model/observation.ts'
import type { AddressPlace } from '../../src/core/model/seen-record.ts'
import type {
  ExportedRecord,
  ExportPage,
  SqliteExport,
} from '../../src/store/history/sqlite/sqlite-export.ts'
import { MemoryHistory } from '../contract/history/memory-history.ts'

export class ListExport implements SqliteExport {
  /** All that it ever had. */
  rows: StoredObservation[] = []
  places: AddressPlace[] = []
  /** Observations before this are no more; records remember them. */
  prunedBefore = 0

  observationCount(): number {
    return this.rows.filter(({ at }) => at >= this.prunedBefore).length
  }

  observationsAfter(cursor: string | null, limit: number): ExportPage<StoredObservation> {
    return pageOf(
      this.rows.filter(({ at }) => at >= this.prunedBefore),
      cursor,
      limit,
    )
  }

  recordsAfter(cursor: string | null, limit: number): ExportPage<ExportedRecord> {
    return pageOf(this.records(), cursor, limit)
  }

  placesAfter(cursor: string | null, limit: number): ExportPage<AddressPlace> {
    return pageOf(this.places, cursor, limit)
  }

  records(): ExportedRecord[] {
    return new MemoryHistory(this.rows).records.map((record) => {
      const sensed = this.rows.filter(
        (row) =>
          row.vantage.startsWith(SENSOR_PREFIX) &&
          seenRecords(row).some(
            ({ name, type, data }) => name === record.name && type === record.type && data === record.data,
          ),
      )
      return {
        ...record,
        sensorObservations: sensed.length,
        sensorTold: Math.max(0, ...sensed.map(({ told }) => told?.count ?? 0)),
      }
    })
  }

  close(): void {}
}

/** Cursors count, as they may in a list that only grows. Pages are short, whatever is asked, so that there are several. */
function pageOf<Item>(items: readonly Item[], cursor: string | null, limit: number): ExportPage<Item> {
  const start = Number(cursor ?? 0)
  const end = start + Math.min(limit, 7)
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null }
}
