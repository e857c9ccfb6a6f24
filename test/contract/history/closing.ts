// Closing: nothing that was begun is lost, and nothing is begun any more.
import { describe, expect, test } from 'vitest'
import { sampleObservations } from '../../store/history/sample-observations.ts'
import type { Stand } from '../history-store.ts'
import { EVERYTHING, readAll } from './observations.ts'

export function describeClosing(stand: Stand): void {
  describe('closing', () => {
    test('keeps what was appended', async () => {
      await stand.store.append(sampleObservations(5))
      await stand.reopen()
      expect(await readAll(stand.store)).toStrictEqual(sampleObservations(5))
    })

    test('waits for an append that is under way', async () => {
      const appended = stand.store.append(sampleObservations(2500))
      await stand.store.close()
      await appended
      await stand.reopen()
      expect(await readAll(stand.store)).toHaveLength(2500)
    })

    test('makes later calls reject, the check say so, and a second close do nothing', async () => {
      const { store } = stand
      expect(await store.check()).toMatchObject({ ok: true })
      await store.close()
      await store.close()
      const page = { cursor: null, limit: 1 }
      const calls: (() => Promise<unknown>)[] = [
        () => store.append(sampleObservations(1)),
        () => store.appendEntries([Buffer.alloc(0)]),
        () => store.observations(EVERYTHING),
        () => store.unplaced(1),
        () => store.place([]),
        () => store.records({ name: 'a.example', type: null, seenSince: null, ...page }),
        () => store.recordsAt({ pivot: { kind: 'asn', asn: 1 }, seenSince: null, ...page }),
        () => store.changes({ name: 'a.example', from: 0, to: 1, ...page }),
        () => store.newAddresses({ names: [], from: null, to: null, ...page }),
        () => store.life('192.0.2.1'),
        () => store.statistics({ from: null, to: null, ...page }),
        () => store.prune(0),
      ]
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'FLUX_DRAINING' })
      expect(await store.check()).toStrictEqual({ ok: false, detail: 'The history is closed' })
    })
  })
}
