// An address through everything that it served.
import { describe, expect, test } from 'vitest'
import type { Stand } from '../history-store.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

export function describeLife(stand: Stand): void {
  const see = (name: string, at: number, rest: Partial<Parameters<typeof sighted>[0]> = {}) =>
    sighted({ name, at, answer: ['A 192.0.2.1'], ...rest })

  describe('the life of an address', () => {
    test('has its names, its hours together where they touch, and the time between', async () => {
      await stand.store.append([
        see('a.example', DAY_ONE + 22 * HOUR + 5),
        see('b.example', DAY_ONE + 22 * HOUR + 50),
        see('b.example', DAY_ONE + 23 * HOUR + 59),
        // The first hour of the next day goes on from it.
        see('a.example', DAY_ONE + DAY),
        see('c.example', DAY_ONE + DAY + 4 * HOUR, {
          answer: ['NS ns.c.example'],
          additional: ['ns.c.example A 192.0.2.1'],
        }),
        see('a.example', DAY_ONE + 3 * DAY + HOUR, { vantage: 'sensor:office' }),
      ])
      expect(await stand.store.life('192.0.2.1')).toStrictEqual({
        address: '192.0.2.1',
        asn: null,
        organisation: null,
        country: null,
        firstSeen: DAY_ONE + 22 * HOUR + 5,
        lastSeen: DAY_ONE + 3 * DAY + HOUR,
        names: 3,
        intervals: [
          { from: DAY_ONE + 22 * HOUR, to: DAY_ONE + DAY + HOUR },
          { from: DAY_ONE + DAY + 4 * HOUR, to: DAY_ONE + DAY + 5 * HOUR },
          { from: DAY_ONE + 3 * DAY + HOUR, to: DAY_ONE + 3 * DAY + 2 * HOUR },
        ],
        idleMs: 3 * HOUR + 44 * HOUR,
      })
    })

    test('is the same in whatever order, and however often, its observations come', async () => {
      const rows = [30, 2, 1, 3, 26, 27, 2].map((hour, index) =>
        see(`n${index % 2}.example`, DAY_ONE + hour * HOUR + index, { round: index + 1 }),
      )
      for (const row of rows) await stand.store.append([row])
      await stand.store.append(rows)
      expect(await stand.store.life('192.0.2.1')).toMatchObject({
        names: 2,
        intervals: [
          { from: DAY_ONE + HOUR, to: DAY_ONE + 4 * HOUR },
          { from: DAY_ONE + 26 * HOUR, to: DAY_ONE + 28 * HOUR },
          { from: DAY_ONE + 30 * HOUR, to: DAY_ONE + 31 * HOUR },
        ],
        idleMs: 24 * HOUR,
      })
    })

    test('says where it was placed first, and is null of an address that was never seen', async () => {
      await stand.store.append([see('a.example', DAY_ONE)])
      const place = { address: '192.0.2.1', asn: 64_500, organisation: 'Net', country: 'NL' }
      await stand.store.place([place])
      await stand.store.place([{ ...place, country: 'DE' }])
      expect(await stand.store.life('192.0.2.1')).toMatchObject({ ...place, idleMs: 0 })
      expect(await stand.store.life('192.0.2.2')).toBeNull()
    })

    test('begins when a sensor says so, with an hour only where it was observed', async () => {
      await stand.store.append([
        see('a.example', DAY_ONE, {
          vantage: 'sensor:pdns',
          told: { firstSeen: DAY_ONE - 9 * DAY, count: 4 },
        }),
      ])
      expect(await stand.store.life('192.0.2.1')).toMatchObject({
        firstSeen: DAY_ONE - 9 * DAY,
        intervals: [{ from: DAY_ONE, to: DAY_ONE + HOUR }],
      })
    })
  })
}
