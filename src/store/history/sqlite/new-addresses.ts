// New addresses per hour of names that count together. Reads the first times of the names' addresses along an index, window after
// window of hours, and asks of each address in it whether one of the names had it before: work that grows with the page, not with
// the names' pasts.
import type { NewAddresses, NewAddressQuery } from '../../../core/model/seen-record.ts'
import type { ObservationRows } from './observation-row.ts'
import type { After } from './record-questions.ts'
import { IS_ADDRESS } from './schema-3.ts'
import type { Statements } from './statements.ts'

const MS_AN_HOUR = 3_600_000
/** First times that are read at once: a window with more is made narrower, down to an hour. */
const MOST_FIRSTS = 8_000
/** Steps that the look for earlier holders may take before the page ends; an hour is always finished. */
const MOST_STEPS = 30_000

interface First {
  readonly data: Uint8Array
  readonly type: number
  at: number
}

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
    const members = [...new Set(found)].toSorted((left, right) => left - right)
    const end = to ?? Number.MAX_SAFE_INTEGER
    const holders = new EarlierHolders(this.#statements, members)
    const items: NewAddresses[] = []
    let start = Math.max(from ?? -Number.MAX_SAFE_INTEGER, after ?? -Number.MAX_SAFE_INTEGER)
    let steps = MOST_STEPS
    const isFull = () => items.length >= limit || steps <= 0
    for (;;) {
      const next = this.#firstAt(members, start, end)
      if (next === null) return { items, nextHour: null }
      const hour = Math.floor(next / MS_AN_HOUR) * MS_AN_HOUR
      if (isFull()) return { items, nextHour: start }
      const window = this.#firstsFrom(members, next, Math.min(end, hour + limit * MS_AN_HOUR))
      for (const [at, firsts] of byHour(window.firsts)) {
        if (isFull()) return { items, nextHour: at }
        // In the hour that a page or a query begins amid, what was there before its begin is no news either.
        const fresh = firsts.filter((first) => !holders.had(first, start))
        steps -= firsts.length + holders.takeSteps()
        if (fresh.length > 0) items.push({ hour: at, addresses: fresh.length })
      }
      start = window.end
    }
  }

  /** The earliest first time of an address from `start` on. */
  #firstAt(members: readonly number[], start: number, end: number): number | null {
    const row = this.#statements
      .of(
        `SELECT min((SELECT min(first_seen) FROM rrset
           WHERE name = member AND first_seen >= ?1 AND ${IS_ADDRESS})) AS first FROM (SELECT value AS member FROM json_each(?2))`,
      )
      .get(start, JSON.stringify(members))
    const first = row?.['first'] as number | null
    return first === null || first >= end ? null : first
  }

  /** Each address that a name had first in the window, with the earliest of these times. Ends earlier where there are many. */
  #firstsFrom(members: readonly number[], start: number, wanted: number) {
    const statement = this.#statements.of(
      `SELECT data, type, first_seen FROM (SELECT value AS member FROM json_each(?1)) CROSS JOIN rrset INDEXED BY rrset_by_first_seen
       WHERE name = member AND first_seen >= ?2 AND first_seen < ?3 AND ${IS_ADDRESS} LIMIT ?4`,
    )
    const json = JSON.stringify(members)
    const hourAfter = Math.floor(start / MS_AN_HOUR) * MS_AN_HOUR + MS_AN_HOUR
    let end = wanted
    for (;;) {
      const isLeast = end <= hourAfter
      const rows = statement.all(json, start, end, isLeast ? -1 : MOST_FIRSTS)
      if (!isLeast && rows.length === MOST_FIRSTS) {
        end = hourAfter + Math.floor((end - hourAfter) / 4 / MS_AN_HOUR) * MS_AN_HOUR
        continue
      }
      const firsts = new Map<string, First>()
      for (const row of rows) {
        if (!(row['data'] instanceof Uint8Array)) continue
        const first = { data: row['data'], type: row['type'] as number, at: row['first_seen'] as number }
        const key = Buffer.from(first.data).toString('latin1')
        const known = firsts.get(key)
        if (known === undefined) firsts.set(key, first)
        else if (first.at < known.at) known.at = first.at
      }
      return { firsts: [...firsts.values()], end }
    }
  }
}

/** Whether one of the names had an address before a time. */
class EarlierHolders {
  readonly #statements: Statements
  readonly #members: readonly number[]
  readonly #isMember: ReadonlySet<number>
  #steps = 0

  constructor(statements: Statements, members: readonly number[]) {
    this.#statements = statements
    this.#members = members
    this.#isMember = new Set(members)
  }

  had({ data, type }: First, before: number): boolean {
    // An address has few names, mostly fewer than there are members; one that serves a crowd is asked for member by member.
    let read = 0
    const holders = this.#statements
      .of('SELECT name, first_seen FROM rrset INDEXED BY rrset_by_data WHERE data = ? AND type = ?')
      .iterate(data, type)
    for (const row of holders) {
      this.#steps += 1
      if ((row['first_seen'] as number) < before && this.#isMember.has(row['name'] as number)) return true
      read += 1
      if (read > this.#members.length * 4) return this.#hadOneByOne(data, type, before)
    }
    return false
  }

  /** Steps since it was asked last. */
  takeSteps(): number {
    const steps = this.#steps
    this.#steps = 0
    return steps
  }

  #hadOneByOne(data: Uint8Array, type: number, before: number): boolean {
    const statement = this.#statements.of(
      'SELECT first_seen FROM rrset WHERE name = ? AND type = ? AND data = ?',
    )
    return this.#members.some((name) => {
      this.#steps += 1
      const first = statement.get(name, type, data)?.['first_seen'] as number | undefined
      return first !== undefined && first < before
    })
  }
}

function byHour(firsts: readonly First[]): [hour: number, firsts: First[]][] {
  const hours = new Map<number, First[]>()
  for (const first of firsts) {
    const hour = Math.floor(first.at / MS_AN_HOUR) * MS_AN_HOUR
    const ofHour = hours.get(hour)
    if (ofHour === undefined) hours.set(hour, [first])
    else ofHour.push(first)
  }
  return [...hours].toSorted(([left], [right]) => left - right)
}
