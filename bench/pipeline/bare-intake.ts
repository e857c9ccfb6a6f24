// The yardstick of intake: the same names put into the same Redis by a bare pipeline, one ZADD and one HSET each, and nothing
// else. A process of its own; its argument is a BareIntake, its output the CPU time a name, microseconds.
import { connectForWork, ready } from '../../src/store/redis.ts'
import { nameOf } from './watched-names.ts'

export interface BareIntake {
  readonly socketPath: string
  readonly from: number
  readonly count: number
}

const STEP = 1_000
/** Not measured: compiled code, an open socket. */
const WARM_UP = 2_000

const { socketPath, from, count } = JSON.parse(process.argv[2] ?? '') as BareIntake
const redis = await ready(connectForWork({ socketPath }))
const now = String(Date.now())
await put('warm-up', 0, WARM_UP)
const before = process.cpuUsage()
await put('bare', from, count)
const { user, system } = process.cpuUsage(before)
redis.disconnect()
process.stdout.write(`${(user + system) / count}\n`)

async function put(prefix: string, first: number, names: number): Promise<void> {
  for (let start = first; start < first + names; start += STEP) {
    const pipeline = redis.pipeline()
    for (let index = start; index < Math.min(start + STEP, first + names); index++) {
      const name = nameOf(index)
      pipeline.zadd(`${prefix}:due`, now, `host:${name}`)
      pipeline.hset(`${prefix}:domain:${name}`, 'verdict', 'pending', 'watchUntil', now)
    }
    await pipeline.exec()
  }
}
