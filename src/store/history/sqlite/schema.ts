// The SQLite schema and how an older file becomes today's: forward migrations, counted in `user_version`.
import type { DatabaseSync } from 'node:sqlite'
import { toSchema3 } from './to-schema-3.ts'
import { inTransaction } from './transaction.ts'

/** SQL, or what else must be done; inside one transaction. */
export type MigrationStep = string | ((database: DatabaseSync) => void)

/**
 * Step n brings a file from `user_version` n to n + 1. A step that was released is never changed; a new one is added.
 *
 * 0 → 1: `answer`, `authority` and `additional` are JSON arrays of `[name, type, ttlSeconds, data]`. The index over
 * (target, at, id) serves every page in its order; the one over (at) serves pruning.
 * 1 → 2: what else a reply said, NULL where it did not. `authoritative` is 0 or 1, `extended_errors` a JSON array of
 * `[code, text]`, `server` a JSON array `[name, address]`.
 * 2 → 3: the tables of schema-3.ts.
 */
export const MIGRATIONS: readonly MigrationStep[] = [
  `CREATE TABLE observation (
     row_number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     target TEXT NOT NULL,
     round INTEGER NOT NULL,
     at INTEGER NOT NULL,
     vantage TEXT NOT NULL,
     qname TEXT NOT NULL,
     qtype TEXT NOT NULL,
     outcome TEXT NOT NULL,
     failure TEXT,
     rcode TEXT NOT NULL,
     rtt_ms REAL NOT NULL,
     answer TEXT NOT NULL,
     authority TEXT NOT NULL,
     additional TEXT NOT NULL
   ) STRICT;
   CREATE INDEX observation_by_target ON observation (target, at, id);
   CREATE INDEX observation_by_time ON observation (at);`,
  `ALTER TABLE observation ADD COLUMN authoritative INTEGER;
   ALTER TABLE observation ADD COLUMN client_subnet_scope INTEGER;
   ALTER TABLE observation ADD COLUMN extended_errors TEXT;
   ALTER TABLE observation ADD COLUMN server TEXT;
   ALTER TABLE observation ADD COLUMN side TEXT;
   ALTER TABLE observation ADD COLUMN freshness TEXT;`,
  toSchema3,
]

/**
 * Brings the schema up to date, all steps or none, and answers the version that the file had. Two processes may do it at once:
 * the second waits and finds nothing left to do. Throws for a file that a newer fluxwatch made, and leaves it untouched.
 */
export function migrate(database: DatabaseSync, migrations: readonly MigrationStep[] = MIGRATIONS): number {
  if (schemaVersion(database) === migrations.length) return migrations.length
  return inTransaction(database, () => {
    const version = schemaVersion(database)
    if (version > migrations.length) {
      throw new Error(
        `the history file has schema ${version}, this fluxwatch knows ${migrations.length}: it was made by a newer version`,
      )
    }
    for (const step of migrations.slice(version)) {
      if (typeof step === 'string') database.exec(step)
      else step(database)
    }
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    return version
  })
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}
