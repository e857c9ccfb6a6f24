// Which addresses are not placed yet, and keeping where they are. This process remembers what it appended; what others left is
// found by a look through the table, after opening and now and then.
import type { AddressPlace } from '../../../core/model/seen-record.ts'
import type { ClickHouse } from './clickhouse-client.ts'
import { hashOf } from './schema.ts'
import { table, type Place } from './table-names.ts'

/** Hand-set: addresses that another process appended, and did not place, wait for so long at most; ms. */
const LOOK_AGAIN_MS = 600_000
/** Addresses in memory at most; beyond it the table is looked through instead. */
const MOST_REMEMBERED = 200_000
const MOST_ASKED = 2_000
const COLUMNS = ['address', 'asn', 'organisation', 'country'] as const

export class Placement {
  readonly #clickhouse: ClickHouse
  readonly #place: Place
  readonly #waiting = new Set<string>()
  readonly #placed = new Set<string>()
  /** When the table must be looked through; `performance.now()`. */
  #lookAt = 0

  constructor(clickhouse: ClickHouse, place: Place) {
    this.#clickhouse = clickhouse
    this.#place = place
  }

  /** After they were appended. */
  note(addresses: Iterable<string>): void {
    for (const address of addresses) if (!this.#placed.has(address)) this.#waiting.add(address)
    if (this.#waiting.size <= MOST_REMEMBERED) return
    this.#waiting.clear()
    this.#lookAt = 0
  }

  async unplaced(limit: number): Promise<readonly string[]> {
    const now = performance.now()
    if (now >= this.#lookAt) {
      const found = await this.#look(null, limit)
      if (found.length >= limit) return found
      this.#lookAt = now + LOOK_AGAIN_MS
      for (const address of found) this.#waiting.add(address)
    }
    const found: string[] = []
    for (const asked of chunks([...this.#waiting], MOST_ASKED)) {
      const left = new Set(await this.#look(asked, asked.length))
      // Placed by somebody, or pruned.
      for (const address of asked) if (!left.has(address)) this.#waiting.delete(address)
      found.push(...left)
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  /** The other orders first: what stands in `address_place` counts as placed, so it must be there last. */
  async place(places: readonly AddressPlace[]): Promise<void> {
    if (places.length === 0) return
    const rows = places.map(({ address, asn, organisation, country }) => [
      address,
      asn ?? -1,
      organisation,
      country ?? '',
    ])
    for (const name of ['place_by_asn', 'place_by_country', 'address_place']) {
      await this.#clickhouse.insert(table(this.#place, name), COLUMNS, rows)
    }
    if (this.#placed.size + places.length > MOST_REMEMBERED) this.#placed.clear()
    for (const { address } of places) {
      this.#waiting.delete(address)
      this.#placed.add(address)
    }
  }

  /** `asked`: among these addresses; null: among all. */
  #look(asked: readonly string[] | null, limit: number): Promise<string[]> {
    const [seen, placed] =
      asked === null
        ? ['', '']
        : [
            `AND hash IN (SELECT ${hashOf('address', 'arrayJoin({asked:Array(String)})')})`,
            'WHERE address IN {asked:Array(String)}',
          ]
    return this.#clickhouse
      .rows<[string]>(
        `SELECT DISTINCT value FROM ${table(this.#place, 'first_seen')} WHERE kind = 'address' ${seen}
AND value GLOBAL NOT IN (SELECT address FROM ${table(this.#place, 'address_place')} ${placed})
LIMIT {rows:UInt32}`,
        { ...(asked !== null && { asked }), rows: limit },
      )
      .then((rows) => rows.flat())
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
