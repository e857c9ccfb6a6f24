// What the new observations of one slice add up to, worked out in memory: one entry for each distinct record, whatever the number of
// observations that held it. Writing it is write-sums.ts' business.
import { seenRecords } from '../../../core/history/seen-records.ts'
import { SENSOR_PREFIX, type StoredObservation } from '../../../core/model/observation.ts'
import { addressBlob, addressText } from './address-blob.ts'

const MS_A_DAY = 86_400_000
const MS_AN_HOUR = 3_600_000
/** Bits that a number has room for, and the file's columns. */
export const MOST_VANTAGE_BITS = 52

/** One distinct record of the slice. */
export interface RecordSum {
  readonly name: string
  readonly type: string
  readonly data: string
  /** Null: the datum is no address. */
  readonly address: Uint8Array | null
  first: number
  last: number
  /** Observations of our own vantages; of sensors; the largest sum that a sensor told. */
  own: number
  sensed: number
  told: number
  /** Bit n: vantage n. */
  vantages: number
  /** Numbers that have no bit. */
  moreVantages: Set<number> | null
  /** The latest day that it was seen on, and the hours of it as bits. */
  day: number
  hours: number
  /** Days before, of an address. */
  before: Map<number, number> | null
  /** The latest observation that was counted. */
  counted: number
}

/** Observations of a day: of our own by outcome, and of sensors. */
export interface DaySum {
  answer: number
  nodata: number
  nxdomain: number
  failed: number
  sensors: number
}

export class SliceSums {
  readonly #byOwner = new Map<string, Map<string, Map<string, RecordSum>>>()
  #owner = ''
  #ofOwner: Map<string, Map<string, RecordSum>> | undefined
  #observations = 0
  readonly records: RecordSum[] = []
  readonly days = new Map<number, DaySum>()

  /** Counts an observation that the file did not have. `vantage`: its vantage's number. */
  add(row: StoredObservation, vantage: number): void {
    this.#observations += 1
    const isSensor = row.vantage.startsWith(SENSOR_PREFIX)
    const { at } = row
    const day = Math.floor(at / MS_A_DAY)
    const hourBit = 1 << Math.floor((at - day * MS_A_DAY) / MS_AN_HOUR)
    const ofDay = this.#dayOf(day)
    if (isSensor) ofDay.sensors += 1
    else ofDay[row.outcome] += 1
    const first = row.told === undefined ? at : Math.min(at, row.told.firstSeen)
    for (const { name, type, data } of seenRecords(row)) {
      const sum = this.#sumOf(name, type, data)
      // Two spellings of one address in one observation are one.
      if (sum.counted === this.#observations) continue
      sum.counted = this.#observations
      if (first < sum.first) sum.first = first
      if (at > sum.last) sum.last = at
      if (!isSensor) sum.own += 1
      else {
        sum.sensed += 1
        if (row.told !== undefined && row.told.count > sum.told) sum.told = row.told.count
      }
      if (vantage >= MOST_VANTAGE_BITS) (sum.moreVantages ??= new Set()).add(vantage)
      else if (Math.floor(sum.vantages / 2 ** vantage) % 2 === 0) sum.vantages += 2 ** vantage
      if (day === sum.day) sum.hours |= hourBit
      else addDay(sum, day, hourBit)
    }
  }

  #dayOf(number: number): DaySum {
    let day = this.days.get(number)
    if (day === undefined) {
      day = { answer: 0, nodata: 0, nxdomain: 0, failed: 0, sensors: 0 }
      this.days.set(number, day)
    }
    return day
  }

  #sumOf(name: string, type: string, data: string): RecordSum {
    if (this.#ofOwner === undefined || this.#owner !== name) {
      this.#owner = name
      this.#ofOwner = this.#byOwner.get(name)
      if (this.#ofOwner === undefined) {
        this.#ofOwner = new Map()
        this.#byOwner.set(name, this.#ofOwner)
      }
    }
    let ofType = this.#ofOwner.get(type)
    if (ofType === undefined) {
      ofType = new Map()
      this.#ofOwner.set(type, ofType)
    }
    let sum = ofType.get(data)
    if (sum === undefined) {
      sum = this.#newSum(ofType, name, type, data)
      ofType.set(data, sum)
    }
    return sum
  }

  #newSum(ofType: Map<string, RecordSum>, name: string, type: string, data: string): RecordSum {
    const address = type === 'A' || type === 'AAAA' ? addressBlob(data) : null
    // IPv4 is read from its canonical text only.
    const canonical = address === null || address[0] === 4 ? data : addressText(address)
    if (canonical !== data) {
      const known = ofType.get(canonical)
      if (known !== undefined) return known
    }
    const sum: RecordSum = {
      name,
      type,
      data: canonical,
      address,
      first: Infinity,
      last: -Infinity,
      own: 0,
      sensed: 0,
      told: 0,
      vantages: 0,
      moreVantages: null,
      day: -Infinity,
      hours: 0,
      before: null,
      counted: 0,
    }
    this.records.push(sum)
    if (canonical !== data) ofType.set(canonical, sum)
    return sum
  }
}

/** Another day than the latest. */
function addDay(sum: RecordSum, day: number, hourBit: number): void {
  let [past, hours] = [day, hourBit]
  if (day > sum.day) {
    ;[past, hours] = [sum.day, sum.hours]
    sum.day = day
    sum.hours = hourBit
  }
  if (sum.address === null || past === -Infinity) return
  sum.before ??= new Map()
  sum.before.set(past, (sum.before.get(past) ?? 0) | hours)
}
