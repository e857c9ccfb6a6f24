// The prepared statements of one open file, each made when it is first used. Statements that are made anew for each question would
// cost more than many questions do.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { RecentMap } from './recent-map.ts'

const MOST_KEPT = 256

export class Statements {
  readonly #database: DatabaseSync
  readonly #kept = new RecentMap<string, StatementSync>(MOST_KEPT)

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** One that nobody else is reading from: a statement has one result at a time. */
  of(sql: string): StatementSync {
    let statement = this.#kept.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#kept.set(sql, statement)
    }
    return statement
  }
}
