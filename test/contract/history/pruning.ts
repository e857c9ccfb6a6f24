// What goes with time, and what stays.
import { describe, expect, test } from 'vitest'
import { sampleObservations, START } from '../../store/history/sample-observations.ts'
import type { Stand } from '../history-store.ts'
import { idsOf, readAll } from './observations.ts'
import { recordsOf } from './records.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

export function describePruning(stand: Stand): void {
  describe('pruning', () => {
    test('removes what is older, keeps what is as old, and counts', async () => {
      await stand.store.append([
        ...sampleObservations(10),
        ...sampleObservations(10, { target: 'zone:flux.example' }),
      ])
      expect(await stand.store.prune(START + 4000)).toBe(8)
      expect(await stand.store.prune(START + 4000)).toBe(0)
      expect(idsOf(await readAll(stand.store))).toStrictEqual(idsOf(sampleObservations(10)).slice(4))
    })

    test('removes more than one slice, of one target and of many', async () => {
      const targets = Array.from({ length: 300 }, (_, number) => `host:h${number}.example` as const)
      await stand.store.append([
        ...sampleObservations(4500),
        ...targets.flatMap((target) => sampleObservations(3, { target })),
      ])
      expect(await stand.store.prune(START + 2000)).toBe(2 + 600)
      expect(await stand.store.prune(START + 4_400_000)).toBe(4398 + 300)
      expect(await readAll(stand.store)).toHaveLength(100)
    })

    test('takes records that were last seen before, and keeps the rest with its first time and count', async () => {
      const { store } = stand
      await store.append([
        sighted({ name: 'a.example', at: DAY_ONE, answer: ['A 192.0.2.1', 'A 192.0.2.2'] }),
        sighted({ name: 'a.example', at: DAY_ONE + 5 * DAY, answer: ['A 192.0.2.2'] }),
        sighted({ name: 'gone.example', at: DAY_ONE, answer: ['A 192.0.2.1', 'NS ns.example'] }),
      ])
      expect(await store.prune(DAY_ONE + 2 * DAY)).toBe(2)
      expect(await recordsOf(store, 'a.example')).toMatchObject([
        { data: '192.0.2.2', firstSeen: DAY_ONE, lastSeen: DAY_ONE + 5 * DAY, count: 2 },
      ])
      expect(await recordsOf(store, 'gone.example')).toStrictEqual([])
      expect(await store.life('192.0.2.1')).toBeNull()
      expect(await store.unplaced(10)).toStrictEqual(['192.0.2.2'])
      const ns = { kind: 'name_server', host: 'ns.example' } as const
      expect(
        (await store.recordsAt({ pivot: ns, seenSince: null, cursor: null, limit: 5 })).items,
      ).toStrictEqual([])
    })

    test('takes hours and statistics of days before', async () => {
      const { store } = stand
      await store.append(
        [0, 1, 5].map((day) =>
          sighted({ name: 'a.example', at: DAY_ONE + day * DAY + HOUR, answer: ['A 192.0.2.1'] }),
        ),
      )
      await store.prune(DAY_ONE + 2 * DAY)
      expect(await store.life('192.0.2.1')).toMatchObject({
        firstSeen: DAY_ONE + HOUR,
        intervals: [{ from: DAY_ONE + 5 * DAY + HOUR, to: DAY_ONE + 5 * DAY + 2 * HOUR }],
      })
      const { items } = await store.statistics({ from: null, to: null, cursor: null, limit: 10 })
      expect(items.map(({ day }) => day)).toStrictEqual([DAY_ONE + 5 * DAY])
    })

    test('forgets nothing of what comes after it', async () => {
      const { store } = stand
      const row = sighted({ name: 'a.example', at: DAY_ONE, answer: ['A 192.0.2.1'] })
      await store.append([row])
      expect(await store.prune(DAY_ONE + DAY)).toBe(1)
      await store.append([row])
      expect(await recordsOf(store, 'a.example')).toMatchObject([{ count: 1 }])
      expect(await store.life('192.0.2.1')).toMatchObject({
        names: 1,
        intervals: [{ from: DAY_ONE, to: DAY_ONE + HOUR }],
      })
      const { items } = await store.statistics({ from: null, to: null, cursor: null, limit: 10 })
      expect(items).toMatchObject([{ answer: 1, newRecords: 1, newNames: 1, newAddresses: 1 }])
    })
  })
}
