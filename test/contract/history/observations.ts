// A name's series between two times: filters, several targets, and thinned for plotting.
import { describe, expect, test } from 'vitest'
import type { ObservationQuery } from '../../../src/core/model/observation-query.ts'
import type { StoredObservation } from '../../../src/core/model/observation.ts'
import type { HistoryStore } from '../../../src/store/history/history-store.ts'
import { sampleObservations, START } from '../../store/history/sample-observations.ts'
import type { Stand } from '../history-store.ts'
import { allOf, pagesOf } from './asking.ts'
import { DAY_ONE, HOUR, sighted } from './sightings.ts'

export const TARGET = 'host:www.flux.example'

export const EVERYTHING: ObservationQuery = {
  targets: [TARGET],
  from: null,
  to: null,
  vantage: null,
  type: null,
  everyMs: null,
  cursor: null,
  limit: 1000,
}

export function readAll(
  store: HistoryStore,
  query: Partial<ObservationQuery> = {},
): Promise<StoredObservation[]> {
  return allOf((asked) => store.observations(asked), { ...EVERYTHING, ...query })
}

export function readPages(
  store: HistoryStore,
  query: Partial<ObservationQuery> = {},
): Promise<StoredObservation[][]> {
  return pagesOf((asked) => store.observations(asked), { ...EVERYTHING, ...query })
}

export const idsOf = (rows: readonly StoredObservation[]) => rows.map((row) => row.id)

export function describeObservations(stand: Stand): void {
  describe('observations', () => {
    test('take `from` as inclusive and `to` as exclusive', async () => {
      await stand.store.append(sampleObservations(10))
      const rows = await readAll(stand.store, { from: START + 3000, to: START + 6000 })
      expect(rows.map((row) => row.at)).toStrictEqual([START + 3000, START + 4000, START + 5000])
    })

    test('are filtered by vantage, by type and by both', async () => {
      const all = sampleObservations(12)
      await stand.store.append(all)
      expect(await readAll(stand.store, { vantage: 'google' })).toStrictEqual(
        all.filter((row) => row.vantage === 'google'),
      )
      expect(await readAll(stand.store, { type: 'AAAA' })).toStrictEqual(
        all.filter((row) => row.qtype === 'AAAA'),
      )
      expect(await readAll(stand.store, { vantage: 'google', type: 'AAAA', limit: 1 })).toStrictEqual(
        all.filter((row) => row.vantage === 'google' && row.qtype === 'AAAA'),
      )
      expect(await readAll(stand.store, { vantage: 'nobody' })).toStrictEqual([])
      expect(await readAll(stand.store, { type: 'TXT' })).toStrictEqual([])
    })

    test('of several targets are merged by time, each named once or twice, without others', async () => {
      const zone = sampleObservations(4, { target: 'zone:flux.example' })
      const host = sampleObservations(4).map((row) => ({ ...row, at: row.at + 1 }))
      await stand.store.append([
        ...zone,
        ...host,
        ...sampleObservations(4, { target: 'host:other.example' }),
        ...sampleObservations(4, { target: 'zone:www.flux.example' }),
      ])
      const targets = [TARGET, 'zone:flux.example', TARGET, 'host:never-seen.example'] as const
      expect(await readAll(stand.store, { targets })).toStrictEqual(
        [...zone, ...host].toSorted((left, right) => left.at - right.at),
      )
    })

    test('of no target are an empty page', async () => {
      await stand.store.append(sampleObservations(2))
      const page = await stand.store.observations({ ...EVERYTHING, targets: [] })
      expect(page).toStrictEqual({ items: [], next: null })
    })

    test('refuse a limit that is no positive whole number', async () => {
      for (const limit of [0, -1, 1.5, Number.NaN]) {
        await expect(stand.store.observations({ ...EVERYTHING, limit })).rejects.toThrow(RangeError)
      }
    })
  })

  describe('thinned observations', () => {
    const round = (number: number, at: number, vantages: readonly string[] = ['quad9', 'google']) =>
      vantages.map((vantage, index) =>
        sighted({ name: 'www.flux.example', at: at + index * 100, vantage, round: number }),
      )

    test('are the first round of each window, all of it, and nothing else', async () => {
      const rounds = [
        // Windows begin at multiples of their length, not at the first row.
        round(1, DAY_ONE + HOUR - 60_000),
        round(2, DAY_ONE + HOUR + 60_000),
        round(3, DAY_ONE + HOUR + 120_000),
        // An hour without any lies between.
        round(4, DAY_ONE + 3 * HOUR),
        round(5, DAY_ONE + 4 * HOUR - 1000),
      ]
      await stand.store.append(rounds.flat().toReversed())
      const kept = [...rounds[0]!, ...rounds[1]!, ...rounds[3]!]
      for (const limit of [1, 2, 3, 100]) {
        expect(await readAll(stand.store, { everyMs: HOUR, limit })).toStrictEqual(kept)
      }
    })

    test('begin at `from`, end before `to`, and are first filtered, then thinned', async () => {
      const rounds = [1, 2, 3, 4].map((number) => round(number, DAY_ONE + number * 60_000))
      const late = round(5, DAY_ONE + 10 * 60_000, ['late'])
      await stand.store.append([...rounds.flat(), ...late])
      expect(
        await readAll(stand.store, { everyMs: HOUR, from: DAY_ONE + 150_000, to: DAY_ONE + 200_000 }),
      ).toStrictEqual(rounds[2])
      expect(await readAll(stand.store, { everyMs: HOUR, vantage: 'late' })).toStrictEqual(late)
    })

    test('of several targets are thinned each by itself', async () => {
      const zone = [10, 20].map((minute) =>
        sighted({ name: 'flux.example', zone: true, at: DAY_ONE + minute * 60_000, round: minute }),
      )
      const host = [15, 25].flatMap((minute) => round(minute, DAY_ONE + minute * 60_000))
      await stand.store.append([...zone, ...host])
      const targets = [TARGET, 'zone:flux.example'] as const
      for (const limit of [1, 2, 50]) {
        expect(await readAll(stand.store, { targets, everyMs: HOUR, limit })).toStrictEqual([
          zone[0],
          host[0],
          host[1],
        ])
      }
    })

    test('take of a sensor what it had in the first millisecond', async () => {
      const sensed = [0, 5000].map((after) =>
        sighted({ name: 'www.flux.example', at: DAY_ONE + after, vantage: 'sensor:office' }),
      )
      await stand.store.append([...sensed, ...round(1, DAY_ONE + 60_000)])
      expect(await readAll(stand.store, { everyMs: HOUR })).toStrictEqual([sensed[0]])
    })

    test('go on from their place while rows arrive', async () => {
      const rounds = Array.from({ length: 6 }, (_, hour) => round(hour + 1, DAY_ONE + hour * HOUR))
      await stand.store.append(rounds.slice(0, 4).flat())
      const first = await stand.store.observations({ ...EVERYTHING, everyMs: HOUR, limit: 3 })
      await stand.store.append(rounds.slice(4).flat())
      const rest = await readAll(stand.store, { everyMs: HOUR, limit: 3, cursor: first.next })
      expect([...first.items, ...rest]).toStrictEqual(rounds.flat())
    })

    test('read little of a long series', async () => {
      await stand.store.append(
        sampleObservations(2000).map((row, number) => ({ ...row, round: Math.floor(number / 2) + 1 })),
      )
      const rows = await readAll(stand.store, { everyMs: 600_000 })
      expect(rows.map(({ at }) => (at - START) / 1000)).toStrictEqual([
        0, 1, 600, 601, 1200, 1201, 1800, 1801,
      ])
    })
  })
}
