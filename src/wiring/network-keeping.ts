// Plugs the keeper of the networks: any process that probes may be it, and is in a thread of its own then.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { NetworkKeeper } from '../queue/networks/network-keeper.ts'
import type { RunningTerm } from '../queue/networks/term-run.ts'
import { KeptNetworks } from '../store/kept-networks.ts'
import { connectForWork } from '../store/redis.ts'
import type { Replication } from '../store/replicated.ts'
import type { Teardown } from '../teardown.ts'
import type { House } from './house.ts'
import type { FromNetworkThread, NetworkTermStart, ToNetworkThread } from './network-messages.ts'
import type { ServiceOptions } from './service-options.ts'
import { policyOf } from './settings.ts'

const THREAD = new URL('./network-thread.ts', import.meta.url)
/** A thread that does not end by itself is ended. */
const LOST_LIMIT_MS = 2_000

export async function startNetworkKeeping(
  options: ServiceOptions,
  { open, onError }: House,
  replication: Replication,
  teardown: Teardown,
): Promise<void> {
  const { redis, clock, speed = 1 } = options
  // Another name at each start: an earlier process of the same name may still be at it.
  const token = randomUUID()
  const report = (error: unknown): void => onError(error, 'networks')
  const keeper = new NetworkKeeper({
    store: new KeptNetworks(await open(connectForWork, 'redis for networks'), token),
    run: (generation) =>
      runInThread(
        {
          redis,
          generation,
          token,
          policy: policyOf(options),
          clock: { shown: clock.now(), at: Date.now(), speed },
          replication,
        },
        report,
      ),
    onError: report,
  })
  keeper.start()
  teardown.push('networks', (limitMs) => keeper.stop(limitMs / 2))
}

/** Rejects when the thread ends before its term began. */
async function runInThread(start: NetworkTermStart, onError: (error: unknown) => void): Promise<RunningTerm> {
  const thread = new Worker(THREAD, { workerData: start, name: 'fluxwatch-networks' })
  // One that cannot begin, because Redis is away, must not keep the process from ending.
  thread.unref()
  const began = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const gone = once(thread, 'exit')
  let hasBegun = false
  thread.on('message', (message: FromNetworkThread) => {
    if (message.kind === 'began') {
      hasBegun = true
      began.resolve()
    } else if (message.kind === 'over') over.resolve()
    else onError(message.error)
  })
  thread.on('error', (error) => {
    // Before the term has begun, whoever asked for it is told.
    if (hasBegun) onError(error)
    else began.reject(error)
  })
  thread.once('exit', (code) => {
    began.reject(new Error(`The thread of the networks ended with code ${code} before its term began`))
    over.resolve()
  })
  await began.promise
  return {
    over: over.promise,
    async end(drainMs) {
      thread.postMessage({ kind: 'end', drainMs } satisfies ToNetworkThread, [])
      const limit = setTimeout(() => void thread.terminate(), (drainMs ?? 0) + LOST_LIMIT_MS)
      await gone
      clearTimeout(limit)
    },
  }
}
