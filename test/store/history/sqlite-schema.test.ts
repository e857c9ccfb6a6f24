import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pageSql, readRows } from '../../../src/store/history/sqlite/observation-page.ts'
import { INSERT_SQL, toRow } from '../../../src/store/history/sqlite/observation-row.ts'
import { MIGRATIONS, migrate, schemaVersion } from '../../../src/store/history/sqlite/schema.ts'
import { sampleObservation } from './sample-observations.ts'

let database: DatabaseSync
beforeEach(() => {
  database = new DatabaseSync(':memory:')
})
afterEach(() => database.close())

function tables(): unknown[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
  return rows.map((row) => row['name'])
}

function planOf(changes: Partial<Parameters<typeof pageSql>[0]>): string {
  migrate(database)
  const { sql, values } = pageSql({
    targets: ['host:a.example'],
    from: null,
    to: null,
    vantage: null,
    type: null,
    after: null,
    limit: 10,
    ...changes,
  })
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
  return steps.map((step) => String(step['detail'])).join('\n')
}

describe('migrations', () => {
  test('bring an empty file from version 0 to the newest', () => {
    expect(schemaVersion(database)).toBe(0)
    migrate(database)
    expect(schemaVersion(database)).toBe(MIGRATIONS.length)
    expect(tables()).toStrictEqual(['observation'])
  })

  test('run only the steps that are missing, in order, and keep the rows', () => {
    const steps = ['CREATE TABLE first (n INTEGER)', 'ALTER TABLE first ADD COLUMN m INTEGER DEFAULT 5']
    migrate(database, steps.slice(0, 1))
    database.exec('INSERT INTO first VALUES (1)')
    migrate(database, steps)
    migrate(database, steps)
    expect({ ...database.prepare('SELECT * FROM first').get() }).toStrictEqual({ n: 1, m: 5 })
    expect(schemaVersion(database)).toBe(2)
  })

  test('read the rows of a file of schema 1 as they were, and take new ones beside them', () => {
    migrate(database, MIGRATIONS.slice(0, 1))
    database.exec(`INSERT INTO observation
      (id, target, round, at, vantage, qname, qtype, outcome, failure, rcode, rtt_ms, answer, authority, additional)
      VALUES ('old', 'host:a.example', 1, 5, 'quad9', 'a.example', 'A', 'answer', NULL, 'NOERROR', 1.5,
        '[["a.example","A",60,"192.0.2.1"]]', '[]', '[]')`)
    migrate(database)
    const fresh = sampleObservation(0, {
      target: 'host:a.example',
      freshness: 'cached',
      authoritative: false,
    })
    database.prepare(INSERT_SQL).run(...toRow(fresh))
    expect(schemaVersion(database)).toBe(2)
    const query = { targets: ['host:a.example'] as const, from: null, to: null, vantage: null, type: null }
    expect(readRows(database, { ...query, after: null, limit: 10 })).toStrictEqual([
      {
        id: 'old',
        target: 'host:a.example',
        round: 1,
        at: 5,
        vantage: 'quad9',
        qname: 'a.example',
        qtype: 'A',
        outcome: 'answer',
        rcode: 'NOERROR',
        rttMs: 1.5,
        answer: [{ name: 'a.example', type: 'A', ttlSeconds: 60, data: '192.0.2.1' }],
        authority: [],
        additional: [],
      },
      fresh,
    ])
  })

  test('that fail leave the file as it was', () => {
    migrate(database, ['CREATE TABLE first (n INTEGER)'])
    const steps = ['CREATE TABLE first (n INTEGER)', 'CREATE TABLE second (n INTEGER)', 'CREATE nonsense']
    expect(() => migrate(database, steps)).toThrow('syntax error')
    expect(schemaVersion(database)).toBe(1)
    expect(tables()).toStrictEqual(['first'])
  })

  test('refuse a file of a newer version and leave it alone', () => {
    database.exec('PRAGMA user_version = 99')
    expect(() => migrate(database)).toThrow('made by a newer version')
    expect(schemaVersion(database)).toBe(99)
    expect(tables()).toStrictEqual([])
  })
})

describe('a page', () => {
  test('of one target is read along the index, without sorting', () => {
    expect(planOf({ vantage: 'quad9', type: 'A' })).toBe(
      'SEARCH observation USING INDEX observation_by_target (target=?)',
    )
  })

  test('deep in a series starts at its place', () => {
    expect(planOf({ after: { at: 5, id: 'x' }, from: 3, to: 9 })).toBe(
      'SEARCH observation USING INDEX observation_by_target (target=? AND (at,id)>(?,?) AND at<?)',
    )
  })

  test('of several targets is merged while it is read, never sorted as a whole', () => {
    const plan = planOf({ targets: ['host:a.example', 'host:b.example', 'zone:b.example'] })
    expect(plan).toContain('MERGE (UNION ALL)')
    expect(plan).not.toContain('TEMP B-TREE')
    expect(plan).not.toContain('SCAN')
  })
})
