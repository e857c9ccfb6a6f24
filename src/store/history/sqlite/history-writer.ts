// Takes observations in: a slice is one transaction, in which the rows and everything that is counted from them are written together.
// A row that is there already is counted nowhere, so replays of any composition add nothing.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { AddressPlace } from '../../../core/model/seen-record.ts'
import { observationsOfEntry } from '../../../core/outbox/round-frames.ts'
import { addressBlob } from './address-blob.ts'
import { INSERT_SQL, ObservationRows, VANTAGE_PLACE } from './observation-row.ts'
import { SliceSums } from './slice-sums.ts'
import { inTransaction } from './transaction.ts'
import { SumWriter } from './write-sums.ts'

export class HistoryWriter {
  readonly #database: DatabaseSync
  readonly #rows: ObservationRows
  readonly #sums: SumWriter
  readonly #insert: StatementSync
  readonly #place: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#rows = new ObservationRows(database)
    this.#sums = new SumWriter(database, this.#rows)
    this.#insert = database.prepare(INSERT_SQL)
    this.#place = database.prepare(
      `UPDATE address SET placed = 1, asn = ?, organisation = ?, country = ? WHERE address = ? AND placed = 0`,
    )
  }

  append(rows: readonly StoredObservation[]): void {
    this.#write(() => this.appendWithin(rows))
  }

  /** Entries of the observations streams, as they lie there. Throws an Error on one in no known form, and takes none in. */
  appendEntries(entries: readonly Uint8Array[]): void {
    const rows = entries.flatMap(observationsOfEntry)
    if (rows.length > 0) this.append(rows)
  }

  /** As `append`, inside a transaction of the caller, who drops this writer when it is undone. */
  appendWithin(rows: readonly StoredObservation[]): void {
    const sums = new SliceSums()
    for (const row of rows) {
      const values = this.#rows.toValues(row)
      if (this.#insert.run(...values).changes !== 0) sums.add(row, values[VANTAGE_PLACE] as number)
    }
    this.#sums.write(sums)
  }

  /** Of addresses that are stored; others are none of ours. */
  place(places: readonly AddressPlace[]): void {
    this.#write(() => {
      for (const { address, asn, organisation, country } of places) {
        const blob = addressBlob(address)
        const owner = organisation === null ? null : this.#rows.texts.numberOf(organisation)
        if (blob !== null) this.#place.run(asn, owner, country, blob)
      }
    })
  }

  #write(work: () => void): void {
    try {
      inTransaction(this.#database, work)
    } catch (error) {
      // The dictionaries may have numbers of what was undone.
      this.#rows.forget()
      throw error
    }
  }
}
