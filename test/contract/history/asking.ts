// Reads the pages of a question one after the other, as a client would.
import type { Page } from '../../../src/core/model/watch.ts'

/** More than any test has: a cursor that leads round in a circle fails instead of running for ever. */
const MOST_PAGES = 5_000

interface Paged {
  readonly cursor: string | null
}

/** All pages, from the query's cursor on. */
export async function pagesOf<Query extends Paged, Item>(
  ask: (query: Query) => Promise<Page<Item>>,
  query: Query,
): Promise<Item[][]> {
  const pages: Item[][] = []
  let cursor = query.cursor
  do {
    const page = await ask({ ...query, cursor })
    pages.push([...page.items])
    cursor = page.next
    if (pages.length > MOST_PAGES) throw new Error(`There are more than ${MOST_PAGES} pages`)
  } while (cursor !== null)
  return pages
}

/** The items of all pages. */
export async function allOf<Query extends Paged, Item>(
  ask: (query: Query) => Promise<Page<Item>>,
  query: Query,
): Promise<Item[]> {
  return (await pagesOf(ask, query)).flat()
}
