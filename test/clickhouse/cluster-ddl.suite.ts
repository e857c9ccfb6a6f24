// No cluster runs here: the statements for one are read and parsed, not run.
import { afterAll, describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../src/store/history/clickhouse/schema.ts'
import { KEPT_TABLES } from '../../src/store/history/clickhouse/table-names.ts'
import { engine } from './embedded-engine.ts'

afterAll(() => engine.close())

const place = { database: 'fluxwatch', cluster: 'main-cluster' }
const statements = MIGRATIONS.flatMap((step) => step(place))

describe('the statements for a cluster', () => {
  test('are read by the engine, each of them', async () => {
    for (const statement of statements) {
      const [row] = await engine.rows<[string]>('SELECT formatQuery({statement:String})', { statement })
      expect(row![0]).toContain('ON CLUSTER')
    }
  })

  test('all run on every server, and can be run again', () => {
    for (const statement of statements) {
      expect(statement).toMatch(
        /^CREATE (TABLE|MATERIALIZED VIEW) IF NOT EXISTS \S+ ON CLUSTER `main-cluster` /,
      )
    }
  })

  test('replicate every table that keeps rows, and spread it by what must meet', () => {
    for (const name of KEPT_TABLES) {
      const local = statements.find((statement) =>
        statement.includes(`\`fluxwatch\`.${name}_local ON CLUSTER`),
      )
      expect(local).toMatch(
        new RegExp(
          `ENGINE = Replicated\\w+MergeTree\\('/clickhouse/tables/\\{shard\\}/fluxwatch/${name}', '\\{replica\\}'`,
        ),
      )
      const spread = statements.find((statement) => statement.includes(`\`fluxwatch\`.${name} ON CLUSTER`))
      expect(spread).toMatch(
        new RegExp(
          `ENGINE = Distributed\\(\`main-cluster\`, \`fluxwatch\`, ${name}_local, cityHash64\\(\\w+(, \\w+)*\\)\\)`,
        ),
      )
    }
  })

  test('lead every view from what comes in to a distributed table', () => {
    const views = statements.filter((statement) => statement.startsWith('CREATE MATERIALIZED VIEW'))
    expect(views.length).toBeGreaterThan(0)
    for (const view of views) {
      expect(view).toMatch(/ TO `fluxwatch`\.\w+ AS /)
      expect(view).not.toContain('_local')
    }
  })
})
