import { expect, test } from 'vitest'
import { FluxError } from '../../../src/core/errors.ts'
import type { HistoryStore } from '../../../src/store/history/history-store.ts'
import { LateHistory } from '../../../src/store/history/late-history.ts'

const AWAY = new FluxError('FLUX_STORE_UNAVAILABLE', 'connection refused')

/** What is opened in the end; only what the tests ask of it. */
class Opened {
  appended = 0
  closed = 0
  append = async () => void (this.appended += 1)
  check = async () => ({ ok: true, detail: 'it is there' })
  close = async () => void (this.closed += 1)
}

function lateHistory(isThere: () => boolean, retryMs: number) {
  const opened = new Opened()
  let attempts = 0
  const history = new LateHistory({
    retryMs,
    open: async () => {
      attempts += 1
      if (!isThere()) throw AWAY
      return opened as unknown as HistoryStore
    },
  })
  return { history, opened, attempts: () => attempts }
}

test('Calls are refused while it is away, and an attempt is made only now and then', async () => {
  const { history, attempts } = lateHistory(() => false, 60_000)
  await expect(history.append([])).rejects.toBe(AWAY)
  await expect(history.append([])).rejects.toBe(AWAY)
  expect(await history.check()).toEqual({ ok: false, detail: 'connection refused' })
  expect(attempts()).toBe(1)
})

test('It is opened once it is there, and only once', async () => {
  let isThere = false
  const { history, opened, attempts } = lateHistory(() => isThere, 0)
  await expect(history.append([])).rejects.toBe(AWAY)
  isThere = true
  await Promise.all([history.append([]), history.append([])])
  await history.append([])
  expect(opened.appended).toBe(3)
  expect(attempts()).toBe(2)
  expect(await history.check()).toEqual({ ok: true, detail: 'it is there' })
})

test('Closing closes what was opened, also what is being opened, and refuses what comes after', async () => {
  const { history, opened } = lateHistory(() => true, 0)
  const appending = history.append([])
  await history.close()
  await history.close()
  await appending
  expect(opened.closed).toBe(1)
  await expect(history.append([])).rejects.toMatchObject({ code: 'FLUX_DRAINING' })
})

test('Closing one that was never there is done at once', async () => {
  const { history } = lateHistory(() => false, 60_000)
  await expect(history.append([])).rejects.toBe(AWAY)
  await history.close()
})
