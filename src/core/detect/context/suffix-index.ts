// Finds the listed domains at or above a name by walking up its labels: the cost is one look-up a label, however long the
// lists are.
import { NAME_LISTS } from './catalogue.ts'
import type { ContextList } from './context-list.ts'

export interface Listed {
  readonly list: ContextList
  readonly entry: string
}

/** A suffix stands in one list only. */
const BY_SUFFIX: ReadonlyMap<string, Listed> = new Map(
  NAME_LISTS.flatMap((list) => list.entries.map(({ entry }) => [entry, { list, entry }] as const)),
)

/** The longest listed suffix first. `name`: A-labels, lower case, without the trailing dot. */
export function listedAbove(name: string): readonly Listed[] {
  let found: Listed[] | null = null
  // No top-level domain is listed, so the last label is never looked up alone.
  for (let start = 0, dot = name.indexOf('.'); dot !== -1; start = dot + 1, dot = name.indexOf('.', start)) {
    const listed = BY_SUFFIX.get(start === 0 ? name : name.slice(start))
    if (listed !== undefined) (found ??= []).push(listed)
  }
  return found ?? NOTHING
}

const NOTHING: readonly Listed[] = []
