// The answers of a history worked out the plain way, from a list of all observations: what stores are compared with.
import { windowStart, isOfFirstRound } from '../../../src/core/history/thinned-rounds.ts'
import { seenRecords } from '../../../src/core/history/seen-records.ts'
import { SENSOR_PREFIX, type StoredObservation } from '../../../src/core/model/observation.ts'
import type {
  AddressLife,
  DayStatistics,
  NewAddresses,
  RecordChange,
  SeenRecord,
} from '../../../src/core/model/seen-record.ts'
import { canonicalAddress } from '../../../src/core/net/address.ts'
import { DAY, HOUR } from './sightings.ts'

const isAddress = ({ type }: { readonly type: string }) => type === 'A' || type === 'AAAA'
const isSensor = ({ vantage }: StoredObservation) => vantage.startsWith(SENSOR_PREFIX)
const earliest = (records: readonly SeenRecord[]) => Math.min(...records.map(({ firstSeen }) => firstSeen))

export class MemoryHistory {
  readonly #rows: readonly StoredObservation[]
  readonly records: readonly SeenRecord[]

  /** Rows with ids of their own each. */
  constructor(rows: readonly StoredObservation[]) {
    this.#rows = rows
    const byRecord = new Map<string, StoredObservation[]>()
    for (const row of rows) {
      const keys = new Set(
        seenRecords(row).map(({ name, type, data }) => JSON.stringify([name, type, canonical(type, data)])),
      )
      for (const key of keys) byRecord.set(key, [...(byRecord.get(key) ?? []), row])
    }
    this.records = [...byRecord]
      .map(([key, of]) => {
        const [name, type, data] = JSON.parse(key) as [string, string, string]
        const sensors = of.filter(isSensor)
        return {
          name,
          type,
          data,
          firstSeen: Math.min(...of.map((row) => Math.min(row.at, row.told?.firstSeen ?? row.at))),
          lastSeen: Math.max(...of.map(({ at }) => at)),
          count: of.length - sensors.length,
          sensorCount: Math.max(sensors.length, ...sensors.map(({ told }) => told?.count ?? 0)),
          vantages: [...new Set(of.map(({ vantage }) => vantage))].toSorted(),
        }
      })
      .toSorted(byRecordKey)
  }

  changes(name: string, from: number, to: number): RecordChange[] {
    const within = (at: number) => at >= from && at < to
    return this.records
      .filter((record) => record.name === name)
      .map((record) => ({ record, appeared: within(record.firstSeen), gone: within(record.lastSeen) }))
      .filter(({ appeared, gone }) => appeared || gone)
  }

  newAddresses(names: readonly string[], from: number, to: number): NewAddresses[] {
    const ofNames = this.records.filter((record) => isAddress(record) && names.includes(record.name))
    const firsts = Object.values(Object.groupBy(ofNames, ({ data }) => data)).map((of) => earliest(of!))
    const hours = new Map<number, number>()
    for (const first of firsts.filter((at) => at >= from && at < to)) {
      const hour = windowStart(first, HOUR)
      hours.set(hour, (hours.get(hour) ?? 0) + 1)
    }
    return [...hours]
      .map(([hour, addresses]) => ({ hour, addresses }))
      .toSorted((left, right) => left.hour - right.hour)
  }

  life(address: string): AddressLife | null {
    const held = this.records.filter((record) => isAddress(record) && record.data === address)
    if (held.length === 0) return null
    const seen = this.#rows.filter((row) =>
      seenRecords(row).some((record) => isAddress(record) && canonical(record.type, record.data) === address),
    )
    const hours = [...new Set(seen.map(({ at }) => windowStart(at, HOUR)))].toSorted(
      (left, right) => left - right,
    )
    const starts = hours.filter((hour) => !hours.includes(hour - HOUR))
    const ends = hours.filter((hour) => !hours.includes(hour + HOUR)).map((hour) => hour + HOUR)
    return {
      address,
      asn: null,
      organisation: null,
      country: null,
      firstSeen: earliest(held),
      lastSeen: Math.max(...held.map(({ lastSeen }) => lastSeen)),
      names: new Set(held.map(({ name }) => name)).size,
      intervals: starts.map((from, index) => ({ from, to: ends[index]! })),
      idleMs: ends.at(-1)! - starts[0]! - hours.length * HOUR,
    }
  }

  statistics(): DayStatistics[] {
    const days = [...new Set(this.#rows.map(({ at }) => windowStart(at, DAY)))].toSorted(
      (left, right) => left - right,
    )
    const firsts = (keyOf: (record: SeenRecord) => string, records = this.records) =>
      Object.values(Object.groupBy(records, keyOf)).map((of) => windowStart(earliest(of!), DAY))
    const records = this.records.map(({ firstSeen }) => windowStart(firstSeen, DAY))
    const names = firsts(({ name }) => name)
    const addresses = firsts(({ data }) => data, this.records.filter(isAddress))
    return days.map((day) => {
      const rows = this.#rows.filter(({ at }) => windowStart(at, DAY) === day)
      const own = rows.filter((row) => !isSensor(row))
      const outcomes = (outcome: string) => own.filter((row) => row.outcome === outcome).length
      const on = (list: readonly number[]) => list.filter((first) => first === day).length
      return {
        day,
        answer: outcomes('answer'),
        nodata: outcomes('nodata'),
        nxdomain: outcomes('nxdomain'),
        failed: outcomes('failed'),
        sensorObservations: rows.length - own.length,
        newRecords: on(records),
        newNames: on(names),
        newAddresses: on(addresses),
      }
    })
  }

  /** Of one target; rows of one millisecond in no particular order. */
  thinned(target: string, everyMs: number): StoredObservation[] {
    const rows = this.#rows
      .filter((row) => row.target === target)
      .toSorted((left, right) => left.at - right.at)
    const first = new Map<number, StoredObservation>()
    return rows.filter((row) => {
      const window = windowStart(row.at, everyMs)
      if (!first.has(window)) first.set(window, row)
      return isOfFirstRound(first.get(window)!, row, everyMs)
    })
  }
}

export function byRecordKey(left: SeenRecord, right: SeenRecord): number {
  const [a, b] = [left, right].map(({ name, type, data }) => `${name} ${type} ${data}`)
  return a! < b! ? -1 : Number(a! > b!)
}

function canonical(type: string, data: string): string {
  return isAddress({ type }) ? (canonicalAddress(data) ?? data) : data
}
