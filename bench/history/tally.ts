// What is in a history, in numbers that two of them can be compared by: how many rows and one digest over all of them, and the
// same of the records that are counted. In whatever order they come; a row that is lost, doubled or changed shows.
import { createHash } from 'node:crypto'
import { seenRecords } from '../../src/core/history/seen-records.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { SeenRecord } from '../../src/core/model/seen-record.ts'
import type { TargetId } from '../../src/core/model/target.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'

/** Counts, and sums of SHA-256 modulo 2²⁵⁶: equal sums of different sets are as unlikely as equal hashes. */
export interface Tally {
  readonly observations: number
  readonly observationsDigest: string
  readonly records: number
  readonly recordsDigest: string
  /** Of our own vantages, by the daily statistics. */
  readonly counted: number
}

/** What was committed. */
export class ExpectedTally {
  readonly targets = new Set<TargetId>()
  readonly owners = new Set<string>()
  readonly #observations = new DigestSum()
  readonly #records = new Map<string, Mutable<SeenRecord>>()

  add(rows: readonly StoredObservation[]): void {
    for (const row of rows) {
      this.targets.add(row.target)
      this.#observations.add(row)
      for (const record of seenRecords(row)) this.#count(record, row)
    }
  }

  #count(
    { name, type, data }: Pick<SeenRecord, 'name' | 'type' | 'data'>,
    { at, vantage }: StoredObservation,
  ): void {
    const key = `${name} ${type} ${data}`
    const known = this.#records.get(key)
    if (!known) {
      this.owners.add(name)
      const first = {
        name,
        type,
        data,
        firstSeen: at,
        lastSeen: at,
        count: 1,
        sensorCount: 0,
        vantages: [vantage],
      }
      this.#records.set(key, first)
      return
    }
    known.firstSeen = Math.min(known.firstSeen, at)
    known.lastSeen = Math.max(known.lastSeen, at)
    known.count += 1
    if (!known.vantages.includes(vantage)) known.vantages = [...known.vantages, vantage].toSorted()
  }

  tally(): Tally {
    const records = new DigestSum()
    for (const record of this.#records.values()) records.add(record)
    return {
      observations: this.#observations.count,
      observationsDigest: this.#observations.digest,
      records: records.count,
      recordsDigest: records.digest,
      counted: this.#observations.count,
    }
  }
}

/** What a history answers when it is asked for everything of these. */
export async function tallyOf(
  history: HistoryStore,
  asked: { readonly targets: ReadonlySet<TargetId>; readonly owners: ReadonlySet<string> },
): Promise<Tally> {
  const observations = new DigestSum()
  const records = new DigestSum()
  const everything = { from: null, to: null, vantage: null, type: null, everyMs: null, limit: 1000 }
  for (const target of asked.targets) {
    await eachPage(
      (cursor) => history.observations({ ...everything, targets: [target], cursor }),
      (row) => observations.add(row),
    )
  }
  for (const name of asked.owners) {
    await eachPage(
      (cursor) => history.records({ name, type: null, seenSince: null, cursor, limit: 1000 }),
      (record) => records.add(record),
    )
  }
  let counted = 0
  await eachPage(
    (cursor) => history.statistics({ from: null, to: null, cursor, limit: 1000 }),
    ({ answer, nodata, nxdomain, failed }) => (counted += answer + nodata + nxdomain + failed),
  )
  return {
    observations: observations.count,
    observationsDigest: observations.digest,
    records: records.count,
    recordsDigest: records.digest,
    counted,
  }
}

async function eachPage<T>(
  read: (cursor: string | null) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
  take: (item: T) => void,
): Promise<void> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof read>> = await read(cursor)
    page.items.forEach(take)
    cursor = page.next
  } while (cursor !== null)
}

class DigestSum {
  count = 0
  #sum = 0n

  add(item: object): void {
    this.count += 1
    const hash = createHash('sha256').update(JSON.stringify(item, inOrder)).digest('hex')
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) & MASK
  }

  get digest(): string {
    return this.#sum.toString(16).padStart(64, '0')
  }
}

const MASK = (1n << 256n) - 1n

/** Fields in the order of their names, whoever made the object. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] }
