// Spreads the watches over worker threads, and says on standard error how far it is.
import { Worker } from 'node:worker_threads'
import type { AccuracyOptions } from './options.ts'
import type { MemberOrder } from './watch-orders.ts'
import type { WatchRecord } from './watch-record.ts'
import type { WorkerTask } from './watch-worker.ts'

/** Orders handed to a worker at a time: some seconds of work at most, so that all workers end together. */
const AT_A_TIME = 8
const TOLD_EVERY_MS = 5000

/** In the order of the orders. Rejects when a worker dies. */
export async function runWatches(
  orders: readonly MemberOrder[],
  { jobs, split, seed }: Pick<AccuracyOptions, 'jobs' | 'split' | 'seed'>,
  tell: (line: string) => void,
): Promise<WatchRecord[]> {
  const records: WatchRecord[] = []
  const startedAt = performance.now()
  let next = 0
  let done = 0
  let toldAt = startedAt

  const noteProgress = (): void => {
    const now = performance.now()
    if (now - toldAt < TOLD_EVERY_MS && done < orders.length) return
    toldAt = now
    const leftSeconds = ((now - startedAt) / done / 1000) * (orders.length - done)
    tell(`watched ${done} of ${orders.length}, about ${duration(leftSeconds)} left`)
  }

  async function work(): Promise<void> {
    const worker = new Worker(new URL('./watch-worker.ts', import.meta.url))
    try {
      while (next < orders.length) {
        const from = next
        next = Math.min(orders.length, from + AT_A_TIME)
        const brought = await askWorker(worker, { split, seed, orders: orders.slice(from, next) })
        for (const [place, record] of brought.entries()) records[from + place] = record
        done += brought.length
        noteProgress()
      }
    } finally {
      await worker.terminate()
    }
  }

  await Promise.all(Array.from({ length: jobs }, work))
  return records
}

function askWorker(worker: Worker, task: WorkerTask): Promise<readonly WatchRecord[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.removeAllListeners('message')
      worker.removeAllListeners('error')
      worker.removeAllListeners('exit')
      act()
    }
    worker.once('message', (records: readonly WatchRecord[]) => settle(() => resolve(records)))
    worker.once('error', (error) => settle(() => reject(error)))
    worker.once('exit', (code) =>
      settle(() => reject(new Error(`a worker ended with ${code} before its work was done`))),
    )
    worker.postMessage(task, [])
  })
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
