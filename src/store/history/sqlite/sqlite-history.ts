// The embedded history: one SQLite file that all fluxwatch processes of a host may share. Decides how large pieces of
// work are cut, so that queries come in between; the thread does the work.
import { FluxError } from '../../../core/errors.ts'
import type { Page } from '../../../core/model/watch.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { HistoryCheck, HistoryStore } from '../history-store.ts'
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import { HistoryThread } from './history-thread.ts'

/** Rows of one transaction and one message: what the event loop clones at a time, and what a query waits for at most. */
const ROWS_A_SLICE = 500
const PRUNED_A_SLICE = 2_000

/**
 * Opens (or creates, with its folder) the history file. The caller closes it.
 * Rejects with `FLUX_STORE_UNAVAILABLE` and the reason when the file cannot be used.
 */
export async function openSqliteHistory(path: string): Promise<HistoryStore> {
  const thread = new HistoryThread(new URL('./thread.ts', import.meta.url), { path })
  try {
    await thread.call('check', null)
  } catch (error) {
    await thread.close()
    throw error
  }
  return new SqliteHistory(path, thread)
}

class SqliteHistory implements HistoryStore {
  readonly #path: string
  readonly #thread: HistoryThread
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor(path: string, thread: HistoryThread) {
    this.#path = path
    this.#thread = thread
  }

  append(rows: readonly StoredObservation[]): Promise<void> {
    return this.#run(async () => {
      for (let start = 0; start < rows.length; start += ROWS_A_SLICE) {
        await this.#thread.call('append', rows.slice(start, start + ROWS_A_SLICE))
      }
    })
  }

  observations(query: ObservationQuery): Promise<Page<StoredObservation>> {
    return this.#run(async () => {
      const { cursor, limit, ...filters } = query
      if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit is ${limit}, not 1 or more`)
      const after = cursor === null ? null : decodeCursor(cursor)
      // One row more than the page tells whether there is a next one.
      const rows = await this.#thread.call('observations', { ...filters, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, next: rows.length > limit && last !== undefined ? encodeCursor(last) : null }
    })
  }

  prune(olderThanMs: number): Promise<number> {
    return this.#run(async () => {
      let total = 0
      for (;;) {
        const removed = await this.#thread.call('prune', { olderThanMs, limit: PRUNED_A_SLICE })
        total += removed
        if (removed < PRUNED_A_SLICE) return total
      }
    })
  }

  async check(): Promise<HistoryCheck> {
    try {
      const { schema, bytes } = await this.#run(() => this.#thread.call('check', null))
      const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`
      return { ok: true, detail: `SQLite history ${this.#path}: schema ${schema}, ${size}` }
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(() => this.#thread.close())
    return this.#closed
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
