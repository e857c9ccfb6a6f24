// From infrastructure to names: by address, prefix, AS, country and name server.
import { describe, expect, test } from 'vitest'
import type { Pivot, PivotQuery } from '../../../src/core/model/seen-record.ts'
import type { HistoryStore } from '../../../src/store/history/history-store.ts'
import type { Stand } from '../history-store.ts'
import { allOf } from './asking.ts'
import { DAY, DAY_ONE, sighted } from './sightings.ts'

export async function namesAt(
  store: HistoryStore,
  pivot: Pivot,
  query: Partial<PivotQuery> = {},
): Promise<string[]> {
  const asked = { pivot, seenSince: null, cursor: null, limit: 100, ...query }
  const records = await allOf((page) => store.recordsAt(page), asked)
  return records.map(({ name, type, data }) => `${name} ${type} ${data}`)
}

export function describePivots(stand: Stand): void {
  const fill = () =>
    stand.store.append([
      sighted({
        name: 'a.example',
        at: DAY_ONE,
        answer: ['A 192.0.2.1', 'A 192.0.2.130', 'AAAA 2001:db8:1::1'],
      }),
      sighted({ name: 'b.example', at: DAY_ONE + DAY, answer: ['A 192.0.2.1', 'A 198.51.100.7'] }),
      // The same first octets as 32.1.13.184, and the block next to it.
      sighted({
        name: 'c.example',
        at: DAY_ONE,
        answer: ['AAAA 2001:db8:2::1', 'A 32.1.13.184', 'A 192.0.3.1'],
      }),
      sighted({
        name: 'a.example',
        zone: true,
        at: DAY_ONE,
        answer: ['NS ns1.host.example', 'NS ns2.host.example'],
        additional: ['ns1.host.example A 192.0.2.1'],
      }),
      sighted({ name: 'b.example', zone: true, at: DAY_ONE + DAY, answer: ['NS ns1.host.example'] }),
      sighted({ name: 'd.example', at: DAY_ONE, answer: ['CNAME ns1.host.example'] }),
    ])

  describe('pivots', () => {
    test('by address find all names of it, as host and as name server', async () => {
      await fill()
      const pivot = { kind: 'address', address: '192.0.2.1' } as const
      expect((await namesAt(stand.store, pivot)).toSorted()).toStrictEqual([
        'a.example A 192.0.2.1',
        'b.example A 192.0.2.1',
        'ns1.host.example A 192.0.2.1',
      ])
      expect(await namesAt(stand.store, pivot, { seenSince: DAY_ONE + 1 })).toStrictEqual([
        'b.example A 192.0.2.1',
      ])
      expect(await namesAt(stand.store, { kind: 'address', address: '2001:db8:1::1' })).toStrictEqual([
        'a.example AAAA 2001:db8:1::1',
      ])
      expect(await namesAt(stand.store, { kind: 'address', address: '192.0.2.99' })).toStrictEqual([])
    })

    test('by prefix find what lies in it, of its family only', async () => {
      await fill()
      const expected: [prefix: string, found: string[]][] = [
        [
          '192.0.2.0/24',
          [
            'a.example A 192.0.2.1',
            'a.example A 192.0.2.130',
            'b.example A 192.0.2.1',
            'ns1.host.example A 192.0.2.1',
          ],
        ],
        ['192.0.2.128/25', ['a.example A 192.0.2.130']],
        ['192.0.2.130/32', ['a.example A 192.0.2.130']],
        ['32.0.0.0/8', ['c.example A 32.1.13.184']],
        [
          '0.0.0.0/0',
          [
            'a.example A 192.0.2.1',
            'a.example A 192.0.2.130',
            'b.example A 192.0.2.1',
            'b.example A 198.51.100.7',
            'c.example A 192.0.3.1',
            'c.example A 32.1.13.184',
            'ns1.host.example A 192.0.2.1',
          ],
        ],
        ['2001:db8::/32', ['a.example AAAA 2001:db8:1::1', 'c.example AAAA 2001:db8:2::1']],
        ['2001:db8:2::/48', ['c.example AAAA 2001:db8:2::1']],
        ['::/0', ['a.example AAAA 2001:db8:1::1', 'c.example AAAA 2001:db8:2::1']],
        ['10.0.0.0/8', []],
      ]
      for (const [prefix, found] of expected) {
        for (const limit of [2, 100]) {
          const names = await namesAt(stand.store, { kind: 'prefix', prefix }, { limit })
          expect(names.toSorted(), prefix).toStrictEqual(found)
        }
      }
    })

    test('by AS and by country follow where the addresses were placed first', async () => {
      await fill()
      expect((await stand.store.unplaced(100)).toSorted()).toStrictEqual(
        [
          '192.0.2.1',
          '192.0.2.130',
          '192.0.3.1',
          '198.51.100.7',
          '2001:db8:1::1',
          '2001:db8:2::1',
          '32.1.13.184',
        ].toSorted(),
      )
      expect(await stand.store.unplaced(2)).toHaveLength(2)
      const place = (address: string, asn: number | null, country: string | null) => ({
        address,
        asn,
        organisation: asn === null ? null : `Net ${asn}`,
        country,
      })
      const places = [
        place('192.0.2.1', 64_500, 'NL'),
        place('2001:db8:1::1', 64_500, 'DE'),
        place('198.51.100.7', 64_501, 'NL'),
        place('192.0.3.1', null, null),
      ]
      await stand.store.place(places)
      await stand.store.place(places)
      await stand.store.place([place('192.0.2.1', 64_999, 'FR')])
      expect((await stand.store.unplaced(100)).toSorted()).toStrictEqual(
        ['192.0.2.130', '2001:db8:2::1', '32.1.13.184'].toSorted(),
      )
      const names = async (pivot: Pivot, query: Partial<PivotQuery> = {}) =>
        (await namesAt(stand.store, pivot, query)).toSorted()
      const ofAsn = [
        'a.example A 192.0.2.1',
        'a.example AAAA 2001:db8:1::1',
        'b.example A 192.0.2.1',
        'ns1.host.example A 192.0.2.1',
      ]
      for (const limit of [1, 3, 100]) {
        expect(await names({ kind: 'asn', asn: 64_500 }, { limit })).toStrictEqual(ofAsn)
      }
      expect(await names({ kind: 'asn', asn: 64_999 })).toStrictEqual([])
      expect(await names({ kind: 'country', country: 'NL' })).toStrictEqual([
        'a.example A 192.0.2.1',
        'b.example A 192.0.2.1',
        'b.example A 198.51.100.7',
        'ns1.host.example A 192.0.2.1',
      ])
      expect(
        await names({ kind: 'country', country: 'NL' }, { seenSince: DAY_ONE + 1, limit: 1 }),
      ).toStrictEqual(['b.example A 192.0.2.1', 'b.example A 198.51.100.7'])
    })

    test('by name server find the names whose NS set holds it, and no aliases', async () => {
      await fill()
      const pivot = { kind: 'name_server', host: 'ns1.host.example' } as const
      for (const limit of [1, 100]) {
        expect((await namesAt(stand.store, pivot, { limit })).toSorted()).toStrictEqual([
          'a.example NS ns1.host.example',
          'b.example NS ns1.host.example',
        ])
      }
      expect(await namesAt(stand.store, { kind: 'name_server', host: 'never-seen.example' })).toStrictEqual(
        [],
      )
    })

    test('bring each record once on pages of any size, and go on while records arrive', async () => {
      const names = Array.from({ length: 25 }, (_, number) => `n${number}.example`)
      const at = (name: string) => sighted({ name, at: DAY_ONE, answer: ['A 192.0.2.1'] })
      await stand.store.append(names.map(at))
      const pivot = { kind: 'address', address: '192.0.2.1' } as const
      for (const limit of [1, 6, 25]) {
        expect((await namesAt(stand.store, pivot, { limit })).toSorted()).toStrictEqual(
          names.map((name) => `${name} A 192.0.2.1`).toSorted(),
        )
      }
      const first = await stand.store.recordsAt({ pivot, seenSince: null, cursor: null, limit: 10 })
      await stand.store.append(['new.example', 'a-new.example'].map(at))
      const rest = await namesAt(stand.store, pivot, { cursor: first.next, limit: 4 })
      const found = [...first.items.map(({ name }) => name), ...rest.map((text) => text.split(' ')[0]!)]
      expect(new Set(found).size).toBe(found.length)
      expect(found).toEqual(expect.arrayContaining(names))
    })
  })
}
