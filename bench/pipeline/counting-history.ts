// A history that counts the rounds that reach it, and keeps them only where it is given a store that does. So the bench knows
// when a lap is over and whether its answers were right, without asking anybody.
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { AddressLife, AddressPlace } from '../../src/core/model/seen-record.ts'
import type { Page } from '../../src/core/model/watch.ts'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import type { HistoryCheck, HistoryStore } from '../../src/store/history/history-store.ts'

export interface Counted {
  readonly rounds: number
  /** Observations that are no answer: the authority answers every question of a lap. */
  readonly unanswered: number
}

const NO_PAGE: Page<never> = { items: [], next: null }

export class CountingHistory implements HistoryStore {
  readonly #kept: HistoryStore | null
  readonly #onRounds: (counted: Counted) => void

  /** `onRounds` is called after each batch, with what was in it. */
  constructor(kept: HistoryStore | null, onRounds: (counted: Counted) => void) {
    this.#kept = kept
    this.#onRounds = onRounds
  }

  async append(rows: readonly StoredObservation[]): Promise<void> {
    await this.#kept?.append(rows)
    this.#count(rows)
  }

  async appendEntries(entries: readonly Uint8Array[]): Promise<void> {
    await this.#kept?.appendEntries(entries)
    this.#count(entries.flatMap(observationsOfEntry))
  }

  #count(rows: readonly StoredObservation[]): void {
    let rounds = 0
    let unanswered = 0
    // The rows of a round stand together.
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1]
      if (before?.target !== row.target || before.round !== row.round) rounds += 1
      if (row.outcome !== 'answer') unanswered += 1
    }
    this.#onRounds({ rounds, unanswered })
  }

  async unplaced(limit: number): Promise<readonly string[]> {
    return this.#kept ? this.#kept.unplaced(limit) : []
  }

  async place(places: readonly AddressPlace[]): Promise<void> {
    await this.#kept?.place(places)
  }

  readonly observations: HistoryStore['observations'] = async (query) =>
    (await this.#kept?.observations(query)) ?? NO_PAGE
  readonly records: HistoryStore['records'] = async (query) => (await this.#kept?.records(query)) ?? NO_PAGE
  readonly recordsAt: HistoryStore['recordsAt'] = async (query) =>
    (await this.#kept?.recordsAt(query)) ?? NO_PAGE
  readonly changes: HistoryStore['changes'] = async (query) => (await this.#kept?.changes(query)) ?? NO_PAGE
  readonly newAddresses: HistoryStore['newAddresses'] = async (query) =>
    (await this.#kept?.newAddresses(query)) ?? NO_PAGE
  readonly statistics: HistoryStore['statistics'] = async (query) =>
    (await this.#kept?.statistics(query)) ?? NO_PAGE

  async life(address: string): Promise<AddressLife | null> {
    return this.#kept ? this.#kept.life(address) : null
  }

  async prune(olderThanMs: number): Promise<number> {
    return (await this.#kept?.prune(olderThanMs)) ?? 0
  }

  async check(): Promise<HistoryCheck> {
    return this.#kept ? this.#kept.check() : { ok: true, detail: 'nothing is kept' }
  }

  async close(): Promise<void> {
    await this.#kept?.close()
  }
}
