import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HistoryReader } from '../../../src/store/history/sqlite/history-reader.ts'
import { HistoryWriter } from '../../../src/store/history/sqlite/history-writer.ts'
import { pageSql } from '../../../src/store/history/sqlite/observation-page.ts'
import { MIGRATIONS, migrate, schemaVersion } from '../../../src/store/history/sqlite/schema.ts'
import type { StoredObservation } from '../../../src/core/model/observation.ts'
import { sampleObservations } from './sample-observations.ts'

let database: DatabaseSync
beforeEach(() => {
  database = new DatabaseSync(':memory:')
})
afterEach(() => database.close())

function tables(): unknown[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
  return rows.map((row) => row['name']).filter((name) => !String(name).startsWith('sqlite_'))
}

/** A row as schemas 1 and 2 had it. */
function insertOld(row: StoredObservation): void {
  const records = (list: StoredObservation['answer']) =>
    JSON.stringify(list.map(({ name, type, ttlSeconds, data }) => [name, type, ttlSeconds, data]))
  database
    .prepare(
      `INSERT INTO observation (id, target, round, at, vantage, qname, qtype, outcome, failure, rcode, rtt_ms,
         answer, authority, additional) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      row.id,
      row.target,
      row.round,
      row.at,
      row.vantage,
      row.qname,
      row.qtype,
      row.outcome,
      row.failure ?? null,
      row.rcode,
      row.rttMs,
      records(row.answer),
      records(row.authority),
      records(row.additional),
    )
}

function read(target: StoredObservation['target']) {
  const query = { targets: [target], from: null, to: null, vantage: null, type: null, everyMs: null }
  return new HistoryReader(database).observations({ ...query, after: null, limit: 10_000 }).items
}

describe('migrations', () => {
  test('bring an empty file from version 0 to the newest', () => {
    expect(schemaVersion(database)).toBe(0)
    expect(migrate(database)).toBe(0)
    expect(schemaVersion(database)).toBe(MIGRATIONS.length)
    expect(tables()).toStrictEqual([
      'address',
      'address_hours',
      'day',
      'form',
      'observation',
      'owner',
      'rrset',
      'text',
      'vantage',
    ])
  })

  test('run only the steps that are missing, in order, and keep the rows', () => {
    const steps = [
      'CREATE TABLE first (n INTEGER)',
      (file: DatabaseSync) => file.exec('ALTER TABLE first ADD COLUMN m INTEGER DEFAULT 5'),
    ]
    migrate(database, steps.slice(0, 1))
    database.exec('INSERT INTO first VALUES (1)')
    migrate(database, steps)
    migrate(database, steps)
    expect({ ...database.prepare('SELECT * FROM first').get() }).toStrictEqual({ n: 1, m: 5 })
    expect(schemaVersion(database)).toBe(2)
  })

  // More than one batch of them, of two targets.
  const old = [...sampleObservations(2500), ...sampleObservations(700, { target: 'zone:flux.example' })]

  test.each([1, 2])('read the rows of a filled file of schema %i as they were, and count them', (version) => {
    migrate(database, MIGRATIONS.slice(0, version))
    database.exec('BEGIN')
    for (const row of old.toReversed()) insertOld(row)
    database.exec('COMMIT')
    const said: Partial<StoredObservation> =
      version === 1
        ? {}
        : {
            freshness: 'cached',
            authoritative: false,
            clientSubnetScope: 24,
            extendedErrors: [{ code: 18, text: '"' }],
            server: { name: 'ns1.flux.example', address: '192.0.2.1' },
            side: 'parent',
          }
    if (version === 2) {
      database.exec(`UPDATE observation SET freshness = 'cached', authoritative = 0, client_subnet_scope = 24,
        extended_errors = '[[18,"\\""]]', server = '["ns1.flux.example","192.0.2.1"]', side = 'parent'`)
    }
    expect(migrate(database)).toBe(version)
    expect(tables()).not.toContain('observation_2')
    const [host, zone] = [old.slice(0, 2500), old.slice(2500)]
    expect(read('host:www.flux.example')).toStrictEqual(host.map((row) => ({ ...row, ...said })))
    expect(read('zone:flux.example')).toStrictEqual(zone.map((row) => ({ ...row, ...said })))

    const page = { after: null, limit: 1000 }
    const reader = new HistoryReader(database)
    const answered = host.filter(({ outcome }) => outcome === 'answer')
    const addresses = reader.records({ name: 'www.flux.example', type: null, seenSince: null, ...page }).items
    expect(addresses.reduce((sum, { count }) => sum + count, 0)).toBe(answered.length)
    expect(addresses).toHaveLength(
      new Set(answered.map(({ qtype, answer }) => `${qtype} ${answer[0]!.data}`)).size,
    )
    const [days] = reader.statistics({ from: null, to: null, ...page })
    expect(days).toMatchObject({ answer: 1875 + 525, failed: 625 + 175, newNames: 3 })
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
  })

  test('that fail leave the file as it was', () => {
    migrate(database, ['CREATE TABLE first (n INTEGER)'])
    const steps = ['CREATE TABLE first (n INTEGER)', 'CREATE TABLE second (n INTEGER)', 'CREATE nonsense']
    expect(() => migrate(database, steps)).toThrow('syntax error')
    expect(schemaVersion(database)).toBe(1)
    expect(tables()).toStrictEqual(['first'])
  })

  test('that meet a row which cannot be read leave all rows where they were', () => {
    migrate(database, MIGRATIONS.slice(0, 2))
    for (const row of old.slice(0, 10)) insertOld(row)
    database.exec("UPDATE observation SET answer = 'no JSON' WHERE round = 7")
    expect(() => migrate(database)).toThrow('JSON')
    expect(schemaVersion(database)).toBe(2)
    expect(tables()).toStrictEqual(['observation'])
    expect(database.prepare('SELECT count(*) AS rows FROM observation').get()).toMatchObject({ rows: 10 })
  })

  test('refuse a file of a newer version and leave it alone', () => {
    database.exec('PRAGMA user_version = 99')
    expect(() => migrate(database)).toThrow('made by a newer version')
    expect(schemaVersion(database)).toBe(99)
    expect(tables()).toStrictEqual([])
  })
})

describe('a file', () => {
  test('can be read by a person, through its views', () => {
    migrate(database)
    new HistoryWriter(database).append(sampleObservations(1))
    expect({ ...database.prepare('SELECT * FROM observation_readable').get() }).toStrictEqual({
      target: 'host:www.flux.example',
      at: '2026-01-01T00:00:00.000Z',
      round: 1,
      vantage: 'quad9',
      qname: 'www.flux.example',
      qtype: 'A',
      outcome: 'answer',
      failure: '',
      rcode: 'NOERROR',
      freshness: '',
      authoritative: '',
      side: '',
      rtt_ms: 10.5,
      answer: '[[0,"A",180,"192.0.2.0"]]',
      authority: '[["flux.example","NS",300,"ns1.flux.example"]]',
      additional: '[["ns1.flux.example","A",172800,"198.51.100.1"]]',
      more: '{"id":"host:www.flux.example/0/quad9/A"}',
    })
    const seen = database.prepare('SELECT name, type, data, count FROM rrset_readable ORDER BY name').all()
    expect(seen.map((row) => Object.values(row).join(' '))).toStrictEqual([
      'flux.example NS ns1.flux.example 1',
      'ns1.flux.example A C6336401 1',
      'www.flux.example A C0000200 1',
    ])
  })
})

describe('a page', () => {
  function planOf(changes: Partial<Parameters<typeof pageSql>[0]>): string {
    migrate(database)
    const { sql, values } = pageSql({
      targets: [2],
      from: null,
      to: null,
      vantage: null,
      type: null,
      everyMs: null,
      after: null,
      limit: 10,
      ...changes,
    })
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
    return steps.map((step) => String(step['detail'])).join('\n')
  }

  test('of one target is read along the table, without sorting', () => {
    const plan = planOf({ vantage: 'quad9', type: 'A' })
    expect(plan).toContain('SEARCH observation USING PRIMARY KEY (target=?)')
    expect(plan).not.toContain('TEMP B-TREE')
  })

  test('deep in a series starts at its place', () => {
    expect(planOf({ after: { at: 5, target: 2, key: 7 }, from: 3, to: 9 })).toBe(
      'SEARCH observation USING PRIMARY KEY (target=? AND (at,key)>(?,?) AND at<?)',
    )
  })

  test('of several targets is merged while it is read, never sorted as a whole', () => {
    const plan = planOf({ targets: [2, 4, 7], after: { at: 5, target: 4, key: 7 } })
    expect(plan).toContain('MERGE (UNION ALL)')
    expect(plan).not.toContain('TEMP B-TREE')
    expect(plan).not.toContain('SCAN')
  })
})
