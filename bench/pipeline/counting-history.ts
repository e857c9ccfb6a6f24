// A history that counts the rounds that reach it, and keeps them only where it is given a store that does. So the bench knows
// when a lap is over and whether its answers were right, without asking anybody.
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { Page } from '../../src/core/model/watch.ts'
import type { HistoryCheck, HistoryStore } from '../../src/store/history/history-store.ts'

export interface Counted {
  readonly rounds: number
  /** Observations that are no answer: the authority answers every question of a lap. */
  readonly unanswered: number
}

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

  async observations(...query: Parameters<HistoryStore['observations']>): Promise<Page<StoredObservation>> {
    return this.#kept ? this.#kept.observations(...query) : { items: [], next: null }
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
