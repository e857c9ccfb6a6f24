// What the history's threads can be asked, and how they answer. Types only: both sides import them.
import type { StoredObservation } from '../../../core/model/observation.ts'
import type {
  AddressLife,
  AddressPlace,
  ChangeQuery,
  DayQuery,
  DayStatistics,
  NewAddressQuery,
  PivotQuery,
  RecordChange,
  RecordQuery,
  SeenRecord,
} from '../../../core/model/seen-record.ts'
import type { PivotKey, PlacedPage, RecordKey } from './history-reader.ts'
import type { PrunedSlice, PrunePlace } from './history-pruner.ts'
import type { HoursPage } from './new-addresses.ts'
import type { PageQuery, RowPlace } from './observation-page.ts'
import type { PivotPlace } from './pivot-questions.ts'
import type { After, RecordPlace } from './record-questions.ts'

/** Every operation, with what it is given and what it answers. */
export interface ThreadOperations {
  append: { input: readonly StoredObservation[]; output: null }
  /** Entries of the observations streams, one after the other in the bytes; each ends at its place in `ends`. */
  appendEntries: { input: { bytes: Uint8Array<ArrayBuffer>; ends: readonly number[] }; output: null }
  place: { input: readonly AddressPlace[]; output: null }
  prune: { input: { olderThanMs: number; place: PrunePlace }; output: PrunedSlice }
  /** One slice; whether there is more to do. `isFirst`: of a compaction, which may not be worth it. */
  compact: { input: { isFirst: boolean }; output: boolean }
  /** Proves that the file can be read and written now. */
  check: { input: null; output: { schema: number; bytes: number } }
  observations: { input: PageQuery; output: PlacedPage<StoredObservation, RowPlace> }
  records: { input: After<RecordQuery, RecordPlace>; output: PlacedPage<SeenRecord, RecordKey> }
  recordsAt: { input: After<PivotQuery, PivotPlace>; output: PlacedPage<SeenRecord, PivotKey> }
  changes: { input: After<ChangeQuery, RecordPlace>; output: PlacedPage<RecordChange, RecordKey> }
  newAddresses: { input: After<NewAddressQuery, number>; output: HoursPage }
  life: { input: string; output: AddressLife | null }
  statistics: { input: After<DayQuery, number>; output: DayStatistics[] }
  unplaced: { input: number; output: string[] }
  /** Closes the file; the thread ends after the answer. */
  close: { input: null; output: null }
}

export type ThreadOperation = keyof ThreadOperations

export type ThreadRequest = {
  [Name in ThreadOperation]: {
    readonly number: number
    readonly operation: Name
    readonly input: ThreadOperations[Name]['input']
  }
}[ThreadOperation]

export type ThreadReply =
  | { readonly number: number; readonly output: ThreadOperations[ThreadOperation]['output'] }
  /** Structured clone keeps the message and the stack of an Error, but drops `errcode`: it travels beside it. */
  | { readonly number: number; readonly error: Error; readonly sqliteCode: number | null }

export interface ThreadSettings {
  readonly path: string
}
