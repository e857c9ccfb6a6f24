// Gives space of removed rows back to the disk, a little at a time, and keeps the query planner's figures fresh.
import type { DatabaseSync } from 'node:sqlite'

/** Free pages are used for new rows; only when there are more than the upper share of all are they given back, to the lower. */
const MOST_FREE_SHARE = 0.25
const KEPT_FREE_SHARE = 0.1
/** Of 4 KiB each. */
const PAGES_A_SLICE = 1_000
/** Below it nobody cares. */
const LEAST_PAGES = 2_000

/** Whether there is so much free space that it is worth giving back. */
export function isWorthCompacting(database: DatabaseSync): boolean {
  const { pages, free } = pagesOf(database)
  return pages > LEAST_PAGES && free > pages * MOST_FREE_SHARE
}

/** One slice; answers whether there is more to do. */
export function compactSlice(database: DatabaseSync): boolean {
  const { pages, free } = pagesOf(database)
  if (free <= pages * KEPT_FREE_SHARE) return false
  // The statement gives back a page with each step.
  database.prepare(`PRAGMA incremental_vacuum(${PAGES_A_SLICE})`).all()
  // A file of an older version cannot give anything back.
  return pagesOf(database).free < free
}

/** What is done after everything else: cheap when nothing changed much. */
export function optimize(database: DatabaseSync): void {
  database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(PASSIVE)')
}

function pagesOf(database: DatabaseSync): { pages: number; free: number } {
  const read = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get()!)[0])
  return { pages: read('page_count'), free: read('freelist_count') }
}
