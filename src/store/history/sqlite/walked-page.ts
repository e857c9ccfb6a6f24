// A page from a walk along rows that are not all of interest. It ends when it is full, or when so many rows were read that others
// should have their turn: then it is shorter, and the next one begins where it stopped.

/** Rows that are read for one page; some milliseconds. */
export const MOST_ROWS = 1_500

export interface WalkedPage<Row, Item> {
  readonly items: Item[]
  /** The last row that was read, when there may be more after it; else null. */
  readonly last: Row | null
}

/** `take` answers null for a row that is not of interest. */
export function walkPage<Row, Item>(
  rows: Iterable<Row>,
  limit: number,
  take: (row: Row) => Item | null,
): WalkedPage<Row, Item> {
  const items: Item[] = []
  let read = 0
  let last: Row | null = null
  for (const row of rows) {
    if (read >= MOST_ROWS || items.length >= limit) return { items, last }
    read += 1
    last = row
    const item = take(row)
    if (item !== null) items.push(item)
  }
  return { items, last: null }
}
