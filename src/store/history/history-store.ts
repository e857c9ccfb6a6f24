// The port of the append-only history: what was seen, by whom, when. Decides what an implementation promises; where the
// rows lie (SQLite, ClickHouse) is theirs. Every implementation passes the suite in test/contract/history-store.ts.
import type { ObservationQuery } from '../../core/model/observation-query.ts'
import type { StoredObservation } from '../../core/model/observation.ts'
import type { AddressPlace, RecordHistory } from '../../core/model/seen-record.ts'
import type { Page } from '../../core/model/watch.ts'

/** Whether the history works now, and a sentence for `/readyz`. */
export interface HistoryCheck {
  readonly ok: boolean
  readonly detail: string
}

/**
 * Every method but `check` rejects with `FLUX_STORE_UNAVAILABLE` when the store cannot be used at the moment, and with
 * `FLUX_DRAINING` after `close()`. Other errors are bugs.
 */
export interface HistoryStore extends RecordHistory {
  /** How long whoever appends should gather rows where few are at hand, ms; absent: small appends cost little. */
  readonly gatherMs?: number

  /**
   * Adds the rows; when it resolves they outlive a killed process (and what else the implementation says).
   *
   * Idempotent by row id: a row that is there stays as it is, so a replayed batch adds nothing. Not atomic: after a
   * rejection some of the batch may be there, and the caller replays all of it.
   */
  append(rows: readonly StoredObservation[]): Promise<void>

  /**
   * The same for entries of the observations streams, as they lie there. When one of them cannot be read it rejects with what
   * `observationsOfEntry` threw, never with a `FluxError`, and the caller gives the others without it.
   */
  appendEntries(entries: readonly Uint8Array[]): Promise<void>

  /** At most `limit` addresses of stored records that nobody has placed yet, in any order. */
  unplaced(limit: number): Promise<readonly string[]>

  /** Keeps where the addresses are; what an address was placed at first stays. Idempotent. */
  place(places: readonly AddressPlace[]): Promise<void>

  /**
   * Oldest first, ties in an order that does not change. Rows that arrive between two pages never shift a page: nothing comes
   * twice and nothing that was there is left out. A cursor that was not made here rejects with `FLUX_INVALID`.
   */
  observations(query: ObservationQuery): Promise<Page<StoredObservation>>

  /**
   * Removes the observations with `at` before `olderThanMs` (ms since the epoch) and answers how many they were. With them go
   * records that were last seen before it, hours of addresses, and statistics of days before it; a record that is still seen
   * keeps its first time and its count.
   */
  prune(olderThanMs: number): Promise<number>

  /** Never rejects. */
  check(): Promise<HistoryCheck>

  /** Finishes what was begun, then lets go of everything. Idempotent. */
  close(): Promise<void>
}
