// The embedded history: one SQLite file that all fluxwatch processes of a host may share. Decides how large pieces of work are cut
// and which thread does them: one writes, one answers questions, each started when it is first needed.
import { FluxError } from '../../../core/errors.ts'
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type {
  AddressLife,
  AddressPlace,
  ChangeQuery,
  DayQuery,
  DayStatistics,
  NewAddresses,
  NewAddressQuery,
  PivotQuery,
  RecordChange,
  RecordQuery,
  SeenRecord,
} from '../../../core/model/seen-record.ts'
import type { Page } from '../../../core/model/watch.ts'
import type { HistoryCheck, HistoryStore } from '../history-store.ts'
import { cursorPlaces, placeCursors } from './cursor-places.ts'
import { entrySlices } from './entry-slices.ts'
import { PRUNE_START, type PrunePlace } from './history-pruner.ts'
import { HistoryThread } from './history-thread.ts'

/** Rows of one transaction and one message: what the event loop clones at a time. */
const ROWS_A_SLICE = 1_000
const PLACES_A_SLICE = 2_000

/**
 * Opens (or creates, with its folder) the history file; a file of an older version is brought up to date first. The caller closes
 * it. Rejects with `FLUX_STORE_UNAVAILABLE` and the reason when the file cannot be used.
 */
export async function openSqliteHistory(path: string): Promise<HistoryStore> {
  const threads = {
    writer: new HistoryThread(new URL('./thread.ts', import.meta.url), { path }),
    reader: new HistoryThread(new URL('./thread.ts', import.meta.url), { path }),
  }
  try {
    await threads.writer.call('check', null)
  } catch (error) {
    await threads.writer.close()
    throw error
  }
  return new SqliteHistory(path, threads)
}

interface Threads {
  readonly writer: HistoryThread
  readonly reader: HistoryThread
}

class SqliteHistory implements HistoryStore {
  readonly #path: string
  readonly #writer: HistoryThread
  readonly #reader: HistoryThread
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor(path: string, { writer, reader }: Threads) {
    this.#path = path
    this.#writer = writer
    this.#reader = reader
  }

  append(rows: readonly StoredObservation[]): Promise<void> {
    return this.#run(async () => {
      for (let start = 0; start < rows.length; start += ROWS_A_SLICE) {
        await this.#writer.call('append', rows.slice(start, start + ROWS_A_SLICE))
      }
    })
  }

  appendEntries(entries: readonly Uint8Array[]): Promise<void> {
    return this.#run(async () => {
      for (const slice of entrySlices(entries)) {
        await this.#writer.call('appendEntries', slice, [slice.bytes.buffer])
      }
    })
  }

  place(places: readonly AddressPlace[]): Promise<void> {
    return this.#run(async () => {
      for (let start = 0; start < places.length; start += PLACES_A_SLICE) {
        await this.#writer.call('place', places.slice(start, start + PLACES_A_SLICE))
      }
    })
  }

  unplaced(limit: number): Promise<readonly string[]> {
    return this.#run(() => this.#reader.call('unplaced', limit))
  }

  observations(query: ObservationQuery): Promise<Page<StoredObservation>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofRow(cursor)
      const { items, next } = await this.#reader.call('observations', { ...rest, after })
      return { items, next: next && placeCursors.ofRow(next) }
    })
  }

  records(query: RecordQuery): Promise<Page<SeenRecord>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofRecord('records', cursor)
      const { items, next } = await this.#reader.call('records', { ...rest, after })
      return { items, next: next && placeCursors.ofRecord('records', next) }
    })
  }

  recordsAt(query: PivotQuery): Promise<Page<SeenRecord>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofPivot(cursor)
      const { items, next } = await this.#reader.call('recordsAt', { ...rest, after })
      return { items, next: next && placeCursors.ofPivot(next) }
    })
  }

  changes(query: ChangeQuery): Promise<Page<RecordChange>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofRecord('changes', cursor)
      const { items, next } = await this.#reader.call('changes', { ...rest, after })
      return { items, next: next && placeCursors.ofRecord('changes', next) }
    })
  }

  newAddresses(query: NewAddressQuery): Promise<Page<NewAddresses>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofTime('new-addresses', cursor)
      const { items, nextHour } = await this.#reader.call('newAddresses', { ...rest, after })
      return { items, next: nextHour === null ? null : placeCursors.ofTime('new-addresses', nextHour) }
    })
  }

  life(address: string): Promise<AddressLife | null> {
    return this.#run(() => this.#reader.call('life', address))
  }

  statistics(query: DayQuery): Promise<Page<DayStatistics>> {
    return this.#ask(query, async ({ cursor, ...rest }) => {
      const after = cursor === null ? null : cursorPlaces.ofTime('statistics', cursor)
      const days = await this.#reader.call('statistics', { ...rest, after })
      const items = days.slice(0, query.limit)
      const last = items.at(-1)
      const hasMore = days.length > query.limit && last !== undefined
      return { items, next: hasMore ? placeCursors.ofTime('statistics', last.day) : null }
    })
  }

  prune(olderThanMs: number): Promise<number> {
    return this.#run(async () => {
      let total = 0
      for (let place: PrunePlace | null = PRUNE_START; place !== null;) {
        const slice: { removed: number; next: PrunePlace | null } = await this.#writer.call('prune', {
          olderThanMs,
          place,
        })
        total += slice.removed
        place = slice.next
      }
      for (let isFirst = true; await this.#writer.call('compact', { isFirst }); isFirst = false);
      return total
    })
  }

  async check(): Promise<HistoryCheck> {
    try {
      const { schema, bytes } = await this.#run(() => this.#writer.call('check', null))
      const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`
      return { ok: true, detail: `SQLite history ${this.#path}: schema ${schema}, ${size}` }
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(async () => {
      await this.#reader.close()
      await this.#writer.close()
    })
    return this.#closed
  }

  /** A question with pages. */
  #ask<Query extends { readonly limit: number }, Answer>(
    query: Query,
    answer: (query: Query) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#run(async () => {
      const { limit } = query
      if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit is ${limit}, not 1 or more`)
      return answer(query)
    })
  }

  /** Runs one call and remembers it, so that `close()` can wait for it. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed !== null) {
      return Promise.reject(new FluxError('FLUX_DRAINING', 'The history is closed'))
    }
    const running = work()
    this.#running.add(running)
    const forget = () => this.#running.delete(running)
    running.then(forget, forget)
    return running
  }
}
