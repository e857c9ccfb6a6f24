// New addresses per hour of names that count together. Reads the first times of the names' addresses along an index, window after
// window of hours, and asks of each address in it whether one of the names had it before: work that grows with the page, not with
// the names' pasts.
import type { NewAddresses, NewAddressQuery } from '../../../core/model/seen-record.ts'
import type { ObservationRows } from './observation-row.ts'
import type { After } from './record-questions.ts'
import { IS_ADDRESS } from './schema-3.ts'
import type { Statements } from './statements.ts'

const MS_AN_HOUR = 3_600_000
/** First times that are read for one page; an hour is always read to its end. */
const MOST_FIRSTS = 4_000
const BEFORE_ALL = -Number.MAX_SAFE_INTEGER

const MEMBERS = '(SELECT value AS member FROM json_each(?2))'
const FIRSTS = `FROM ${MEMBERS} CROSS JOIN rrset INDEXED BY rrset_by_first_seen
  WHERE name = member AND first_seen >= ?1 AND first_seen < ?3 AND ${IS_ADDRESS}`
const COUNTED = `SELECT first / ${MS_AN_HOUR} AS hour, count(*) AS addresses
  FROM (SELECT data, type, min(first_seen) AS first ${FIRSTS} GROUP BY data, type) fresh`
/** The plus keeps SQLite from looking for each member at each address: an address has fewer names than a network members. */
const HAD_BEFORE = `EXISTS (
  SELECT 1 FROM rrset held INDEXED BY rrset_by_data
  WHERE held.data = fresh.data AND held.type = fresh.type AND held.first_seen < ?4
    AND +held.name IN (SELECT value FROM json_each(?2)))`

export interface HoursPage {
  readonly items: NewAddresses[]
  /** The hour that the next page begins with; null when there is nothing after this one. */
  readonly nextHour: number | null
}

export class NewAddressReader {
  readonly #statements: Statements
  readonly #rows: ObservationRows

  constructor(statements: Statements, rows: ObservationRows) {
    this.#statements = statements
    this.#rows = rows
  }

  /** `after`: the hour to begin with. */
  read({ names, from, to, after, limit }: After<NewAddressQuery, number>): HoursPage {
    const found = names.map((name) => this.#rows.texts.find(name)).filter((ref) => ref !== null)
    const members = JSON.stringify([...new Set(found)].toSorted((left, right) => left - right))
    const end = to ?? Number.MAX_SAFE_INTEGER
    const items: NewAddresses[] = []
    let start = Math.max(from ?? BEFORE_ALL, after ?? BEFORE_ALL)
    let read = 0
    for (;;) {
      const next = this.#firstAt(members, start, end)
      if (next === null) return { items, nextHour: null }
      if (items.length >= limit || read >= MOST_FIRSTS) return { items, nextHour: start }
      const wanted = Math.min(end, startOfHour(next) + limit * MS_AN_HOUR)
      const window = this.#windowFrom(members, next, wanted, MOST_FIRSTS - read)
      for (const count of this.#countNew(members, next, window.end, start)) {
        if (items.length >= limit) return { items, nextHour: count.hour }
        items.push(count)
      }
      read += window.firsts
      start = window.end
    }
  }

  /** The earliest first time of an address from `start` on. */
  #firstAt(members: string, start: number, end: number): number | null {
    const row = this.#statements
      .of(
        `SELECT min((SELECT min(first_seen) FROM rrset
           WHERE name = member AND first_seen >= ?1 AND ${IS_ADDRESS})) AS first FROM ${MEMBERS}`,
      )
      .get(start, members)
    const first = row?.['first'] as number | null
    return first === null || first >= end ? null : first
  }

  /** A window that is no longer than wanted, and has no more first times than `most` unless it is an hour. */
  #windowFrom(members: string, start: number, wanted: number, most: number): { end: number; firsts: number } {
    const rows = this.#statements.of(`SELECT count(*) AS firsts FROM (SELECT 1 ${FIRSTS} LIMIT ?4)`)
    const hourAfter = startOfHour(start) + MS_AN_HOUR
    for (let end = wanted; ; end = hourAfter + startOfHour((end - hourAfter) / 4)) {
      const firsts = rows.get(start, members, end, most)!['firsts'] as number
      if (firsts < most || end <= hourAfter) return { end, firsts }
    }
  }

  /** Addresses that a name had first in the window, and none of the names before `before`, in the hour of the first of them. */
  #countNew(members: string, start: number, end: number, before: number): NewAddresses[] {
    // Mostly a question begins with the names' first addresses: then none of them can have had any before.
    const isBegin = this.#firstAt(members, BEFORE_ALL, before) === null
    const rows = isBegin
      ? this.#statements.of(`${COUNTED} GROUP BY 1 ORDER BY 1`).all(start, members, end)
      : this.#statements
          .of(`${COUNTED} WHERE NOT ${HAD_BEFORE} GROUP BY 1 ORDER BY 1`)
          .all(start, members, end, before)
    return rows.map((row) => ({
      hour: (row['hour'] as number) * MS_AN_HOUR,
      addresses: row['addresses'] as number,
    }))
  }
}

function startOfHour(at: number): number {
  return Math.floor(at / MS_AN_HOUR) * MS_AN_HOUR
}
