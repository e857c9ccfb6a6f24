// Adding observations: every field comes back, and what was there already adds nothing, however it comes again.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packObservations } from '../../../src/core/outbox/pack-observations.ts'
import { FRAMED } from '../../../src/core/outbox/round-frames.ts'
import type { StoredObservation } from '../../../src/core/model/observation.ts'
import { sampleObservation, sampleObservations } from '../../store/history/sample-observations.ts'
import type { Stand } from '../history-store.ts'
import { idsOf, readAll, TARGET } from './observations.ts'

/** An entry of the observations streams with several rounds, as the commit script writes it. */
export function entryOf(rounds: readonly (readonly StoredObservation[])[]): Buffer {
  const framed = rounds.flatMap((rows) => {
    const packed = packObservations(rows)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(packed.length)
    return [length, packed]
  })
  return Buffer.concat([Buffer.of(FRAMED), ...framed])
}

export function describeAppending(stand: Stand): void {
  describe('appending', () => {
    test('gives every field back as it was', async () => {
      const rows = everyField()
      await stand.store.append(rows)
      expect(await readAll(stand.store)).toStrictEqual(rows)
    })

    test('gives any observation back as it was', async () => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(fc.array(anyParts(), { maxLength: 5 }), async (parts) => {
          run += 1
          const target = `zone:run${run}.example` as const
          const rows = parts.map((part, number) => sampleObservation(number, { target, ...part }))
          await stand.store.append(rows)
          const found = await readAll(stand.store, { targets: [target] })
          expect(found).toStrictEqual(found.map(({ id }) => rows.find((row) => row.id === id)))
          expect(found).toHaveLength(rows.length)
        }),
        { numRuns: 30 },
      )
    })

    test('takes entries of the streams as they lie there', async () => {
      const rows = sampleObservations(9)
      const ofAZone = sampleObservations(3, { target: 'zone:flux.example' })
      // A slice of a larger buffer, as a Redis client hands it out.
      const large = Buffer.concat([
        Buffer.alloc(100, 0xff),
        entryOf([rows.slice(0, 4), ofAZone]),
        Buffer.alloc(9),
      ])
      await stand.store.appendEntries([
        large.subarray(100, large.length - 9),
        packObservations(rows.slice(4, 6)),
        Buffer.from(JSON.stringify(rows.slice(6))),
        Buffer.alloc(0),
      ])
      expect(await readAll(stand.store)).toStrictEqual(rows)
      expect(await readAll(stand.store, { targets: ['zone:flux.example'] })).toStrictEqual(ofAZone)
    })

    test('rejects an entry in no known form', async () => {
      await expect(stand.store.appendEntries([Buffer.from([99, 1, 2])])).rejects.toThrow('version')
    })

    test('of a batch that was there already adds nothing', async () => {
      const rows = sampleObservations(20)
      await stand.store.append(rows)
      await stand.store.append(rows)
      await stand.store.appendEntries([packObservations(rows)])
      expect(await readAll(stand.store)).toStrictEqual(rows)
    })

    test('of a batch that was there in part adds the rest', async () => {
      await stand.store.append(sampleObservations(5))
      await stand.store.append(sampleObservations(12))
      expect(await readAll(stand.store)).toStrictEqual(sampleObservations(12))
    })

    test('of an id that is there leaves the first row as it was, also within one batch', async () => {
      const first = sampleObservation(0)
      await stand.store.append([first, { ...first, rttMs: 99 }])
      await stand.store.append([{ ...first, rttMs: 98 }])
      expect(await readAll(stand.store)).toStrictEqual([first])
    })

    test('of the same rows through two handles at once keeps each row once', async () => {
      const other = await stand.place.open()
      const rows = sampleObservations(3000)
      await Promise.all([
        stand.store.append(rows),
        other.append(rows),
        other.appendEntries([packObservations(rows.slice(1000))]),
      ])
      await other.close()
      expect(idsOf(await readAll(stand.store))).toStrictEqual(idsOf(rows))
    })

    test('of no rows and of no entries is fine', async () => {
      await stand.store.append([])
      await stand.store.appendEntries([])
      expect(await readAll(stand.store)).toStrictEqual([])
    })

    test('is seen by another handle as soon as it resolves', async () => {
      const other = await stand.place.open()
      await stand.store.append(sampleObservations(3))
      expect(await readAll(other)).toStrictEqual(sampleObservations(3))
      await other.close()
    })
  })
}

function everyField(): StoredObservation[] {
  const empty = { answer: [], authority: [], additional: [] }
  return [
    sampleObservation(0, {
      rttMs: 0.125,
      answer: [
        { name: 'www.flux.example', type: 'CNAME', ttlSeconds: 0, data: 'a.flux.example' },
        { name: 'a.flux.example', type: 'A', ttlSeconds: 2_147_483_647, data: '192.0.2.7' },
        { name: 'a.flux.example', type: 'A', ttlSeconds: 2_147_483_647, data: '192.0.2.8' },
        { name: 'a.flux.example', type: 'A', ttlSeconds: 5, data: '192.0.2.9' },
        { name: '', type: 'TXT', ttlSeconds: 1, data: '"quoted \\" 名前 \u0000 \n"' },
      ],
    }),
    sampleObservation(1, { outcome: 'failed', failure: 'vantage_down', rcode: 'TIMEOUT', ...empty }),
    sampleObservation(2, { outcome: 'nxdomain', rcode: 'NXDOMAIN', qtype: 'SOA', answer: [] }),
    sampleObservation(3, {
      freshness: 'fresh',
      authoritative: true,
      clientSubnetScope: 0,
      extendedErrors: [
        { code: 18, text: 'no "way" 名前' },
        { code: 0, text: '' },
      ],
      server: { name: 'ns1.flux.example', address: '2001:db8::1' },
      side: 'child',
    }),
    sampleObservation(4, {
      freshness: 'cached',
      authoritative: false,
      clientSubnetScope: 24,
      extendedErrors: [],
      server: { name: '', address: '' },
      side: 'parent',
    }),
    // Ids as rounds make them, with and without something after them, and one of another making.
    sampleObservation(5, { id: `${TARGET}/6@mjuo3gm0/direct/www.flux.example/AAAA` }),
    sampleObservation(6, { id: `${TARGET}/7@mjuo3gm0/quad9/www.flux.example/A/2`, rttMs: 1 / 3 }),
    sampleObservation(7, { id: `${TARGET}/8@mjuo3gm0/elsewhere` }),
    sampleObservation(8, {
      vantage: 'sensor:office',
      round: 0,
      told: { firstSeen: 1_700_000_000_000, count: 12 },
    }),
  ]
}

function anyParts() {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  const records = fc.array(
    fc.record({ name: text, type: text, ttlSeconds: fc.nat(), data: text }, { noNullPrototype: true }),
    { maxLength: 3 },
  )
  return fc.record(
    {
      at: fc.nat({ max: 4e12 }),
      rttMs: fc.double({ min: 0, max: 1e5, noNaN: true }).filter((value) => !Object.is(value, -0)),
      answer: records,
      authority: records,
      additional: records,
      freshness: fc.constantFrom('fresh' as const, 'cached' as const),
      authoritative: fc.boolean(),
      clientSubnetScope: fc.nat({ max: 128 }),
      extendedErrors: fc.array(fc.record({ code: fc.nat(), text }, { noNullPrototype: true }), {
        maxLength: 2,
      }),
      server: fc.record({ name: text, address: text }, { noNullPrototype: true }),
      side: fc.constantFrom('parent' as const, 'child' as const),
    },
    { requiredKeys: ['at'], noNullPrototype: true },
  )
}
