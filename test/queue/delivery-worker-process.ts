// A process with one delivery worker, to be killed by a test. Argument: the path of the Redis socket. Ends when told to, or after a
// minute by itself.
import { Redis } from 'ioredis'
import { systemClock } from '../../src/clock.ts'
import { parseCidr } from '../../src/core/net/cidr.ts'
import { WebhookSender } from '../../src/notify/webhook-sender.ts'
import { DeliveryWorker } from '../../src/queue/delivery-worker.ts'
import { DeliveryLog } from '../../src/store/delivery-log.ts'
import { QUEUE_PREFIX } from '../../src/store/keys.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'

const redis = new Redis(process.argv[2]!, { maxRetriesPerRequest: null })
const worker = new DeliveryWorker({
  redis,
  prefix: QUEUE_PREFIX.deliver,
  sender: new WebhookSender({ version: '0.0.0', allow: [parseCidr('127.0.0.0/8')!] }),
  log: new DeliveryLog(redis),
  endpoints: new WebhookStore(redis),
  clock: systemClock,
  retryDelayMs: () => null,
  onError: () => process.exit(1),
  lockMs: 500,
})
setTimeout(() => void worker.close(0).finally(() => process.exit(2)), 60_000)
