// What every history implementation must do. A function of a factory, so that SQLite and ClickHouse run the same suite.
import { afterEach, beforeEach, describe } from 'vitest'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import { describeAddresses } from './history/addresses.ts'
import { describeAnyHistory } from './history/any-history.ts'
import { describeAppending } from './history/appending.ts'
import { describeClosing } from './history/closing.ts'
import { describeLife } from './history/life.ts'
import { describeObservations } from './history/observations.ts'
import { describePaging } from './history/paging.ts'
import { describePivots } from './history/pivots.ts'
import { describePruning } from './history/pruning.ts'
import { describeRecords } from './history/records.ts'
import { describeStatistics } from './history/statistics.ts'

/** Somewhere empty where a history can live: a file, a database. */
export interface HistoryPlace {
  /** Opens one more handle on the same rows. */
  open(): Promise<HistoryStore>
  remove(): Promise<void>
}

/** The store of the test that runs, empty at its start, and where it lives. */
export interface Stand {
  readonly store: HistoryStore
  readonly place: HistoryPlace
  /** Closes the store and opens it again. */
  reopen(): Promise<void>
}

export function describeHistoryStore(name: string, makePlace: () => Promise<HistoryPlace>): void {
  describe(`${name} as a history store`, () => {
    let place: HistoryPlace
    let store: HistoryStore

    beforeEach(async () => {
      place = await makePlace()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.remove()
    })

    const stand: Stand = {
      get store() {
        return store
      },
      get place() {
        return place
      },
      async reopen() {
        await store.close()
        store = await place.open()
      },
    }
    describeAppending(stand)
    describeObservations(stand)
    describePaging(stand)
    describeRecords(stand)
    describePivots(stand)
    describeAddresses(stand)
    describeLife(stand)
    describeStatistics(stand)
    describePruning(stand)
    describeAnyHistory(stand)
    describeClosing(stand)
  })
}
