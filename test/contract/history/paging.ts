// Pages of observations: each row once, in an order that does not change, while rows arrive and go.
import { describe, expect, test } from 'vitest'
import { sampleObservation, sampleObservations, START } from '../../store/history/sample-observations.ts'
import { encodeCursor } from '../../../src/store/history/page-cursor.ts'
import type { Stand } from '../history-store.ts'
import { EVERYTHING, idsOf, readAll, readPages } from './observations.ts'
import { DAY_ONE, sighted } from './sightings.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64url')

export function describePaging(stand: Stand): void {
  describe('paging', () => {
    test('brings every row once and in the same order, whatever the limit', async () => {
      // Sevenfold ties in time.
      const rows = sampleObservations(60).map((row, number) => ({
        ...row,
        at: START + Math.floor(number / 7),
      }))
      await stand.store.append(rows)
      const whole = await readAll(stand.store)
      expect(whole.map(({ at }) => at)).toStrictEqual(rows.map(({ at }) => at))
      expect(idsOf(whole).toSorted()).toStrictEqual(idsOf(rows).toSorted())
      for (const limit of [1, 7, 59, 60, 61]) {
        const pages = await readPages(stand.store, { limit })
        expect(idsOf(pages.flat())).toStrictEqual(idsOf(whole))
        expect(pages.map((page) => page.length)).toStrictEqual(
          Array.from({ length: Math.ceil(60 / limit) }, (_, page) => Math.min(limit, 60 - page * limit)),
        )
      }
    })

    test('brings every row once for hundreds of targets', async () => {
      const targets = Array.from({ length: 250 }, (_, number) => `host:h${number}.example` as const)
      await stand.store.append(targets.flatMap((target) => sampleObservations(2, { target })))
      const rows = await readAll(stand.store, { targets, limit: 77 })
      expect(rows).toHaveLength(500)
      expect(new Set(idsOf(rows)).size).toBe(500)
      expect(rows.map((row) => row.at)).toStrictEqual(
        rows.map((row) => row.at).toSorted((left, right) => left - right),
      )
    })

    test('goes on from its place while rows arrive before, at and after it', async () => {
      const rows = sampleObservations(10)
      await stand.store.append(rows)
      const first = await stand.store.observations({ ...EVERYTHING, limit: 4 })
      const sameTime = Array.from({ length: 8 }, (_, number) =>
        sampleObservation(0, { id: `same time ${number}`, at: START + 3000 }),
      )
      await stand.store.append([
        sampleObservation(0, { id: 'late', at: START + 500 }),
        ...sameTime,
        sampleObservation(10),
      ])
      const rest = idsOf(await readAll(stand.store, { limit: 4, cursor: first.next }))
      // Those of the same time are before or after the place; nothing else is touched.
      expect(rest.filter((id) => !id.startsWith('same time'))).toStrictEqual(
        idsOf([...rows.slice(4), sampleObservation(10)]),
      )
      expect(new Set(rest).size).toBe(rest.length)
    })

    test('keeps to its filters and bounds', async () => {
      await stand.store.append(sampleObservations(40))
      const query = { from: START + 5000, to: START + 31_000, vantage: 'quad9', type: 'A' }
      const expected = sampleObservations(40).filter(
        (row) => row.at >= query.from && row.at < query.to && row.vantage === 'quad9' && row.qtype === 'A',
      )
      expect(await readAll(stand.store, { ...query, limit: 2 })).toStrictEqual(expected)
    })

    test('starts at `from` when the cursor lies before it', async () => {
      await stand.store.append(sampleObservations(10))
      const { next } = await stand.store.observations({ ...EVERYTHING, limit: 2 })
      const rest = await readAll(stand.store, { from: START + 6000, cursor: next })
      expect(idsOf(rest)).toStrictEqual(idsOf(sampleObservations(10)).slice(6))
    })

    test('goes on when the row of its cursor was pruned', async () => {
      await stand.store.append(sampleObservations(10))
      const { next } = await stand.store.observations({ ...EVERYTHING, limit: 3 })
      await stand.store.prune(START + 5000)
      expect(idsOf(await readAll(stand.store, { cursor: next }))).toStrictEqual(
        idsOf(sampleObservations(10)).slice(5),
      )
    })

    test('refuses every cursor that it did not make, whatever is asked', async () => {
      await stand.store.append([
        sighted({ name: 'a.example', at: DAY_ONE, answer: ['A 192.0.2.1', 'A 192.0.2.2'] }),
      ])
      const records = { name: 'a.example', type: null, seenSince: null, limit: 1, cursor: null }
      const good = (await stand.store.records(records)).next!
      const bad = [
        '',
        'x',
        '!',
        `${good}=`,
        `${good}A`,
        encodeCursor('records', []),
        encodeCursor('pivot', [1]),
      ]
      for (const text of ['[1]', '{}', 'null', '[1,"x",2]', '["observations"]', '["records",null]']) {
        bad.push(base64(text))
      }
      const { store } = stand
      const span = { from: 0, to: DAY_ONE }
      const questions: ((cursor: string) => Promise<unknown>)[] = [
        (cursor) => store.observations({ ...EVERYTHING, cursor }),
        (cursor) => store.recordsAt({ pivot: { kind: 'asn', asn: 1 }, seenSince: null, limit: 1, cursor }),
        (cursor) => store.changes({ name: 'a.example', ...span, limit: 1, cursor }),
        (cursor) => store.newAddresses({ names: ['a.example'], ...span, limit: 1, cursor }),
        (cursor) => store.statistics({ ...span, limit: 1, cursor }),
      ]
      const isRefused = async (answer: Promise<unknown>) =>
        expect(answer).rejects.toMatchObject({
          code: 'FLUX_INVALID',
          message: expect.stringContaining('`cursor`'),
          errors: [expect.objectContaining({ pointer: '/cursor' })],
        })
      for (const cursor of bad) await isRefused(store.records({ ...records, cursor }))
      for (const ask of questions) for (const cursor of [...bad, good]) await isRefused(ask(cursor))
      expect((await store.records({ ...records, cursor: good })).items).toHaveLength(1)
    })
  })
}
