// Who looks after a worker process, with real processes that misbehave.
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { WorkerReport } from '../../src/wiring/worker-report.ts'
import { WorkerProcess } from '../../src/wiring/worker-process.ts'

interface Line {
  readonly msg: string
  readonly worker: string
  readonly againInMs?: number
}

const open: WorkerProcess[] = []
afterEach(() => Promise.all(open.splice(0).map((worker) => worker.close(0))))

function workerCalled(name: string) {
  const log = new PassThrough()
  const lines: Line[] = []
  const gone: (WorkerReport | null)[] = []
  log.on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as Line))
  const worker = new WorkerProcess({
    name,
    entry: new URL('./odd-worker.ts', import.meta.url),
    start: () => ({
      config: readConfig({}),
      redis: { socketPath: '/nowhere' },
      redisPid: null,
      consumer: name,
      processes: 1,
    }),
    logger: pino(log),
    onGone: (last) => gone.push(last),
  })
  open.push(worker)
  return { worker, log, lines, gone }
}

describe('A worker process', () => {
  test('that dies again and again is started after a second, then after two, and is told of each time', async () => {
    const { worker, log, lines, gone } = workerCalled('dying')
    await worker.start()
    const falls = () => lines.filter(({ againInMs }) => againInMs !== undefined)
    while (falls().length < 2) await once(log, 'data')
    expect(falls().map(({ msg, worker: who, againInMs }) => [msg, who, againInMs])).toEqual([
      ['worker is gone: it ended with exit code 7', 'dying', 1000],
      ['worker is gone: it ended with exit code 7', 'dying', 2000],
    ])
    expect(lines.filter(({ msg }) => msg === 'worker is up again')).toHaveLength(1)
    expect(worker.isUp).toBe(false)
    expect(gone).toEqual([null, null])
  })

  test('that cannot start is not started again, and its sentence is told', async () => {
    const { worker, lines } = workerCalled('refusing')
    await expect(worker.start()).rejects.toThrow(/^The moon is full\.$/)
    const crashing = workerCalled('crashing')
    await expect(crashing.worker.start()).rejects.toThrow(
      'Worker process crashing did not start: it ended with exit code 3.',
    )
    expect([...lines, ...crashing.lines]).toEqual([])
  })

  test('ends when it is told to drain', async () => {
    const { worker, lines } = workerCalled('willing')
    await worker.start()
    expect(worker.isUp).toBe(true)
    await worker.close(10_000)
    expect(worker.isUp).toBe(false)
    expect(lines).toEqual([])
  })

  test('that does not hear is ended by force after its time', async () => {
    const { worker, lines } = workerCalled('deaf')
    await worker.start()
    await worker.close(1)
    expect(worker.isUp).toBe(false)
    expect(lines.map(({ msg }) => msg)).toEqual(['worker ended by force'])
  })

  test('that says nothing holds nobody up who asks what it counted', async () => {
    const { worker } = workerCalled('silent')
    expect(await worker.report()).toBeNull()
    await worker.start()
    expect(await worker.report()).toBeNull()
  })
})
