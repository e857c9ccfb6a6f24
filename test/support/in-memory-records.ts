// The questions to history answered from a list of observations, each time anew: what must come out, said in the shortest way. A
// store with indexes answers the same.
import { seenRecords } from '../../src/core/history/seen-records.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { SENSOR_PREFIX } from '../../src/core/model/observation.ts'
import type {
  AddressLife,
  AddressPlace,
  DayStatistics,
  NewAddresses,
  Pivot,
  RecordChange,
  RecordHistory,
  SeenRecord,
} from '../../src/core/model/seen-record.ts'
import type { Page } from '../../src/core/model/watch.ts'
import { parseAddress } from '../../src/core/net/address.ts'
import { cidrContains, parseCidr } from '../../src/core/net/cidr.ts'
import { pageOf } from './in-memory-page.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export class InMemoryRecords implements RecordHistory {
  readonly #observations: () => readonly StoredObservation[]
  readonly #places: ReadonlyMap<string, AddressPlace>

  /** `observations` is asked for each question: it may throw like a store that is gone. */
  constructor(
    observations: () => readonly StoredObservation[],
    places: ReadonlyMap<string, AddressPlace> = new Map(),
  ) {
    this.#observations = observations
    this.#places = places
  }

  async records(query: Parameters<RecordHistory['records']>[0]): Promise<Page<SeenRecord>> {
    const found = this.#all()
      .filter(({ name, type }) => name === query.name && type === (query.type ?? type))
      .filter(({ lastSeen }) => lastSeen >= (query.seenSince ?? -Infinity))
      .toSorted(inOrderOf(({ type, data }) => [type, data]))
    return pageOf(found, query.cursor, query.limit)
  }

  async recordsAt(query: Parameters<RecordHistory['recordsAt']>[0]): Promise<Page<SeenRecord>> {
    const found = this.#all()
      .filter((record) => this.#isAt(record, query.pivot))
      .filter(({ lastSeen }) => lastSeen >= (query.seenSince ?? -Infinity))
      .toSorted(inOrderOf(({ data, type, name }) => [data, type, name]))
    return pageOf(found, query.cursor, query.limit)
  }

  async changes(query: Parameters<RecordHistory['changes']>[0]): Promise<Page<RecordChange>> {
    const isIn = (at: number): boolean => at >= query.from && at < query.to
    const found = this.#all()
      .filter(({ name }) => name === query.name)
      .map((record) => ({ record, appeared: isIn(record.firstSeen), gone: isIn(record.lastSeen) }))
      .filter(({ appeared, gone }) => appeared || gone)
      .toSorted(inOrderOf(({ record: { type, data } }) => [type, data]))
    return pageOf(found, query.cursor, query.limit)
  }

  async newAddresses(query: Parameters<RecordHistory['newAddresses']>[0]): Promise<Page<NewAddresses>> {
    const first = new Map<string, number>()
    for (const { name, type, data, firstSeen } of this.#all()) {
      if (query.names.includes(name) && isAddressType(type))
        first.set(data, Math.min(first.get(data) ?? firstSeen, firstSeen))
    }
    const hours = Map.groupBy(
      [...first.values()].filter((at) => at >= (query.from ?? -Infinity) && at < (query.to ?? Infinity)),
      (at) => startOf(HOUR_MS, at),
    )
    const found = [...hours].map(([hour, each]) => ({ hour, addresses: each.length }))
    return pageOf(
      found.toSorted((one, other) => one.hour - other.hour),
      query.cursor,
      query.limit,
    )
  }

  async life(address: string): Promise<AddressLife | null> {
    const own = this.#all().filter(({ type, data }) => isAddressType(type) && data === address)
    if (own.length === 0) return null
    const hours = this.#observations()
      .filter((each) => seenRecords(each).some(({ type, data }) => isAddressType(type) && data === address))
      .map(({ at }) => startOf(HOUR_MS, at))
    const intervals: { from: number; to: number }[] = []
    for (const hour of [...new Set(hours)].toSorted((one, other) => one - other)) {
      const latest = intervals.at(-1)
      if (latest?.to === hour) latest.to += HOUR_MS
      else intervals.push({ from: hour, to: hour + HOUR_MS })
    }
    const { asn = null, organisation = null, country = null } = this.#places.get(address) ?? {}
    return {
      address,
      asn,
      organisation,
      country,
      firstSeen: Math.min(...own.map(({ firstSeen }) => firstSeen)),
      lastSeen: Math.max(...own.map(({ lastSeen }) => lastSeen)),
      names: new Set(own.map(({ name }) => name)).size,
      intervals,
      idleMs: intervals.reduce((sum, { from }, at) => sum + (at === 0 ? 0 : from - intervals[at - 1]!.to), 0),
    }
  }

  async statistics(query: Parameters<RecordHistory['statistics']>[0]): Promise<Page<DayStatistics>> {
    const all = this.#all()
    const days = Map.groupBy(this.#observations(), ({ at }) => startOf(DAY_MS, at))
    const found = [...days]
      .filter(([day]) => day + DAY_MS > (query.from ?? -Infinity) && day < (query.to ?? Infinity))
      .map(([day, rows]) => dayOf(day, rows, all))
    return pageOf(
      found.toSorted((one, other) => one.day - other.day),
      query.cursor,
      query.limit,
    )
  }

  #all(): SeenRecord[] {
    const seen = this.#observations().flatMap((row) => seenRecords(row).map((record) => ({ row, record })))
    return [
      ...Map.groupBy(seen, ({ record: { name, type, data } }) => `${name} ${type} ${data}`).values(),
    ].map((each) => {
      const { name, type, data } = each[0]!.record
      const rows = each.map(({ row }) => row)
      const sensors = rows.filter(isOfSensor)
      return {
        name,
        type,
        data,
        firstSeen: Math.min(...rows.map(({ at, told }) => told?.firstSeen ?? at)),
        lastSeen: Math.max(...rows.map(({ at }) => at)),
        count: rows.length - sensors.length,
        sensorCount: sensors.reduce((sum, { told }) => sum + (told?.count ?? 1), 0),
        vantages: [...new Set(rows.map(({ vantage }) => vantage))].toSorted(),
      }
    })
  }

  #isAt({ type, data }: SeenRecord, pivot: Pivot): boolean {
    if (pivot.kind === 'name_server') return type === 'NS' && data === pivot.host
    if (!isAddressType(type)) return false
    if (pivot.kind === 'address') return data === pivot.address
    if (pivot.kind === 'prefix') return cidrContains(parseCidr(pivot.prefix)!, parseAddress(data)!)
    const place = this.#places.get(data)
    return pivot.kind === 'asn' ? place?.asn === pivot.asn : place?.country === pivot.country
  }
}

function dayOf(day: number, rows: readonly StoredObservation[], all: readonly SeenRecord[]): DayStatistics {
  const own = rows.filter((row) => !isOfSensor(row))
  const outcomes = (outcome: string): number => own.filter((row) => row.outcome === outcome).length
  const newOnes = (keyOf: (record: SeenRecord) => string, of = all): number =>
    [...Map.groupBy(of, keyOf).values()].filter(
      (each) => startOf(DAY_MS, Math.min(...each.map(({ firstSeen }) => firstSeen))) === day,
    ).length
  return {
    day,
    answer: outcomes('answer'),
    nodata: outcomes('nodata'),
    nxdomain: outcomes('nxdomain'),
    failed: outcomes('failed'),
    sensorObservations: rows.length - own.length,
    newRecords: newOnes(({ name, type, data }) => `${name} ${type} ${data}`),
    newNames: newOnes(({ name }) => name),
    newAddresses: newOnes(
      ({ data }) => data,
      all.filter(({ type }) => isAddressType(type)),
    ),
  }
}

function isOfSensor({ vantage }: StoredObservation): boolean {
  return vantage.startsWith(SENSOR_PREFIX)
}

function isAddressType(type: string): boolean {
  return type === 'A' || type === 'AAAA'
}

function startOf(spanMs: number, at: number): number {
  return Math.floor(at / spanMs) * spanMs
}

function inOrderOf<T>(keyOf: (item: T) => readonly string[]): (one: T, other: T) => number {
  const text = (item: T): string => keyOf(item).join('\0')
  return (one, other) => (text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : 0)
}
