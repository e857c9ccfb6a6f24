import { beforeEach, describe, expect, test } from 'vitest'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { AddressPlace } from '../../src/core/model/seen-record.ts'
import { AddressPlacer } from '../../src/queue/address-placer.ts'

/** A history that knows addresses and where they are; it counts how often it was asked. */
class Addresses {
  readonly unknown = new Set<string>()
  readonly places: AddressPlace[] = []
  asked = 0
  failure: Error | null = null

  async unplaced(limit: number): Promise<readonly string[]> {
    this.asked += 1
    if (this.failure) throw this.failure
    return [...this.unknown].slice(0, limit)
  }

  async place(places: readonly AddressPlace[]): Promise<void> {
    for (const place of places) {
      this.unknown.delete(place.address)
      this.places.push(place)
    }
  }
}

const NOWHERE = { asn: null, organisation: null, country: null }

let history: Addresses
let databases: { hasAsn: boolean; hasCountry: boolean }
let placer: AddressPlacer
beforeEach(() => {
  history = new Addresses()
  databases = { hasAsn: true, hasCountry: true }
  const enrichment: Enrichment = {
    get hasAsn() {
      return databases.hasAsn
    },
    get hasCountry() {
      return databases.hasCountry
    },
    factsOf: (address) =>
      address.startsWith('192.0.2.') ? { asn: 64_500, organisation: 'Example', country: 'NL' } : NOWHERE,
  }
  placer = new AddressPlacer(history, enrichment)
})

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`)
}

describe('New addresses', () => {
  test('are placed as the databases know them, and those that they do not know as unknown', async () => {
    for (const address of ['192.0.2.1', '10.0.0.1']) history.unknown.add(address)
    await placer.run()
    expect(history.places).toEqual([
      { address: '192.0.2.1', asn: 64_500, organisation: 'Example', country: 'NL' },
      { address: '10.0.0.1', ...NOWHERE },
    ])
  })

  test('are looked for when rows were added since the last look, and not otherwise', async () => {
    await placer.run()
    expect(history.asked).toBe(1)
    await placer.run()
    expect(history.asked).toBe(1)
    placer.noteAppended()
    await placer.run()
    expect(history.asked).toBe(2)
  })

  test('wait for a database, and are placed once there is one', async () => {
    databases = { hasAsn: false, hasCountry: false }
    history.unknown.add('192.0.2.1')
    await placer.run()
    expect(history.asked).toBe(0)
    databases = { hasAsn: true, hasCountry: false }
    await placer.run()
    expect(history.places).toMatchObject([{ address: '192.0.2.1', asn: 64_500 }])
  })

  test('that are many are placed in several turns, and more than a run holds in the next one', async () => {
    for (const address of addresses(20_700)) history.unknown.add(address)
    await placer.run()
    expect(history.places.length).toBe(20_000)
    await placer.run()
    expect(history.places.length).toBe(20_700)
    expect(history.unknown.size).toBe(0)
  })

  test('are looked for again after history failed', async () => {
    history.unknown.add('192.0.2.1')
    history.failure = new Error('the disk is full')
    await expect(placer.run()).rejects.toThrow('the disk is full')
    history.failure = null
    await placer.run()
    expect(history.places.length).toBe(1)
  })

  test('are placed by one run at a time', async () => {
    history.unknown.add('192.0.2.1')
    const first = placer.run()
    placer.noteAppended()
    await Promise.all([first, placer.run()])
    expect(history.places.length).toBe(1)
  })

  test('are left alone once it is stopped', async () => {
    for (const address of addresses(1200)) history.unknown.add(address)
    const running = placer.run()
    await placer.stop()
    const asked = history.asked
    await running
    placer.noteAppended()
    await placer.run()
    expect(history.asked).toBe(asked)
  })
})
