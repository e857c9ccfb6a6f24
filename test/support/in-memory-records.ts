// The questions to history answered from a list of observations, each time anew, for tests that need no store.
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { AddressPlace, Pivot, RecordHistory, SeenRecord } from '../../src/core/model/seen-record.ts'
import { parseAddress } from '../../src/core/net/address.ts'
import { cidrContains, parseCidr } from '../../src/core/net/cidr.ts'
import { MemoryHistory } from '../contract/history/memory-history.ts'
import { pageOf } from './in-memory-page.ts'

const DAY_MS = 86_400_000

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

  async records({ name, type, seenSince, cursor, limit }: Parameters<RecordHistory['records']>[0]) {
    const found = this.#history()
      .records.filter((record) => record.name === name && record.type === (type ?? record.type))
      .filter(({ lastSeen }) => lastSeen >= (seenSince ?? -Infinity))
    return pageOf(found, cursor, limit)
  }

  async recordsAt({ pivot, seenSince, cursor, limit }: Parameters<RecordHistory['recordsAt']>[0]) {
    const found = this.#history()
      .records.filter((record) => this.#isAt(record, pivot))
      .filter(({ lastSeen }) => lastSeen >= (seenSince ?? -Infinity))
      .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : Number(keyOf(one) > keyOf(other))))
    return pageOf(found, cursor, limit)
  }

  async changes({ name, from, to, cursor, limit }: Parameters<RecordHistory['changes']>[0]) {
    return pageOf(this.#history().changes(name, from, to), cursor, limit)
  }

  async newAddresses({ names, from, to, cursor, limit }: Parameters<RecordHistory['newAddresses']>[0]) {
    const found = this.#history().newAddresses(names, from ?? -Infinity, to ?? Infinity)
    return pageOf(found, cursor, limit)
  }

  async life(address: string) {
    const life = this.#history().life(address)
    const { asn = null, organisation = null, country = null } = this.#places.get(address) ?? {}
    return life && { ...life, asn, organisation, country }
  }

  async statistics({ from, to, cursor, limit }: Parameters<RecordHistory['statistics']>[0]) {
    const found = this.#history()
      .statistics()
      .filter(({ day }) => day + DAY_MS > (from ?? -Infinity) && day < (to ?? Infinity))
    return pageOf(found, cursor, limit)
  }

  #history(): MemoryHistory {
    return new MemoryHistory(this.#observations())
  }

  #isAt({ type, data }: SeenRecord, pivot: Pivot): boolean {
    if (pivot.kind === 'name_server') return type === 'NS' && data === pivot.host
    if (type !== 'A' && type !== 'AAAA') return false
    if (pivot.kind === 'address') return data === pivot.address
    if (pivot.kind === 'prefix') return cidrContains(parseCidr(pivot.prefix)!, parseAddress(data)!)
    const place = this.#places.get(data)
    return pivot.kind === 'asn' ? place?.asn === pivot.asn : place?.country === pivot.country
  }
}

function keyOf({ data, type, name }: SeenRecord): string {
  return `${data} ${type} ${name}`
}
