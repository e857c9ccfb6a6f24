// Adds what a slice adds up to (slice-sums.ts) to the tables of records, owners, addresses, hours and days. Decides what counts as
// new, and on which day; inside the transaction in which the observations were inserted, so that both are there or neither.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ObservationRows } from './observation-row.ts'
import { TYPE_NUMBERS } from './schema-3.ts'
import type { DaySum, RecordSum, SliceSums } from './slice-sums.ts'

const MS_A_DAY = 86_400_000

/** What became new on a day; below 0 where it turned out to be older. */
interface Newness {
  records: number
  names: number
  addresses: number
}

const NO_SUM: DaySum = { answer: 0, nodata: 0, nxdomain: 0, failed: 0, sensors: 0 }

export class SumWriter {
  readonly #rows: ObservationRows
  readonly #addRecord: StatementSync
  readonly #findRecord: StatementSync
  readonly #newRecord: StatementSync
  readonly #setTimes: StatementSync
  readonly #findMore: StatementSync
  readonly #setMore: StatementSync
  readonly #owner: FirstTimes
  readonly #address: FirstTimes
  readonly #addHours: StatementSync
  readonly #addDay: StatementSync
  #name: string | null = null
  #nameNumber = 0

  constructor(database: DatabaseSync, rows: ObservationRows) {
    this.#rows = rows
    const key = 'name = ? AND type = ? AND data = ?'
    this.#addRecord = database.prepare(
      `UPDATE rrset SET last_seen = max(last_seen, ?), count = count + ?,
         sensor_observations = sensor_observations + ?, sensor_told = max(sensor_told, ?), vantages = vantages | ?,
         hours = hours | ?
       WHERE ${key} AND day = ? AND first_seen <= ?`,
    )
    this.#findRecord = database.prepare(`SELECT first_seen, day, hours FROM rrset WHERE ${key}`)
    this.#newRecord = database.prepare(
      `INSERT INTO rrset (name, type, data, first_seen, last_seen, count, sensor_observations, sensor_told, vantages,
         day, hours) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#setTimes = database.prepare(`UPDATE rrset SET first_seen = ?, day = ?, hours = ? WHERE ${key}`)
    this.#findMore = database.prepare(`SELECT more_vantages FROM rrset WHERE ${key}`)
    this.#setMore = database.prepare(`UPDATE rrset SET more_vantages = ? WHERE ${key}`)
    this.#owner = new FirstTimes(database, 'owner', 'name')
    this.#address = new FirstTimes(database, 'address', 'address')
    this.#addHours = database.prepare(
      `INSERT INTO address_hours (address, day, hours) VALUES (?, ?, ?)
       ON CONFLICT (address, day) DO UPDATE SET hours = hours | excluded.hours`,
    )
    this.#addDay = database.prepare(
      `INSERT INTO day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (day) DO UPDATE SET answer = answer + excluded.answer, nodata = nodata + excluded.nodata,
         nxdomain = nxdomain + excluded.nxdomain, failed = failed + excluded.failed,
         sensor_observations = sensor_observations + excluded.sensor_observations,
         new_records = new_records + excluded.new_records, new_names = new_names + excluded.new_names,
         new_addresses = new_addresses + excluded.new_addresses`,
    )
  }

  write(sums: SliceSums): void {
    this.#name = null
    const newness = new Map<number, Newness>()
    for (const sum of sums.records) this.#writeRecord(sum, newness)
    for (const day of new Set([...sums.days.keys(), ...newness.keys()])) {
      const { answer, nodata, nxdomain, failed, sensors } = sums.days.get(day) ?? NO_SUM
      const { records, names, addresses: places } = newness.get(day) ?? { records: 0, names: 0, addresses: 0 }
      this.#addDay.run(day, answer, nodata, nxdomain, failed, sensors, records, names, places)
    }
  }

  /** Nearly always a record that is known, and was seen on that day: then this is the one statement. */
  #writeRecord(sum: RecordSum, newness: Map<number, Newness>): void {
    const { first, last, own, sensed, told, vantages, address, day, hours } = sum
    // Records of one name stand together.
    if (this.#name !== sum.name) {
      this.#nameNumber = this.#rows.texts.numberOf(sum.name)
      this.#name = sum.name
    }
    const name = this.#nameNumber
    const type = TYPE_NUMBERS[sum.type]!
    // A BigInt is bound as an integer, where the column takes anything.
    const data = address ?? BigInt(this.#rows.texts.numberOf(sum.data))
    const key = [name, type, data] as const
    if (this.#addRecord.run(last, own, sensed, told, vantages, hours, ...key, day, first).changes === 0) {
      const known = this.#findRecord.get(...key) as unknown as KnownTimes | undefined
      if (known === undefined) {
        this.#newRecord.run(...key, first, last, own, sensed, told, vantages, day, hours)
        this.#noteFirst(sum, name, undefined, newness)
      } else {
        this.#turnTo(sum, key, known)
        if (known.first_seen > first) this.#noteFirst(sum, name, known.first_seen, newness)
      }
    }
    if (sum.before !== null) {
      for (const [past, hoursOfIt] of sum.before) this.#addHours.run(address!, past, hoursOfIt)
    }
    if (sum.moreVantages !== null) this.#addMoreVantages(sum.moreVantages, key)
  }

  /** A record that was seen on another day, or first seen later. Its row has the latest day; earlier ones are the address's. */
  #turnTo(
    { first, last, own, sensed, told, vantages, address, day, hours }: RecordSum,
    key: Key,
    known: KnownTimes,
  ) {
    const isLater = day > known.day
    const [past, pastHours] = isLater ? [known.day, known.hours] : [day, hours]
    const [now, nowHours] = isLater ? [day, hours] : [known.day, known.hours]
    if (address !== null && past !== now) this.#addHours.run(address, past, pastHours)
    this.#setTimes.run(Math.min(known.first_seen, first), now, nowHours, ...key)
    this.#addRecord.run(last, own, sensed, told, vantages, past === now ? hours : 0, ...key, now, first)
  }

  #noteFirst(
    { first, address }: RecordSum,
    name: number,
    before: number | undefined,
    newness: Map<number, Newness>,
  ): void {
    count(newness, 'records', before, first)
    this.#owner.lower(name, first, (was) => count(newness, 'names', was, first))
    if (address !== null) {
      this.#address.lower(address, first, (was) => count(newness, 'addresses', was, first))
    }
  }

  #addMoreVantages(numbers: ReadonlySet<number>, key: Key): void {
    const known = this.#findMore.get(...key)?.['more_vantages'] as string | null
    const before = known === null ? [] : (JSON.parse(known) as number[])
    const all = [...new Set([...before, ...numbers])]
    if (all.length > before.length) this.#setMore.run(JSON.stringify(all), ...key)
  }
}

type Key = readonly [name: number, type: number, data: Uint8Array | bigint]

/** Of a row of `rrset`. */
interface KnownTimes {
  readonly first_seen: number
  readonly day: number
  readonly hours: number
}

/** When each row of a table was first seen. */
class FirstTimes {
  readonly #add: StatementSync
  readonly #find: StatementSync
  readonly #set: StatementSync

  constructor(database: DatabaseSync, table: 'owner' | 'address', key: 'name' | 'address') {
    this.#add = database.prepare(
      `INSERT INTO ${table} (${key}, first_seen) VALUES (?, ?) ON CONFLICT (${key}) DO NOTHING`,
    )
    this.#find = database.prepare(`SELECT first_seen FROM ${table} WHERE ${key} = ?`)
    this.#set = database.prepare(`UPDATE ${table} SET first_seen = ? WHERE ${key} = ?`)
  }

  /** Tells when it was lowered, and from what; undefined when the key is new. */
  lower(key: number | Uint8Array, first: number, onLowered: (before: number | undefined) => void): void {
    if (this.#add.run(key, first).changes !== 0) {
      onLowered(undefined)
      return
    }
    const before = this.#find.get(key)!['first_seen'] as number
    if (before <= first) return
    this.#set.run(first, key)
    onLowered(before)
  }
}

/** What was new on the day of `before` is new on the day of `first` instead. */
function count(
  newness: Map<number, Newness>,
  what: keyof Newness,
  before: number | undefined,
  first: number,
): void {
  const add = (at: number, by: number) => {
    const day = Math.floor(at / MS_A_DAY)
    const entry = newness.get(day) ?? { records: 0, names: 0, addresses: 0 }
    entry[what] += by
    newness.set(day, entry)
  }
  if (before !== undefined) add(before, -1)
  add(first, 1)
}
