import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entriesOf, roundsUntil } from '../../bench/history/entries.ts'
import { ExpectedTally, type Tally } from '../../bench/history/tally.ts'
import { ROWS_A_NAME, World } from '../../bench/history/world.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { partitionOf } from '../../src/store/keys.ts'

const BENCH = join(import.meta.dirname, '..', '..', 'bench', 'history.ts')

function rowsOf(names: number, rows: number): StoredObservation[] {
  return [...roundsUntil(new World({ names, days: 60 }).rounds(), rows)].flat()
}

describe('the bench of history', () => {
  test('runs from the rows to the table, with answers to every question', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'fw-history-bench-'))
    try {
      const parts = 'historian,size,questions,clickhouse'
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [BENCH, '--quick', '--only', parts, '--folder', folder, '--engine', folder],
        { encoding: 'utf8' },
      )
      expect(stderr).not.toContain('Error')
      expect(status).toBe(0)
      expect(stdout).toContain('CPU of the SQLite historian / bare prepared inserts')
      expect(stdout).toContain('not installed: scripts/test-clickhouse does it')
      const items = [
        ...stdout.matchAll(/^\| (series|records|names|new|what changed|life|daily).*\| (\d+) +\|$/gm),
      ]
      expect(items.length).toBeGreaterThanOrEqual(24)
      // Nothing is measured of a question that finds nothing; a few cannot find much in so small a world.
      expect(items.filter(([, , count]) => Number(count) > 0).length).toBeGreaterThanOrEqual(20)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('has a world that is the same each time, with as many rows a name as it says', () => {
    const world = () => new World({ names: 80, days: 60 }).rounds()
    const rows = [...world()].flat()
    expect(rows.length / 80).toBeGreaterThan(ROWS_A_NAME * 0.75)
    expect(rows.length / 80).toBeLessThan(ROWS_A_NAME * 1.25)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(JSON.stringify([...world()].flat()) === JSON.stringify(rows)).toBe(true)
  })

  test('hands the rows on as entries of the stream of their partition, each once and in order', () => {
    const rows = rowsOf(50, 3000)
    const entries = [...entriesOf(roundsUntil(new World({ names: 50, days: 60 }).rounds(), 3000))]
    const read = entries.flatMap(({ payload }) => observationsOfEntry(payload))
    expect(read.map(({ id }) => id).toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
    for (const { partition, payload, rows: count } of entries) {
      const own = observationsOfEntry(payload)
      expect(own).toHaveLength(count)
      expect(new Set(own.map(({ target }) => partitionOf(target.slice(5))))).toEqual(new Set([partition]))
    }
  })

  test('sees in its digests a row that is lost, doubled or changed, and no other order', () => {
    const rows = rowsOf(5, 200)
    const tallyOf = (some: readonly StoredObservation[]): Tally => {
      const tally = new ExpectedTally()
      tally.add(some)
      return tally.tally()
    }
    const whole = tallyOf(rows)
    expect(tallyOf(rows.toReversed())).toEqual(whole)
    const lost = tallyOf(rows.slice(1))
    const doubled = tallyOf([...rows, rows[0]!])
    const changed = tallyOf(rows.with(7, { ...rows[7]!, rttMs: rows[7]!.rttMs + 0.001 }))
    for (const tally of [lost, doubled, changed]) {
      expect(tally.observationsDigest).not.toBe(whole.observationsDigest)
    }
    for (const tally of [lost, doubled]) expect(tally.recordsDigest).not.toBe(whole.recordsDigest)
  })
})
