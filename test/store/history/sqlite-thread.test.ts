// The thread: that it keeps the disk away from the event loop, and that its failures and its death reach the caller.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StoredObservation } from '../../../src/core/model/observation.ts'
import type { ObservationQuery } from '../../../src/core/model/observation-query.ts'
import { HistoryThread } from '../../../src/store/history/sqlite/history-thread.ts'
import { makeSqlitePlace } from './temporary-history.ts'
import { sampleObservation, sampleObservations } from './sample-observations.ts'

const QUERY: ObservationQuery = {
  targets: ['host:www.flux.example'],
  from: null,
  to: null,
  vantage: null,
  type: null,
  everyMs: null,
  cursor: null,
  limit: 10,
}

let place: Awaited<ReturnType<typeof makeSqlitePlace>>
beforeEach(async () => {
  place = await makeSqlitePlace()
})
afterEach(() => place.remove())

describe('the thread of a SQLite history', () => {
  test('leaves the event loop free while 50 000 rows are appended', async () => {
    const store = await place.open()
    const order: string[] = []
    const rows = sampleObservations(50_000)
    const appended = store.append(rows).then(() => order.push('appended'))
    // Each turn is a trip through the whole event loop: had the append blocked it, the append would be first.
    for (let turn = 0; turn < 200; turn++) {
      await nextTurn()
      order.push('turn')
    }
    expect(order).toHaveLength(200)
    expect(order).not.toContain('appended')
    await appended
    await store.close()
  })

  test('answers a query in the middle of a long append', async () => {
    const store = await place.open()
    const order: string[] = []
    await store.append(sampleObservations(10))
    const appended = store.append(sampleObservations(50_000)).then(() => order.push('appended'))
    const page = await store.observations(QUERY)
    order.push('answered')
    await appended
    expect(page.items).toHaveLength(10)
    expect(order).toStrictEqual(['answered', 'appended'])
    await store.close()
  })

  test('waits while another process holds the write lock', async () => {
    const store = await place.open()
    const other = new DatabaseSync(place.path)
    other.exec('BEGIN IMMEDIATE')
    const order: string[] = []
    const appended = store.append(sampleObservations(1)).then(() => order.push('appended'))
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    order.push('released')
    other.exec('COMMIT')
    await appended
    expect(order).toStrictEqual(['released', 'appended'])
    other.close()
    await store.close()
  })

  test('waits for its turn to set up a file that another process is writing', async () => {
    await mkdir(dirname(place.path), { recursive: true })
    const other = new DatabaseSync(place.path)
    other.exec('BEGIN EXCLUSIVE')
    const order: string[] = []
    const opened = place.open().then((store) => {
      order.push('opened')
      return store
    })
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    // The thread has started by now, or will find the file free: either way it must not fail.
    order.push('released')
    other.exec('COMMIT')
    other.close()
    const store = await opened
    expect(order).toStrictEqual(['released', 'opened'])
    await store.close()
  })

  test('reports a row that breaks the schema, keeps none of its slice, and goes on', async () => {
    const store = await place.open()
    const broken = sampleObservation(1, { at: null as unknown as number })
    await expect(store.append([sampleObservation(0), broken])).rejects.toThrow(
      'NOT NULL constraint failed: observation.at',
    )
    await store.append([sampleObservation(2)])
    expect((await store.observations(QUERY)).items).toStrictEqual([sampleObservation(2)])
    await store.close()
  })

  test('reports a row that cannot be sent to it', async () => {
    const store = await place.open()
    const row = { ...sampleObservation(0), vantage: () => 'quad9' } as unknown as StoredObservation
    await expect(store.append([row])).rejects.toThrow('could not be cloned')
    await store.append(sampleObservations(1))
    expect((await store.observations(QUERY)).items).toHaveLength(1)
    await store.close()
  })

  test('reports a file that is no database, and leaves it alone', async () => {
    await mkdir(dirname(place.path), { recursive: true })
    await writeFile(place.path, 'something else entirely'.repeat(100))
    await expect(place.open()).rejects.toMatchObject({
      code: 'FLUX_STORE_UNAVAILABLE',
      message: expect.stringContaining('file is not a database'),
    })
  })

  test('reports a folder that cannot be made', async () => {
    await writeFile(dirname(place.path), 'a file where the folder should be')
    await expect(place.open()).rejects.toMatchObject({ code: 'FLUX_STORE_UNAVAILABLE' })
  })
})

describe('a history thread that dies', () => {
  // The real thread gives no way to kill it from outside, so this one dies when it is told to.
  const script = new URL('./dying-thread.ts', import.meta.url)

  test.each([
    ['throws', 'the disk is on fire'],
    ['exits', 'it ended with code 7'],
  ])(
    'when it %s rejects what waits with the reason, and the next call starts a new one',
    async (how, why) => {
      const thread = new HistoryThread(script, { path: how })
      expect(await thread.call('unplaced', 1)).toStrictEqual(['1'])
      const waiting = [thread.call('check', null), thread.call('append', []), thread.call('append', [])]
      const results = await Promise.allSettled(waiting)
      for (const result of results) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: { code: 'FLUX_STORE_UNAVAILABLE', message: expect.stringContaining(why) },
        })
      }
      // It counts its calls: a count of 1 comes from a new life.
      expect(await thread.call('unplaced', 1)).toStrictEqual(['1'])
      expect(await thread.call('unplaced', 1)).toStrictEqual(['2'])
      await thread.close()
    },
  )

  test('after it is gone closing has nothing to do', async () => {
    const thread = new HistoryThread(script, { path: 'exits' })
    await expect(thread.call('check', null)).rejects.toMatchObject({ code: 'FLUX_STORE_UNAVAILABLE' })
    await thread.close()
  })
})
