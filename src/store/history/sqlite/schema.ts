// The SQLite schema and how an older file becomes today's: forward migrations, counted in `user_version`.
import type { DatabaseSync } from 'node:sqlite'

/**
 * Step n brings a file from `user_version` n to n + 1. A step that was released is never changed; a new one is added.
 *
 * 0 → 1: `answer`, `authority` and `additional` are JSON arrays of `[name, type, ttlSeconds, data]`. The index over
 * (target, at, id) serves every page in its order; the one over (at) serves pruning.
 * 1 → 2: what else a reply said, NULL where it did not. `authoritative` is 0 or 1, `extended_errors` a JSON array of
 * `[code, text]`, `server` a JSON array `[name, address]`.
 */
export const MIGRATIONS: readonly string[] = [
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
]

/**
 * Brings the schema up to date, all steps or none. Two processes may do it at once: the second waits and finds nothing
 * left to do. Throws for a file that a newer fluxwatch made, and leaves it untouched.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  if (schemaVersion(database) === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = schemaVersion(database)
    if (version > migrations.length) {
      throw new Error(
        `the history file has schema ${version}, this fluxwatch knows ${migrations.length}: it was made by a newer version`,
      )
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}
