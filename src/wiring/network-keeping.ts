// Plugs the keeper of the networks: any process that probes may be it.
import { randomUUID } from 'node:crypto'
import type { FlaggedReader } from '../queue/networks/keeper-ports.ts'
import { NetworkKeeper } from '../queue/networks/network-keeper.ts'
import { FLAGGED_FIELD } from '../store/flagged-names.ts'
import { KeptNetworks } from '../store/kept-networks.ts'
import { keys, PARTITIONS } from '../store/keys.ts'
import { OutboxReader } from '../store/outbox-reader.ts'
import { connectForWork, ready } from '../store/redis.ts'
import { EVERYWHERE, replicated, type Replication } from '../store/replicated.ts'
import type { Teardown } from '../teardown.ts'
import type { House } from './house.ts'
import type { ServiceOptions } from './service-options.ts'
import { policyOf } from './settings.ts'

/** How often links between names are looked at that may have aged out; ms of the clock. */
const SWEEP_MS = 60_000

export async function startNetworkKeeping(
  options: ServiceOptions,
  { open, onError }: House,
  replication: Replication,
  teardown: Teardown,
): Promise<void> {
  const work = await open(connectForWork, 'redis for networks')
  const report = (error: unknown): void => onError(error, 'networks')

  /** On a connection of its own, that ends with the term. */
  function readerOfTerm(): FlaggedReader {
    const redis = connectForWork(options.redis)
    redis.on('error', report)
    const reader = new OutboxReader(redis, {
      group: 'networks',
      // One name for all keepers: the next one begins with what the one before had taken.
      consumer: 'keeper',
      streams: PARTITIONS.map(keys.flagged),
      field: FLAGGED_FIELD,
      onError: report,
    })
    return {
      async start(handle) {
        await ready(redis)
        // What came of an entry must not go with a master once the entry is done with.
        await reader.start((payloads) => replicated(work, EVERYWHERE, replication, () => handle(payloads)))
      },
      async stop(limitMs) {
        await reader.stop(limitMs)
        redis.disconnect()
      },
    }
  }

  const keeper = new NetworkKeeper({
    // Another name at each start: an earlier process of the same name may still be at it.
    store: new KeptNetworks(work, randomUUID()),
    reader: readerOfTerm,
    policy: policyOf(options),
    clock: options.clock,
    sweepMs: SWEEP_MS,
    onError: report,
  })
  keeper.start()
  teardown.push('networks', (limitMs) => keeper.stop(limitMs / 2))
}
