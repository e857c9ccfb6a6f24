// Answers the questions of one open file, each from what its own file decides.
import type { DatabaseSync } from 'node:sqlite'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type {
  AddressLife,
  ChangeQuery,
  DayQuery,
  DayStatistics,
  NewAddressQuery,
  PivotQuery,
  RecordChange,
  RecordQuery,
  SeenRecord,
} from '../../../core/model/seen-record.ts'
import { readLife, readUnplaced } from './address-questions.ts'
import { readDays } from './day-question.ts'
import { NewAddressReader, type HoursPage } from './new-addresses.ts'
import { readRows, type PageQuery, type RowPlace } from './observation-page.ts'
import { ObservationRows } from './observation-row.ts'
import { readRecordsAt, type PivotPlace } from './pivot-questions.ts'
import { datumText, type RecordRow } from './record-row.ts'
import { readChanges, readRecords, type After, type RecordPlace } from './record-questions.ts'
import { Statements } from './statements.ts'
import { readThinnedRows } from './thinned-page.ts'
import type { WalkedPage } from './walked-page.ts'

/** Items, and the place after which the next page begins; null after the last. */
export interface PlacedPage<Item, Place> {
  readonly items: readonly Item[]
  readonly next: Place | null
}

/** As places stand in cursors. */
export type RecordKey = readonly [type: number, data: string]
export type PivotKey = readonly [data: string, type: number, name: number]

export class HistoryReader {
  readonly #statements: Statements
  readonly #rows: ObservationRows
  readonly #newAddresses: NewAddressReader

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database)
    this.#rows = new ObservationRows(database)
    this.#newAddresses = new NewAddressReader(this.#statements, this.#rows)
  }

  observations(query: PageQuery): PlacedPage<StoredObservation, RowPlace> {
    const { limit, everyMs } = query
    const known = query.targets
      .map((target) => this.#rows.findTarget(target))
      .filter((number) => number !== null)
    const numbered = { ...query, targets: [...new Set(known)], limit: limit + 1 }
    // One row more than the page tells whether there is a next one.
    const rows =
      everyMs === null
        ? readRows(this.#statements, this.#rows, numbered)
        : readThinnedRows(this.#statements, this.#rows, { ...numbered, everyMs })
    const page = rows.slice(0, limit)
    return { items: page.map(({ row }) => row), next: rows.length > limit ? page.at(-1)!.place : null }
  }

  records(query: After<RecordQuery, RecordPlace>): PlacedPage<SeenRecord, RecordKey> {
    return placed(readRecords(this.#statements, this.#rows, query), recordKey)
  }

  recordsAt(query: After<PivotQuery, PivotPlace>): PlacedPage<SeenRecord, PivotKey> {
    return placed(readRecordsAt(this.#statements, this.#rows, query), (row) => [
      datumText(row['data'] as Uint8Array | number),
      row['type'] as number,
      row['name'] as number,
    ])
  }

  changes(query: After<ChangeQuery, RecordPlace>): PlacedPage<RecordChange, RecordKey> {
    return placed(readChanges(this.#statements, this.#rows, query), recordKey)
  }

  newAddresses(query: After<NewAddressQuery, number>): HoursPage {
    return this.#newAddresses.read(query)
  }

  life(address: string): AddressLife | null {
    return readLife(this.#statements, this.#rows, address)
  }

  /** One more than the limit where there are more. */
  statistics(query: After<DayQuery, number>): DayStatistics[] {
    return readDays(this.#statements, { ...query, limit: query.limit + 1 })
  }

  unplaced(limit: number): string[] {
    return readUnplaced(this.#statements, limit)
  }
}

function placed<Item, Key>(
  { items, last }: WalkedPage<RecordRow, Item>,
  keyOf: (row: RecordRow) => Key,
): PlacedPage<Item, Key> {
  return { items, next: last === null ? null : keyOf(last) }
}

function recordKey(row: RecordRow): RecordKey {
  return [row['type'] as number, datumText(row['data'] as Uint8Array | number)]
}
