// An observation's id without what its other columns say already: the target, the round, the vantage, the question. Saves most
// of the bytes of a row's longest text; gives every id back as it was.
import { observationId, type StoredObservation } from '../../../core/model/observation.ts'

/** Marks before the rest of an id: made by `observationId`, or of somebody else's making and kept whole. */
const SHORT = '@'
const WHOLE = '='

type Known = Omit<StoredObservation, 'id'>

/** `@<start of the round>`, with `/2` and on for a question that was asked twice; `=<id>` for any other id. */
export function shortId(row: StoredObservation): string {
  const head = headOf(row)
  if (!row.id.startsWith(head)) return WHOLE + row.id
  const slash = row.id.indexOf('/', head.length)
  const tail = observationId('/', row)
  if (slash === -1 || !row.id.startsWith(tail, slash)) return WHOLE + row.id
  const after = row.id.slice(slash + tail.length)
  return after === '' || after.startsWith('/')
    ? SHORT + row.id.slice(head.length, slash) + after
    : WHOLE + row.id
}

/** Inverse of `shortId`, by the other fields of the row. */
export function longId(short: string, row: Known): string {
  if (!short.startsWith(SHORT)) return short.slice(1)
  const slash = short.indexOf('/')
  const start = slash === -1 ? short.slice(1) : short.slice(1, slash)
  return headOf(row) + start + observationId('/', row) + (slash === -1 ? '' : short.slice(slash))
}

/** What the id of a row is without its round: the same for every look of one vantage with one question at one target. */
export function lookOf(row: StoredObservation): string {
  const head = headOf(row)
  const slash = row.id.startsWith(head) ? row.id.indexOf('/', head.length) : -1
  return slash === -1 ? row.id : `${row.target}${row.id.slice(slash)}`
}

function headOf({ target, round }: Known): string {
  return `${target}/${round}@`
}
