// What was seen of a name: each record with its times, counts and who had it; and what changed between two times.
import { describe, expect, test } from 'vitest'
import type { ChangeQuery, RecordQuery, SeenRecord } from '../../../src/core/model/seen-record.ts'
import type { HistoryStore } from '../../../src/store/history/history-store.ts'
import type { Stand } from '../history-store.ts'
import { allOf, pagesOf } from './asking.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

export function recordsOf(
  store: HistoryStore,
  name: string,
  query: Partial<RecordQuery> = {},
): Promise<SeenRecord[]> {
  const asked = { name, type: null, seenSince: null, cursor: null, limit: 100, ...query }
  return allOf((page) => store.records(page), asked)
}

export const dataOf = (records: readonly SeenRecord[]) => records.map(({ type, data }) => `${type} ${data}`)

export function describeRecords(stand: Stand): void {
  const name = 'www.flux.example'
  const see = (at: number, answer: readonly string[], rest: Partial<Parameters<typeof sighted>[0]> = {}) =>
    sighted({ name, at, answer, ...rest })

  describe('records', () => {
    test('have the first and the last time, the count and the vantages', async () => {
      await stand.store.append([
        see(DAY_ONE + HOUR, ['A 192.0.2.1', 'A 192.0.2.2'], { vantage: 'quad9' }),
        see(DAY_ONE + 2 * HOUR, ['A 192.0.2.2'], { vantage: 'google' }),
        see(DAY_ONE + 3 * HOUR, ['A 192.0.2.2', 'A 192.0.2.2'], { vantage: 'google' }),
        see(DAY_ONE + 4 * HOUR, []),
      ])
      // Later, and of before.
      await stand.store.append([see(DAY_ONE, ['A 192.0.2.2'], { vantage: 'direct' })])
      expect(await recordsOf(stand.store, name)).toStrictEqual([
        {
          name,
          type: 'A',
          data: '192.0.2.1',
          firstSeen: DAY_ONE + HOUR,
          lastSeen: DAY_ONE + HOUR,
          count: 1,
          sensorCount: 0,
          vantages: ['quad9'],
        },
        {
          name,
          type: 'A',
          data: '192.0.2.2',
          firstSeen: DAY_ONE,
          lastSeen: DAY_ONE + 3 * HOUR,
          count: 4,
          sensorCount: 0,
          vantages: ['direct', 'google', 'quad9'],
        },
      ])
    })

    test('are counted once for each observation, however it comes again', async () => {
      const rows = [0, 1, 2, 3].map((hour) => see(DAY_ONE + hour * HOUR, ['A 192.0.2.1']))
      await stand.store.append(rows.slice(0, 3))
      await stand.store.append(rows.slice(1))
      await stand.store.append([rows[3]!, rows[3]!, rows[0]!])
      expect(await recordsOf(stand.store, name)).toMatchObject([
        { count: 4, firstSeen: DAY_ONE, lastSeen: DAY_ONE + 3 * HOUR },
      ])
    })

    test('are addresses, aliases and name servers: also what a delegation tells', async () => {
      await stand.store.append([
        sighted({
          name: 'flux.example',
          zone: true,
          at: DAY_ONE,
          qtype: 'NS',
          answer: [
            'NS ns1.flux.example',
            'SOA a b 1 2 3 4 5',
            'TXT "x"',
            'www.flux.example CNAME flux.example',
          ],
          authority: ['NS ns2.flux.example', 'A 192.0.2.200'],
          additional: [
            'ns1.flux.example A 198.51.100.1',
            'ns1.flux.example AAAA 2001:db8::53',
            'NS ns3.x.example',
          ],
        }),
      ])
      expect(dataOf(await recordsOf(stand.store, 'flux.example'))).toStrictEqual([
        'NS ns1.flux.example',
        'NS ns2.flux.example',
      ])
      expect(dataOf(await recordsOf(stand.store, 'www.flux.example'))).toStrictEqual(['CNAME flux.example'])
      expect(dataOf(await recordsOf(stand.store, 'ns1.flux.example'))).toStrictEqual([
        'A 198.51.100.1',
        'AAAA 2001:db8::53',
      ])
    })

    test('of sensors are counted apart, and at least as often as a sensor says', async () => {
      const firstSeen = DAY_ONE - 30 * DAY
      const sum = see(DAY_ONE + HOUR, ['A 192.0.2.1'], {
        vantage: 'sensor:pdns',
        told: { firstSeen, count: 12 },
      })
      const single = [2, 3].map((hour) =>
        see(DAY_ONE + hour * HOUR, ['A 192.0.2.1'], { vantage: 'sensor:office' }),
      )
      await stand.store.append([see(DAY_ONE, ['A 192.0.2.1']), sum, ...single])
      const expected = {
        firstSeen,
        lastSeen: DAY_ONE + 3 * HOUR,
        count: 1,
        sensorCount: 12,
        vantages: ['quad9', 'sensor:office', 'sensor:pdns'],
      }
      expect(await recordsOf(stand.store, name)).toMatchObject([expected])
      // The same sum again, a smaller one and a larger one.
      const told = (count: number, at: number) => ({
        ...sum,
        id: `sum ${count}`,
        at,
        told: { firstSeen, count },
      })
      await stand.store.append([sum, told(9, DAY_ONE), ...single])
      expect(await recordsOf(stand.store, name)).toMatchObject([expected])
      await stand.store.append([told(40, DAY_ONE)])
      expect(await recordsOf(stand.store, name)).toMatchObject([{ ...expected, sensorCount: 40 }])
    })

    test('of a sensor that tells no sums are as many as it brought', async () => {
      await stand.store.append(
        [1, 2, 3].map((hour) => see(DAY_ONE + hour * HOUR, ['A 192.0.2.1'], { vantage: 'sensor:office' })),
      )
      expect(await recordsOf(stand.store, name)).toMatchObject([{ count: 0, sensorCount: 3 }])
    })

    test('name every vantage, however many there were', async () => {
      const vantages = Array.from({ length: 70 }, (_, number) => `v${String(number).padStart(2, '0')}`)
      await stand.store.append(
        vantages.map((vantage, number) => see(DAY_ONE + number, ['A 192.0.2.1'], { vantage })),
      )
      await stand.store.append([
        see(DAY_ONE + 2_000, ['A 192.0.2.1'], { vantage: 'v69' }),
        see(DAY_ONE + 2_000, ['A 192.0.2.1'], { vantage: 'w' }),
      ])
      expect(await recordsOf(stand.store, name)).toMatchObject([{ count: 72, vantages: [...vantages, 'w'] }])
    })

    test('have addresses in their canonical form', async () => {
      await stand.store.append([
        see(DAY_ONE, ['AAAA 2001:DB8:0:0::1'], { qtype: 'AAAA' }),
        see(DAY_ONE + 1, ['AAAA 2001:db8::1'], { qtype: 'AAAA', round: 2 }),
      ])
      expect(await recordsOf(stand.store, name)).toMatchObject([{ data: '2001:db8::1', count: 2 }])
    })

    test('are filtered by type and by when they were last seen', async () => {
      await stand.store.append([
        see(DAY_ONE, ['A 192.0.2.1', 'AAAA 2001:db8::1', 'CNAME a.example', 'NS ns.example']),
        see(DAY_ONE + 5, ['A 192.0.2.2', 'AAAA 2001:db8::2']),
      ])
      const { store } = stand
      expect(dataOf(await recordsOf(store, name, { type: 'AAAA' }))).toStrictEqual([
        'AAAA 2001:db8::1',
        'AAAA 2001:db8::2',
      ])
      expect(dataOf(await recordsOf(store, name, { type: 'SOA' }))).toStrictEqual([])
      expect(dataOf(await recordsOf(store, name, { seenSince: DAY_ONE + 5 }))).toStrictEqual([
        'A 192.0.2.2',
        'AAAA 2001:db8::2',
      ])
      expect(await recordsOf(store, 'never-seen.example')).toStrictEqual([])
    })

    test('come each once on pages of any size, types together, while records arrive', async () => {
      const addresses = Array.from({ length: 30 }, (_, number) => `A 192.0.2.${number * 3}`)
      await stand.store.append([
        see(DAY_ONE, [...addresses, 'AAAA 2001:db8::1', 'CNAME a.example', 'NS ns.example']),
      ])
      const query = { name, type: null, seenSince: null, cursor: null }
      const whole = await recordsOf(stand.store, name)
      expect(dataOf(whole).toSorted()).toStrictEqual(
        [...addresses, 'AAAA 2001:db8::1', 'CNAME a.example', 'NS ns.example'].toSorted(),
      )
      expect(whole.filter(({ type }, index) => type !== whole[index - 1]?.type)).toHaveLength(4)
      for (const limit of [1, 7, 33]) {
        const pages = await pagesOf((page) => stand.store.records(page), { ...query, limit })
        expect(pages.flat()).toStrictEqual(whole)
      }
      const first = await stand.store.records({ ...query, limit: 10 })
      await stand.store.append([
        see(
          DAY_ONE + 1,
          addresses.map((text, number) => `${text.slice(0, -1)}${number % 10}`),
        ),
      ])
      const rest = await recordsOf(stand.store, name, { cursor: first.next, limit: 3 })
      const seen = dataOf([...first.items, ...rest])
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(dataOf(whole)))
    })
  })

  describe('changes', () => {
    const changesOf = (from: number, to: number, query: Partial<ChangeQuery> = {}) =>
      allOf((page) => stand.store.changes(page), { name, from, to, cursor: null, limit: 100, ...query })

    test('are records that appeared or were last seen in between', async () => {
      await stand.store.append([
        see(DAY_ONE, ['A 192.0.2.1', 'A 192.0.2.2']),
        see(DAY_ONE + HOUR, ['A 192.0.2.2', 'A 192.0.2.3', 'A 192.0.2.4']),
        see(DAY_ONE + 2 * HOUR, ['A 192.0.2.4', 'A 192.0.2.5']),
      ])
      const told = async (from: number, to: number, query: Partial<ChangeQuery> = {}) =>
        (await changesOf(from, to, query)).map(
          ({ record, appeared, gone }) =>
            `${record.data}${appeared ? ' appeared' : ''}${gone ? ' gone' : ''}`,
        )
      const second = ['192.0.2.2 gone', '192.0.2.3 appeared gone', '192.0.2.4 appeared']
      expect(await told(DAY_ONE + 1, DAY_ONE + 2 * HOUR)).toStrictEqual(second)
      expect(await told(DAY_ONE + 1, DAY_ONE + 2 * HOUR, { limit: 1 })).toStrictEqual(second)
      expect(await told(DAY_ONE, DAY_ONE + HOUR)).toStrictEqual([
        '192.0.2.1 appeared gone',
        '192.0.2.2 appeared',
      ])
      expect(await told(DAY_ONE + 2 * HOUR, DAY_ONE + 3 * HOUR)).toStrictEqual([
        '192.0.2.4 gone',
        '192.0.2.5 appeared gone',
      ])
      expect(await told(DAY_ONE - DAY, DAY_ONE)).toStrictEqual([])
    })

    test('hold the whole record', async () => {
      await stand.store.append([see(DAY_ONE, ['A 192.0.2.1'])])
      const records = await recordsOf(stand.store, name)
      expect(await changesOf(DAY_ONE, DAY_ONE + 1)).toStrictEqual([
        { record: records[0], appeared: true, gone: true },
      ])
    })
  })
}
