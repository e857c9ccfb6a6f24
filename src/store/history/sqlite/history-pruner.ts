// Removes what is older than is kept, in slices: each is a short transaction and tells where the next one goes on, so that appends
// and questions of all processes get in between. Nothing is indexed by time for it: every table is walked in its own order.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { inTransaction } from './transaction.ts'

const MS_A_DAY = 86_400_000
/** Observations that a slice removes, and targets that it looks at. */
const REMOVED_A_SLICE = 2_000
const TARGETS_A_SLICE = 2_000
/** Rows of other tables that a slice walks along. */
const WALKED_A_SLICE = 10_000

/** Where a slice begins. */
export type PrunePlace =
  | { readonly in: 'observation'; readonly target: number }
  | { readonly in: 'rrset'; readonly after: readonly [name: number, type: number, data: Uint8Array | bigint] }
  | { readonly in: 'address_hours'; readonly after: readonly [address: Uint8Array, day: number] }
  | { readonly in: 'day' }

export const PRUNE_START: PrunePlace = { in: 'observation', target: 0 }
const FIRST_RECORD: PrunePlace = { in: 'rrset', after: [0, 0, -1n] }
const FIRST_HOURS: PrunePlace = { in: 'address_hours', after: [new Uint8Array(0), 0] }

export interface PrunedSlice {
  /** Observations. */
  readonly removed: number
  /** Null when all is done. */
  readonly next: PrunePlace | null
}

export class HistoryPruner {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  slice(olderThanMs: number, place: PrunePlace): PrunedSlice {
    return inTransaction(this.#database, () => {
      if (place.in === 'observation') return this.#observations(olderThanMs, place.target)
      if (place.in === 'rrset') return { removed: 0, next: this.#records(olderThanMs, place.after) }
      if (place.in === 'address_hours') return { removed: 0, next: this.#hours(olderThanMs, place.after) }
      this.#of('DELETE FROM day WHERE day < ?').run(Math.floor(olderThanMs / MS_A_DAY))
      return { removed: 0, next: null }
    })
  }

  /** Of each target the rows at its beginning. */
  #observations(olderThanMs: number, from: number): PrunedSlice {
    const oldest = this.#of(
      'SELECT target, at FROM observation WHERE target >= ? ORDER BY target, at LIMIT 1',
    )
    const end = this.#of(
      'SELECT at, key FROM observation WHERE target = ? AND at < ? ORDER BY at, key LIMIT 1 OFFSET ?',
    )
    const upTo = this.#of('DELETE FROM observation WHERE target = ? AND (at, key) <= (?, ?)')
    const all = this.#of('DELETE FROM observation WHERE target = ? AND at < ?')
    let target = from
    let removed = 0
    for (let looks = 0; looks < TARGETS_A_SLICE; looks += 1) {
      const row = oldest.get(target)
      if (row === undefined) return { removed, next: FIRST_RECORD }
      target = row['target'] as number
      if ((row['at'] as number) < olderThanMs) {
        const left = REMOVED_A_SLICE - removed
        const last = end.get(target, olderThanMs, left - 1)
        if (last !== undefined) {
          upTo.run(target, last['at']!, last['key']!)
          return { removed: removed + left, next: { in: 'observation', target } }
        }
        removed += Number(all.run(target, olderThanMs).changes)
      }
      target += 1
    }
    return { removed, next: { in: 'observation', target } }
  }

  /** Records that were last seen before, and owners and addresses that have none left. */
  #records(
    olderThanMs: number,
    after: readonly [name: number, type: number, data: Uint8Array | bigint],
  ): PrunePlace {
    const end = this.#of(
      `SELECT name, type, data FROM rrset WHERE (name, type, data) > (?, ?, ?)
       ORDER BY name, type, data LIMIT 1 OFFSET ${WALKED_A_SLICE}`,
    ).get(...after)
    const walk = 'SELECT name, type, data FROM rrset WHERE (name, type, data) > (?, ?, ?) AND last_seen < ?'
    const key = end === undefined ? null : ([end['name'], end['type'], datum(end['data'])] as typeof after)
    const old =
      key === null
        ? this.#of(walk).all(...after, olderThanMs)
        : this.#of(`${walk} AND (name, type, data) <= (?, ?, ?)`).all(...after, olderThanMs, ...key)
    for (const { name, type, data } of old) {
      this.#of('DELETE FROM rrset WHERE name = ? AND type = ? AND data = ?').run(name!, type!, datum(data))
      this.#of('DELETE FROM owner WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM rrset WHERE name = ?1)').run(
        name!,
      )
      if (data instanceof Uint8Array) this.#forgetAddress(data)
    }
    return key === null ? FIRST_HOURS : { in: 'rrset', after: key }
  }

  #forgetAddress(address: Uint8Array): void {
    const gone = this.#of(
      'DELETE FROM address WHERE address = ?1 AND NOT EXISTS (SELECT 1 FROM rrset WHERE data = ?1)',
    ).run(address)
    if (gone.changes !== 0) this.#of('DELETE FROM address_hours WHERE address = ?').run(address)
  }

  /** Hours of days that were over before. */
  #hours(olderThanMs: number, after: readonly [address: Uint8Array, day: number]): PrunePlace {
    const end = this.#of(
      `SELECT address, day FROM address_hours WHERE (address, day) > (?, ?)
       ORDER BY address, day LIMIT 1 OFFSET ${WALKED_A_SLICE}`,
    ).get(...after)
    const remove = 'DELETE FROM address_hours WHERE (address, day) > (?, ?) AND day < ?'
    const day = Math.floor(olderThanMs / MS_A_DAY)
    const key = end === undefined ? null : ([end['address'], end['day']] as unknown as typeof after)
    if (key === null) this.#of(remove).run(...after, day)
    else this.#of(`${remove} AND (address, day) <= (?, ?)`).run(...after, day, ...key)
    return key === null ? { in: 'day' } : { in: 'address_hours', after: key }
  }

  #of(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** A BigInt is bound as an integer, where the column takes anything. */
function datum(data: unknown): Uint8Array | bigint {
  return typeof data === 'number' ? BigInt(data) : (data as Uint8Array)
}
