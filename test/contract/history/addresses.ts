// New addresses per hour, of one name and of several that count together.
import { describe, expect, test } from 'vitest'
import type { NewAddressQuery } from '../../../src/core/model/seen-record.ts'
import type { Stand } from '../history-store.ts'
import { allOf, pagesOf } from './asking.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

export function describeAddresses(stand: Stand): void {
  const ask = (names: readonly string[], query: Partial<NewAddressQuery> = {}) => ({
    names,
    from: null,
    to: null,
    cursor: null,
    limit: 100,
    ...query,
  })
  const newOf = (names: readonly string[], query: Partial<NewAddressQuery> = {}) =>
    allOf((page) => stand.store.newAddresses(page), ask(names, query))

  describe('new addresses', () => {
    const fill = () =>
      stand.store.append([
        sighted({
          name: 'a.example',
          at: DAY_ONE + 5,
          answer: ['A 192.0.2.1', 'A 192.0.2.2', 'NS ns.example'],
        }),
        sighted({ name: 'a.example', at: DAY_ONE + HOUR - 1, answer: ['A 192.0.2.3', 'A 192.0.2.1'] }),
        sighted({ name: 'a.example', at: DAY_ONE + 3 * HOUR, answer: ['AAAA 2001:db8::1', 'A 192.0.2.1'] }),
        sighted({ name: 'b.example', at: DAY_ONE + 2 * HOUR, answer: ['A 192.0.2.1', 'A 192.0.2.9'] }),
        sighted({
          name: 'b.example',
          at: DAY_ONE + 3 * HOUR + 9,
          answer: ['AAAA 2001:db8::1', 'A 192.0.2.8'],
        }),
        sighted({
          name: 'c.example',
          at: DAY_ONE - DAY,
          answer: ['A 192.0.2.1', 'A 192.0.2.2', 'A 192.0.2.9'],
        }),
      ])

    test('of a name are counted in the hour in which it had them first', async () => {
      await fill()
      expect(await newOf(['a.example'])).toStrictEqual([
        { hour: DAY_ONE, addresses: 3 },
        { hour: DAY_ONE + 3 * HOUR, addresses: 1 },
      ])
      expect(await newOf(['never-seen.example'])).toStrictEqual([])
      expect(await newOf([])).toStrictEqual([])
    })

    test('of several names are those that none of them had before', async () => {
      await fill()
      const expected = [
        { hour: DAY_ONE, addresses: 3 },
        { hour: DAY_ONE + 2 * HOUR, addresses: 1 },
        { hour: DAY_ONE + 3 * HOUR, addresses: 2 },
      ]
      const names = ['b.example', 'a.example', 'b.example', 'never-seen.example']
      for (const limit of [1, 2, 100]) expect(await newOf(names, { limit })).toStrictEqual(expected)
      expect(await newOf(['a.example', 'b.example', 'c.example'])).toStrictEqual([
        { hour: DAY_ONE - DAY, addresses: 3 },
        { hour: DAY_ONE, addresses: 1 },
        { hour: DAY_ONE + 3 * HOUR, addresses: 2 },
      ])
    })

    test('between two times are those whose first time lies there', async () => {
      await fill()
      const names = ['a.example', 'b.example']
      expect(await newOf(names, { from: DAY_ONE + 6, to: DAY_ONE + 3 * HOUR })).toStrictEqual([
        { hour: DAY_ONE, addresses: 1 },
        { hour: DAY_ONE + 2 * HOUR, addresses: 1 },
      ])
      // It had this one before `from`.
      expect(await newOf(['b.example', 'c.example'], { from: DAY_ONE })).toStrictEqual([
        { hour: DAY_ONE + 3 * HOUR, addresses: 2 },
      ])
    })

    test('of hundreds of names that share theirs count each address once', async () => {
      const names = Array.from({ length: 300 }, (_, number) => `n${number}.example`)
      await stand.store.append(
        names.map((name, number) =>
          sighted({
            name,
            at: DAY_ONE + Math.floor(number / 30) * HOUR,
            answer: [`A 192.0.2.${number % 10}`, `A 198.51.100.${Math.floor(number / 30)}`],
          }),
        ),
      )
      const pages = await pagesOf((page) => stand.store.newAddresses(page), ask(names, { limit: 4 }))
      expect(pages.flat()).toStrictEqual(
        Array.from({ length: 10 }, (_, hour) => ({
          hour: DAY_ONE + hour * HOUR,
          addresses: hour === 0 ? 11 : 1,
        })),
      )
    })

    test('go on from the next hour while others arrive', async () => {
      await fill()
      const first = await stand.store.newAddresses(ask(['a.example'], { limit: 1 }))
      await stand.store.append([
        sighted({ name: 'a.example', at: DAY_ONE + 9, answer: ['A 192.0.2.77'] }),
        sighted({ name: 'a.example', at: DAY_ONE + HOUR, answer: ['A 192.0.2.78'] }),
      ])
      expect(await newOf(['a.example'], { cursor: first.next })).toStrictEqual([
        { hour: DAY_ONE + HOUR, addresses: 1 },
        { hour: DAY_ONE + 3 * HOUR, addresses: 1 },
      ])
    })
  })
}
