// A SQLite history of many observations of the bench's world, made once and kept outside of the checkout: making ten million takes
// minutes.
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AddressPlacer } from '../../src/queue/address-placer.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import { MIGRATIONS } from '../../src/store/history/sqlite/schema.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { entriesOf, roundsUntil } from './entries.ts'
import { ROWS_A_NAME, World, WORLD_ENRICHMENT } from './world.ts'

/** Another number for another world: what was kept is made anew. */
const WORLD_VERSION = 1
const OCTETS_AN_APPEND = 512 * 1024

export interface LargeFile {
  readonly path: string
  readonly world: World
  readonly rows: number
  readonly octets: number
}

/** `folder`: where it is kept; null: under the system's folder for what may go. */
export async function largeFile(
  rows: number,
  folder: string | null,
  progress: (line: string) => void,
): Promise<LargeFile> {
  const place = folder ?? join(tmpdir(), 'fluxwatch-bench-history')
  mkdirSync(place, { recursive: true })
  const path = join(place, `world-${WORLD_VERSION}-schema-${MIGRATIONS.length}-${rows}.sqlite`)
  const world = worldOf(rows)
  if (!existsSync(path)) {
    const partial = `${path}.partial`
    for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true })
    const startedAt = performance.now()
    const history = await openSqliteHistory(partial)
    await fillHistory(history, world, rows, progress)
    await history.close()
    progress(`${rows.toLocaleString('en')} rows in ${Math.round((performance.now() - startedAt) / 1000)} s`)
    renameSync(partial, path)
  }
  return { path, world, rows, octets: statSync(path).size }
}

/** One in which the last rows are of its last days, whatever their number. */
export function worldOf(rows: number): World {
  return new World({ names: Math.ceil((rows / ROWS_A_NAME) * 1.005), days: 60 })
}

/** The world's rounds as the historian hands them on, and where their addresses are. */
export async function fillHistory(
  history: HistoryStore,
  world: World,
  rows: number,
  progress: (line: string) => void,
  octetsAnAppend = OCTETS_AN_APPEND,
): Promise<void> {
  let batch: Buffer[] = []
  let octets = 0
  let told = 0
  let done = 0
  // While one is stored the next one is made.
  let storing: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    const entries = batch
    batch = []
    octets = 0
    await storing
    storing = history.appendEntries(entries)
  }
  for (const entry of entriesOf(roundsUntil(world.rounds(), rows))) {
    batch.push(entry.payload)
    octets += entry.payload.length
    done += entry.rows
    if (octets >= octetsAnAppend) await flush()
    if (done - told < 1_000_000) continue
    told = done
    progress(`${done.toLocaleString('en')} rows`)
  }
  await flush()
  await storing
  const placer = new AddressPlacer(history, WORLD_ENRICHMENT)
  while ((await history.unplaced(1)).length > 0) {
    placer.noteAppended()
    await placer.run()
  }
}
