// A history that may not be there when the service starts (a server of its own): probing begins without it, and it is opened as soon as
// it can be. Once it is open, what becomes of its connection is its own business.
import { FluxError } from '../../core/errors.ts'
import type { ObservationQuery } from '../../core/model/observation-query.ts'
import type { StoredObservation } from '../../core/model/observation.ts'
import type {
  AddressPlace,
  ChangeQuery,
  DayQuery,
  NewAddressQuery,
  PivotQuery,
  RecordQuery,
} from '../../core/model/seen-record.ts'
import type { HistoryCheck, HistoryStore } from './history-store.ts'

export interface LateHistoryOptions {
  /** Rejects when it is not there; is asked again later. */
  readonly open: () => Promise<HistoryStore>
  /** Between two attempts, ms; meanwhile calls reject at once. @defaultValue 5 s */
  readonly retryMs?: number
  /** As the store's own. */
  readonly gatherMs?: number
}

const RETRY_MS = 5_000

export class LateHistory implements HistoryStore {
  readonly gatherMs?: number
  readonly #open: () => Promise<HistoryStore>
  readonly #retryMs: number
  #store: HistoryStore | null = null
  #opening: Promise<HistoryStore> | null = null
  #failure: { readonly error: unknown; readonly at: number } | null = null
  #closed: Promise<void> | null = null

  constructor({ open, retryMs = RETRY_MS, gatherMs }: LateHistoryOptions) {
    this.#open = open
    this.#retryMs = retryMs
    if (gatherMs !== undefined) this.gatherMs = gatherMs
  }

  async append(rows: readonly StoredObservation[]) {
    return (await this.#opened()).append(rows)
  }

  async appendEntries(entries: readonly Uint8Array[]) {
    return (await this.#opened()).appendEntries(entries)
  }

  async unplaced(limit: number) {
    return (await this.#opened()).unplaced(limit)
  }

  async place(places: readonly AddressPlace[]) {
    return (await this.#opened()).place(places)
  }

  async observations(query: ObservationQuery) {
    return (await this.#opened()).observations(query)
  }

  async records(query: RecordQuery) {
    return (await this.#opened()).records(query)
  }

  async recordsAt(query: PivotQuery) {
    return (await this.#opened()).recordsAt(query)
  }

  async changes(query: ChangeQuery) {
    return (await this.#opened()).changes(query)
  }

  async newAddresses(query: NewAddressQuery) {
    return (await this.#opened()).newAddresses(query)
  }

  async life(address: string) {
    return (await this.#opened()).life(address)
  }

  async statistics(query: DayQuery) {
    return (await this.#opened()).statistics(query)
  }

  async prune(olderThanMs: number) {
    return (await this.#opened()).prune(olderThanMs)
  }

  async check(): Promise<HistoryCheck> {
    try {
      return await (await this.#opened()).check()
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Whatever is being opened is let go of too. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      const store = this.#store ?? (await this.#opening?.catch(() => null))
      await store?.close()
    })()
    return this.#closed
  }

  async #opened(): Promise<HistoryStore> {
    if (this.#closed) throw new FluxError('FLUX_DRAINING', 'The history is closed')
    if (this.#store) return this.#store
    if (this.#failure && performance.now() - this.#failure.at < this.#retryMs) throw this.#failure.error
    this.#opening ??= this.#attempt().finally(() => (this.#opening = null))
    return this.#opening
  }

  async #attempt(): Promise<HistoryStore> {
    try {
      this.#store = await this.#open()
      return this.#store
    } catch (error) {
      this.#failure = { error, at: performance.now() }
      throw error
    }
  }
}
