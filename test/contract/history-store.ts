// What every history implementation must do. A function of a factory, so that SQLite and ClickHouse run the same suite.
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import type { ObservationQuery } from '../../src/core/model/observation-query.ts'
import { encodeCursor } from '../../src/store/history/page-cursor.ts'
import { sampleObservation, sampleObservations, START } from '../store/history/sample-observations.ts'

/** Somewhere empty where a history can live: a file, a database. */
export interface HistoryPlace {
  /** Opens one more handle on the same rows. */
  open(): Promise<HistoryStore>
  remove(): Promise<void>
}

const TARGET = 'host:www.flux.example'
const EVERYTHING: ObservationQuery = {
  targets: [TARGET],
  from: null,
  to: null,
  vantage: null,
  type: null,
  cursor: null,
  limit: 1000,
}

async function readPages(
  store: HistoryStore,
  query: Partial<ObservationQuery>,
): Promise<StoredObservation[][]> {
  const pages: StoredObservation[][] = []
  let cursor = query.cursor ?? null
  do {
    const page = await store.observations({ ...EVERYTHING, ...query, cursor })
    pages.push([...page.items])
    cursor = page.next
  } while (cursor !== null)
  return pages
}

async function readAll(store: HistoryStore, query: Partial<ObservationQuery> = {}) {
  return (await readPages(store, query)).flat()
}

const base64 = (text: string) => Buffer.from(text).toString('base64url')
const ids = (rows: readonly StoredObservation[]) => rows.map((row) => row.id)

export function describeHistoryStore(name: string, makePlace: () => Promise<HistoryPlace>): void {
  describe(`${name} as a history store`, () => {
    let place: HistoryPlace
    let store: HistoryStore

    beforeEach(async () => {
      place = await makePlace()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.remove()
    })

    describe('appending', () => {
      test('gives every field back as it was', async () => {
        const rows = [
          sampleObservation(0, {
            rttMs: 0.125,
            answer: [
              { name: 'www.flux.example', type: 'CNAME', ttlSeconds: 0, data: 'a.flux.example' },
              { name: 'a.flux.example', type: 'A', ttlSeconds: 2_147_483_647, data: '192.0.2.7' },
              { name: '', type: 'TXT', ttlSeconds: 1, data: '"quoted \\" 名前 \u0000 \n"' },
            ],
          }),
          sampleObservation(1, {
            outcome: 'failed',
            failure: 'vantage_down',
            rcode: 'TIMEOUT',
            answer: [],
            authority: [],
            additional: [],
          }),
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
        ]
        await store.append(rows)
        expect(await readAll(store)).toStrictEqual(rows)
      })

      test('gives any observation back as it was', async () => {
        const text = fc.string({ unit: 'grapheme', maxLength: 12 })
        const records = fc.array(
          fc.record({ name: text, type: text, ttlSeconds: fc.nat(), data: text }, { noNullPrototype: true }),
          { maxLength: 3 },
        )
        const observation = fc.record(
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
        let run = 0
        await fc.assert(
          fc.asyncProperty(fc.array(observation, { maxLength: 5 }), async (parts) => {
            run += 1
            const target = `zone:run${run}.example` as const
            const rows = parts.map((part, number) => sampleObservation(number, { target, ...part }))
            await store.append(rows)
            const found = await readAll(store, { targets: [target] })
            expect(found).toStrictEqual(found.map(({ id }) => rows.find((row) => row.id === id)))
            expect(found).toHaveLength(rows.length)
          }),
          { numRuns: 30 },
        )
      })

      test('of a batch that was there already adds nothing', async () => {
        const rows = sampleObservations(20)
        await store.append(rows)
        await store.append(rows)
        expect(await readAll(store)).toStrictEqual(rows)
      })

      test('of a batch that was there in part adds the rest', async () => {
        await store.append(sampleObservations(5))
        await store.append(sampleObservations(12))
        expect(await readAll(store)).toStrictEqual(sampleObservations(12))
      })

      test('of an id that is there leaves the first row as it was, also within one batch', async () => {
        const first = sampleObservation(0)
        await store.append([first, { ...first, rttMs: 99 }])
        await store.append([{ ...first, rttMs: 98, at: first.at + 5 }])
        expect(await readAll(store)).toStrictEqual([first])
      })

      test('of the same rows through two handles at once keeps each row once', async () => {
        const other = await place.open()
        const rows = sampleObservations(3000)
        await Promise.all([store.append(rows), other.append(rows), other.append(rows.slice(1000))])
        await other.close()
        expect(ids(await readAll(store))).toStrictEqual(ids(rows))
      })

      test('of no rows is fine', async () => {
        await store.append([])
        expect(await readAll(store)).toStrictEqual([])
      })

      test('is seen by another handle as soon as it resolves', async () => {
        const other = await place.open()
        await store.append(sampleObservations(3))
        expect(await readAll(other)).toStrictEqual(sampleObservations(3))
        await other.close()
      })
    })

    describe('querying', () => {
      test('takes `from` as inclusive and `to` as exclusive', async () => {
        await store.append(sampleObservations(10))
        const rows = await readAll(store, { from: START + 3000, to: START + 6000 })
        expect(rows.map((row) => row.at)).toStrictEqual([START + 3000, START + 4000, START + 5000])
      })

      test('filters by vantage, by type and by both', async () => {
        await store.append(sampleObservations(12))
        const all = sampleObservations(12)
        expect(await readAll(store, { vantage: 'google' })).toStrictEqual(
          all.filter((row) => row.vantage === 'google'),
        )
        expect(await readAll(store, { type: 'AAAA' })).toStrictEqual(
          all.filter((row) => row.qtype === 'AAAA'),
        )
        expect(await readAll(store, { vantage: 'google', type: 'AAAA', limit: 1 })).toStrictEqual(
          all.filter((row) => row.vantage === 'google' && row.qtype === 'AAAA'),
        )
        expect(await readAll(store, { vantage: 'nobody' })).toStrictEqual([])
      })

      test('merges several targets by time, each named once or twice, and leaves others out', async () => {
        const zone = sampleObservations(4, { target: 'zone:flux.example' })
        const host = sampleObservations(4)
        await store.append([...zone, ...host, ...sampleObservations(4, { target: 'host:other.example' })])
        const expected = [...zone, ...host].toSorted(
          (left, right) => left.at - right.at || (left.id < right.id ? -1 : 1),
        )
        const targets = [TARGET, 'zone:flux.example', TARGET, 'host:never-seen.example'] as const
        expect(await readAll(store, { targets })).toStrictEqual(expected)
      })

      test('of no target answers an empty page', async () => {
        await store.append(sampleObservations(2))
        expect(await store.observations({ ...EVERYTHING, targets: [] })).toStrictEqual({
          items: [],
          next: null,
        })
      })

      test('refuses a limit that is no positive whole number', async () => {
        for (const limit of [0, -1, 1.5, Number.NaN]) {
          await expect(store.observations({ ...EVERYTHING, limit })).rejects.toThrow(RangeError)
        }
      })
    })

    describe('paging', () => {
      test('brings every row once and in order, whatever the limit', async () => {
        // Sevenfold ties in time: only the id tells these rows apart.
        const rows = sampleObservations(60).map((row, number) => ({
          ...row,
          at: START + Math.floor(number / 7),
        }))
        await store.append(rows)
        const expected = ids(rows).toSorted((left, right) => {
          const [a, b] = [left, right].map((id) => rows.find((row) => row.id === id)!)
          return a!.at - b!.at || (left < right ? -1 : 1)
        })
        for (const limit of [1, 7, 59, 60, 61]) {
          const pages = await readPages(store, { limit })
          expect(ids(pages.flat())).toStrictEqual(expected)
          expect(pages.map((page) => page.length)).toStrictEqual(
            Array.from({ length: Math.ceil(60 / limit) }, (_, page) => Math.min(limit, 60 - page * limit)),
          )
        }
      })

      test('brings every row once for more targets than one statement takes', async () => {
        const targets = Array.from({ length: 250 }, (_, number) => `host:h${number}.example` as const)
        await store.append(targets.flatMap((target) => sampleObservations(2, { target })))
        const rows = await readAll(store, { targets, limit: 77 })
        expect(rows).toHaveLength(500)
        expect(new Set(ids(rows)).size).toBe(500)
        expect(rows.map((row) => row.at)).toStrictEqual(
          rows.map((row) => row.at).toSorted((left, right) => left - right),
        )
      })

      test('goes on from its place while rows arrive before, at and after it', async () => {
        await store.append(sampleObservations(10))
        const first = await store.observations({ ...EVERYTHING, limit: 4 })
        await store.append([
          sampleObservation(0, { id: 'late', at: START + 500 }),
          sampleObservation(0, { id: '!same-time-lower-id', at: START + 3000 }),
          sampleObservation(0, { id: '~same-time-higher-id', at: START + 3000 }),
          sampleObservation(10),
        ])
        const rest = await readAll(store, { limit: 4, cursor: first.next })
        expect(ids(rest)).toStrictEqual(['~same-time-higher-id', ...ids(sampleObservations(11)).slice(4)])
      })

      test('keeps to its filters and bounds', async () => {
        await store.append(sampleObservations(40))
        const query = { from: START + 5000, to: START + 31_000, vantage: 'quad9', type: 'A' }
        const expected = sampleObservations(40).filter(
          (row) => row.at >= query.from && row.at < query.to && row.vantage === 'quad9' && row.qtype === 'A',
        )
        expect(await readAll(store, { ...query, limit: 2 })).toStrictEqual(expected)
      })

      test('starts at `from` when the cursor lies before it', async () => {
        await store.append(sampleObservations(10))
        const { next } = await store.observations({ ...EVERYTHING, limit: 2 })
        const rest = await readAll(store, { from: START + 6000, cursor: next })
        expect(ids(rest)).toStrictEqual(ids(sampleObservations(10)).slice(6))
      })

      test('goes on when the row of its cursor was pruned', async () => {
        await store.append(sampleObservations(10))
        const { next } = await store.observations({ ...EVERYTHING, limit: 3 })
        await store.prune(START + 5000)
        expect(ids(await readAll(store, { cursor: next }))).toStrictEqual(
          ids(sampleObservations(10)).slice(5),
        )
      })

      test('refuses every cursor that it did not make', async () => {
        const good = encodeCursor({ at: START, id: 'x' })
        const bad = [
          '',
          'x',
          '!',
          `${good}=`,
          `${good}A`,
          base64('[1]'),
          base64('["1","x"]'),
          base64('[1,2]'),
        ]
        for (const cursor of [
          ...bad,
          base64('{}'),
          base64('null'),
          base64('[1,"x",2]'),
          base64('[ 1,"x"]'),
        ]) {
          await expect(store.observations({ ...EVERYTHING, cursor })).rejects.toMatchObject({
            code: 'FLUX_INVALID',
            message: expect.stringContaining('`cursor`'),
            errors: [expect.objectContaining({ pointer: '/cursor' })],
          })
        }
      })
    })

    describe('pruning', () => {
      test('removes what is older, keeps what is as old, and counts', async () => {
        await store.append([
          ...sampleObservations(10),
          ...sampleObservations(10, { target: 'zone:flux.example' }),
        ])
        expect(await store.prune(START + 4000)).toBe(8)
        expect(await store.prune(START + 4000)).toBe(0)
        expect(ids(await readAll(store))).toStrictEqual(ids(sampleObservations(10)).slice(4))
      })

      test('removes more than one slice', async () => {
        await store.append(sampleObservations(4500))
        expect(await store.prune(START + 4_400_000)).toBe(4400)
        expect(await readAll(store)).toHaveLength(100)
      })
    })

    describe('closing', () => {
      test('keeps what was appended', async () => {
        await store.append(sampleObservations(5))
        await store.close()
        store = await place.open()
        expect(await readAll(store)).toStrictEqual(sampleObservations(5))
      })

      test('waits for an append that is under way', async () => {
        const appended = store.append(sampleObservations(2500))
        await store.close()
        await appended
        store = await place.open()
        expect(await readAll(store)).toHaveLength(2500)
      })

      test('makes later calls reject, the check say so, and a second close do nothing', async () => {
        expect(await store.check()).toMatchObject({ ok: true })
        await store.close()
        await store.close()
        await expect(store.append(sampleObservations(1))).rejects.toMatchObject({ code: 'FLUX_DRAINING' })
        await expect(store.observations(EVERYTHING)).rejects.toMatchObject({ code: 'FLUX_DRAINING' })
        await expect(store.prune(0)).rejects.toMatchObject({ code: 'FLUX_DRAINING' })
        expect(await store.check()).toStrictEqual({ ok: false, detail: 'The history is closed' })
      })
    })
  })
}
