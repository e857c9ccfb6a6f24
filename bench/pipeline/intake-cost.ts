// What a name costs on its way in: NDJSON in chunks over HTTP, against a bare pipeline of the same names into the same Redis;
// and how much the API's resident memory grows with a very long request.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { run } from '../child-output.ts'
import { pinned } from '../cores.ts'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import type { BareIntake } from './bare-intake.ts'
import type { BenchRedis } from './bench-redis.ts'
import { judged } from './judged.ts'
import type { ServiceChild } from './service-child.ts'
import type { Stage } from './stage.ts'
import { nameOf } from './watched-names.ts'

const LIMIT = 3
const LINES_A_CHUNK = 500

export interface IntakeOptions {
  /** In one measured request. */
  readonly batch: number
  /** In the very long request. */
  readonly names: number
  readonly rounds: number
}

export interface IntakeCost {
  readonly apiUs: number
  readonly redisUs: number
}

export async function measureIntake(
  stage: Stage,
  { batch, names, rounds }: IntakeOptions,
): Promise<{ rows: Target[]; cost: IntakeCost }> {
  const redis = await stage.redis()
  const done: { api: IntakeCost; bareUs: number }[] = []
  let grownOctets = 0
  try {
    const api = await stage.service(redis, { role: 'api' })
    try {
      await submit(api.url!, 0, Math.ceil(batch / 5))
      for (let number = 1; number <= rounds; number++) {
        const from = number * batch
        const isApiFirst = number % 2 === 1
        const early = isApiFirst ? null : await runBare(stage, redis, from, batch)
        const cost = await measureApi(redis, api, from, batch)
        const bareUs = early ?? (await runBare(stage, redis, from, batch))
        done.push({ api: cost, bareUs })
        stage.options.progress(
          `round ${number}/${rounds}  API ${cost.apiUs.toFixed(1)} us, Redis ${cost.redisUs.toFixed(1)} us; bare ${bareUs.toFixed(1)} us a name`,
        )
        await empty(redis)
      }
      grownOctets = await growthOf(api, names)
    } finally {
      await api.close()
    }
  } finally {
    await redis.close()
  }
  const cost = {
    apiUs: median(done.map(({ api }) => api.apiUs)),
    redisUs: median(done.map(({ api }) => api.redisUs)),
  }
  const bareUs = median(done.map((round) => round.bareUs))
  const ratio = median(done.map((round) => (round.api.apiUs + round.api.redisUs) / round.bareUs))
  return {
    rows: [
      judged('intake by NDJSON / a bare pipeline of ZADD and HSET', LIMIT, ratio, 'CPU x'),
      {
        what: 'CPU per name: intake',
        limit: '',
        measured: `${(cost.apiUs + cost.redisUs).toFixed(1)} us (API ${cost.apiUs.toFixed(1)}, Redis ${cost.redisUs.toFixed(1)})`,
        met: null,
      },
      judged('CPU per name: bare pipeline with Redis', null, bareUs, 'us'),
      judged(
        `peak growth of the API's resident memory, ${names.toLocaleString('en')} names in one request`,
        null,
        grownOctets / 1e6,
        'MB',
      ),
    ],
    cost,
  }
}

async function measureApi(
  redis: BenchRedis,
  api: ServiceChild,
  from: number,
  count: number,
): Promise<IntakeCost> {
  const redisBefore = await redis.cpuUs()
  const before = await api.ask({ do: 'usage' })
  await submit(api.url!, from, count)
  const after = await api.ask({ do: 'usage' })
  return {
    apiUs: (after.cpuUs - before.cpuUs) / count,
    redisUs: ((await redis.cpuUs()) - redisBefore) / count,
  }
}

/** With the CPU time of Redis, microseconds a name. */
async function runBare(stage: Stage, redis: BenchRedis, from: number, count: number): Promise<number> {
  const order: BareIntake = { socketPath: redis.socketPath, from, count }
  const script = join(import.meta.dirname, 'bare-intake.ts')
  const before = await redis.cpuUs()
  const output = await run(...pinned(stage.cores.client, process.execPath, [script, JSON.stringify(order)]))
  if (output.code !== 0)
    throw new Error(`the bare intake ended with ${String(output.code)}:\n${output.stderr}`)
  return Number(output.stdout) + ((await redis.cpuUs()) - before) / count
}

/** What was put in is gone; the streams' readers are nobody's here. */
async function empty(redis: BenchRedis): Promise<void> {
  await redis.client.flushall()
  await redis.settle()
}

/** Octets by which the highest resident memory during the request lies above the one before it. */
async function growthOf(api: ServiceChild, names: number): Promise<number> {
  const { residentOctets } = await api.ask({ do: 'usage' })
  // 5: the kernel forgets the peak so far (proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${api.pid}/clear_refs`, '5')
  await submit(api.url!, 0, names)
  const status = readFileSync(`/proc/${api.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024 - residentOctets
}

/** One chunked request; rejects unless all names were accepted. */
export async function submit(url: string, from: number, count: number): Promise<void> {
  const upload = request(`${url}/v1/scans`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  })
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>
  await pipeline(Readable.from(linesOf(from, count)), upload)
  const [response] = await answered
  const answer = await text(response)
  const { accepted } = JSON.parse(answer) as { accepted?: number }
  if (accepted !== count) throw new Error(`${count} names submitted, answered: ${answer.slice(0, 500)}`)
}

async function* linesOf(from: number, count: number): AsyncGenerator<string> {
  for (let start = 0; start < count; start += LINES_A_CHUNK)
    yield Array.from(
      { length: Math.min(LINES_A_CHUNK, count - start) },
      (_, index) => `{"domain":"${nameOf(from + start + index)}"}\n`,
    ).join('')
}
