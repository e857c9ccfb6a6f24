// What a file that several processes share must withstand: one of them killed, several writing at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeSqlitePlace } from './temporary-history.ts'
import { sampleObservations } from './sample-observations.ts'

const SCRIPT = fileURLToPath(new URL('./appending-process.ts', import.meta.url))

let place: Awaited<ReturnType<typeof makeSqlitePlace>>
beforeEach(async () => {
  place = await makeSqlitePlace()
})
afterEach(() => place.remove())

function startAppending(target: string, batches: number, rows: number) {
  const child = spawn(process.execPath, [SCRIPT, place.path, target, String(batches), String(rows)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, ended: once(child, 'exit'), acknowledged: createInterface({ input: child.stdout }) }
}

/** Read past the store, so that a fault of its queries cannot hide a missing row. */
function countRows(target: string): { rows: number; distinct: number } {
  const database = new DatabaseSync(place.path)
  const { rows, ids } = database
    .prepare(
      `SELECT count(*) AS rows, count(DISTINCT round) AS ids FROM observation
       WHERE target = 2 * (SELECT ref FROM text WHERE text = ?)`,
    )
    .get(target.slice('host:'.length)) as { rows: number; ids: number }
  expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
  database.close()
  return { rows, distinct: ids }
}

describe('a SQLite history shared by processes', () => {
  // Batches of one slice and of several, killed early and late.
  test.each([
    { rows: 100, killAfter: 1 },
    { rows: 100, killAfter: 40 },
    { rows: 1700, killAfter: 6 },
  ])(
    'has every acknowledged batch of $rows rows exactly once after kill -9 at batch $killAfter',
    async ({ rows, killAfter }) => {
      const { child, ended, acknowledged } = startAppending('host:killed.example', 100_000, rows)
      let batches = 0
      for await (const line of acknowledged) {
        expect(Number(line)).toBe(batches)
        batches += 1
        if (batches === killAfter) child.kill('SIGKILL')
      }
      expect(await ended).toStrictEqual([null, 'SIGKILL'])
      expect(batches).toBeGreaterThanOrEqual(killAfter)

      const store = await place.open()
      const kept = countRows('host:killed.example')
      expect(kept.distinct).toBe(kept.rows)
      expect(kept.rows).toBeGreaterThanOrEqual(batches * rows)
      expect(kept.rows).toBeLessThanOrEqual((batches + 1) * rows)
      // What the kill cut was never acknowledged, so it is replayed; here together with the batch before it.
      const replayed = sampleObservations((batches + 1) * rows, { target: 'host:killed.example' })
      await store.append(replayed.slice((batches - 1) * rows))
      expect(countRows('host:killed.example').rows).toBe((batches + 1) * rows)
      await store.close()
    },
  )

  test('takes the appends of three processes at once, all of them creating the file', async () => {
    const targets = ['host:one.example', 'host:two.example', 'host:three.example']
    const children = targets.map((target) => startAppending(target, 30, 200))
    for (const { child } of children) child.stdout.resume()
    expect(await Promise.all(children.map(({ ended }) => ended))).toStrictEqual(targets.map(() => [0, null]))
    for (const target of targets) expect(countRows(target)).toStrictEqual({ rows: 6000, distinct: 6000 })
  })

  test('is set up by six that open it at the same moment, again and again', async () => {
    // Two of them now and then upgrade their locks at once, which SQLite refuses without waiting.
    for (let round = 0; round < 5; round++) {
      const fresh = await makeSqlitePlace()
      const stores = await Promise.all(Array.from({ length: 6 }, () => fresh.open()))
      for (const store of stores) expect(await store.check()).toMatchObject({ ok: true })
      await Promise.all(stores.map((store) => store.close()))
      await fresh.remove()
    }
  })
})
