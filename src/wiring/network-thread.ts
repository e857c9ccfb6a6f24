// The thread in which a keeper of the networks serves its term: the graph of a hundred thousand names takes seconds to put back and
// a tenth of one to group anew, and the event loop that probes must not wait for it. Ends with the term.
import { parentPort, workerData } from 'node:worker_threads'
import { resumedClock } from '../clock.ts'
import { runTerm } from '../queue/networks/term-run.ts'
import { FLAGGED_FIELD } from '../store/flagged-names.ts'
import { KeptNetworks } from '../store/kept-networks.ts'
import { keys, PARTITIONS } from '../store/keys.ts'
import { OutboxReader } from '../store/outbox-reader.ts'
import { connectForWork, ready, type LiveRedis } from '../store/redis.ts'
import { EVERYWHERE, replicated } from '../store/replicated.ts'
import type { FromNetworkThread, NetworkTermStart, ToNetworkThread } from './network-messages.ts'

/** How often links between names are looked at that may have aged out; ms of the clock. */
const SWEEP_MS = 60_000

const port = parentPort
if (port === null) throw new Error('network-thread.ts is started as a worker thread only')
const { redis: address, generation, token, policy, clock, replication } = workerData as NetworkTermStart
const say = (message: FromNetworkThread): void => port.postMessage(message)
const onError = (error: unknown): void => say({ kind: 'error', error: toldOf(error) })

/** What a message can carry. */
function toldOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return Object.assign(new Error(error.message), { stack: error.stack, name: error.name })
}

async function connect(): Promise<LiveRedis> {
  const redis = connectForWork(address)
  redis.on('error', onError)
  return ready(redis)
}

const work = await connect()
const reading = await connect()
const streams = new OutboxReader(reading, {
  group: 'networks',
  // One name for all keepers: the next one begins with what the one before had taken.
  consumer: 'keeper',
  streams: PARTITIONS.map(keys.flagged),
  field: FLAGGED_FIELD,
  onError,
})
const term = await runTerm(
  {
    store: new KeptNetworks(work, token),
    reader: {
      // What came of an entry must not go with a master once the entry is done with.
      start: (handle) =>
        streams.start((payloads) => replicated(work, EVERYWHERE, replication, () => handle(payloads))),
      stop: (limitMs) => streams.stop(limitMs),
    },
    policy,
    clock: resumedClock(clock),
    sweepMs: SWEEP_MS,
    onError,
  },
  generation,
)
void term.over.then(() => say({ kind: 'over' }))
port.once('message', async ({ drainMs }: ToNetworkThread) => {
  await term.end(drainMs).catch(onError)
  work.disconnect()
  reading.disconnect()
  port.close()
})
say({ kind: 'began' })
