// What a day brought.
import { describe, expect, test } from 'vitest'
import type { DayQuery } from '../../../src/core/model/seen-record.ts'
import type { Stand } from '../history-store.ts'
import { allOf } from './asking.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

export function describeStatistics(stand: Stand): void {
  const days = (query: Partial<DayQuery> = {}) =>
    allOf((page) => stand.store.statistics(page), {
      from: null,
      to: null,
      cursor: null,
      limit: 100,
      ...query,
    })

  describe('daily statistics', () => {
    const rows = [
      sighted({ name: 'a.example', at: DAY_ONE, answer: ['A 192.0.2.1', 'A 192.0.2.2'] }),
      sighted({ name: 'a.example', at: DAY_ONE + DAY - 1, answer: [] }),
      {
        ...sighted({ name: 'a.example', at: DAY_ONE + HOUR, vantage: 'down' }),
        outcome: 'failed' as const,
        failure: 'timeout' as const,
      },
      { ...sighted({ name: 'a.example', at: DAY_ONE + 2 * HOUR }), outcome: 'nxdomain' as const },
      sighted({ name: 'b.example', at: DAY_ONE + 2 * DAY, answer: ['A 192.0.2.1', 'NS ns.example'] }),
      sighted({ name: 'a.example', at: DAY_ONE + 2 * DAY, answer: ['A 192.0.2.1'] }),
      sighted({
        name: 'b.example',
        at: DAY_ONE + 2 * DAY + 1,
        answer: ['A 192.0.2.3'],
        vantage: 'sensor:office',
      }),
    ]
    const dayOne = {
      day: DAY_ONE,
      answer: 1,
      nodata: 1,
      nxdomain: 1,
      failed: 1,
      sensorObservations: 0,
      newRecords: 2,
      newNames: 1,
      newAddresses: 2,
    }
    const dayThree = {
      day: DAY_ONE + 2 * DAY,
      answer: 2,
      nodata: 0,
      nxdomain: 0,
      failed: 0,
      sensorObservations: 1,
      newRecords: 3,
      newNames: 1,
      newAddresses: 1,
    }

    test('count observations by outcome, sensors apart, and what was seen for the first time', async () => {
      await stand.store.append(rows)
      await stand.store.append(rows.toReversed())
      expect(await days()).toStrictEqual([dayOne, dayThree])
      expect(await days({ limit: 1 })).toStrictEqual([dayOne, dayThree])
    })

    test('are of the days that overlap the two times', async () => {
      await stand.store.append(rows)
      expect(await days({ from: DAY_ONE + DAY })).toStrictEqual([dayThree])
      expect(await days({ from: DAY_ONE + DAY - 1, to: DAY_ONE + 2 * DAY })).toStrictEqual([dayOne])
      expect(await days({ to: DAY_ONE + 2 * DAY + 1 })).toStrictEqual([dayOne, dayThree])
      expect(await days({ from: DAY_ONE - DAY, to: DAY_ONE })).toStrictEqual([])
    })

    test('move what is new to the earlier day when that is brought later', async () => {
      const { store } = stand
      await store.append([sighted({ name: 'a.example', at: DAY_ONE + DAY, answer: ['A 192.0.2.1'] })])
      const nothingNew = { newRecords: 0, newNames: 0, newAddresses: 0 }
      const allNew = { newRecords: 1, newNames: 1, newAddresses: 1 }
      expect(await days()).toMatchObject([{ day: DAY_ONE + DAY, ...allNew }])
      await store.append([sighted({ name: 'a.example', at: DAY_ONE + HOUR, answer: ['A 192.0.2.1'] })])
      expect(await days()).toMatchObject([
        { day: DAY_ONE, ...allNew },
        { day: DAY_ONE + DAY, ...nothingNew },
      ])
      // Told of a day without observations: such a day is left out, and what was new on it is new on no other.
      await store.append([
        sighted({
          name: 'a.example',
          at: DAY_ONE + DAY + HOUR,
          answer: ['A 192.0.2.1'],
          vantage: 'sensor:pdns',
          told: { firstSeen: DAY_ONE - 5 * DAY, count: 2 },
        }),
      ])
      expect(await days()).toMatchObject([
        { day: DAY_ONE, ...nothingNew },
        { day: DAY_ONE + DAY, ...nothingNew, answer: 1, sensorObservations: 1 },
      ])
    })
  })
}
