// What a second worker process brings: rounds a second and CPU time a round, one against two, in alternation, on all cores.
import { availableParallelism } from 'node:os'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import type { BenchRedis } from './bench-redis.ts'
import { judged, judgedAtLeast } from './judged.ts'
import { runLap, type Lap } from './lap.ts'
import { LAP_MS } from './round-cost.ts'
import type { Stage } from './stage.ts'

const LEAST_GAIN = 1.7
/** A part that is busy for this share of the time is what limits. */
const BUSY = 0.85

export async function measureTwoWorkers(
  stage: Stage,
  { names, rounds }: { readonly names: number; readonly rounds: number },
): Promise<Target[]> {
  const redis = await stage.redis('anywhere')
  const offset = { ms: 0 }
  const results: { one: Lap; two: Lap }[] = []
  try {
    const now = Date.now()
    await stage.seed(redis, { count: names, kind: 'settled', dueAt: () => now })
    for (let number = 1; number <= rounds; number++) {
      const isOneFirst = number % 2 === 1
      const first = await runWith(stage, redis, offset, isOneFirst ? 1 : 2)
      const second = await runWith(stage, redis, offset, isOneFirst ? 2 : 1)
      results.push(isOneFirst ? { one: first, two: second } : { one: second, two: first })
      const { one, two } = results.at(-1)!
      stage.options.progress(
        `round ${number}/${rounds}  one: ${ratePerSecond(one).toFixed(0)}/s, two: ${ratePerSecond(two).toFixed(0)}/s`,
      )
    }
  } finally {
    await redis.close()
  }
  const ratio = (of: (lap: Lap) => number): number => median(results.map(({ one, two }) => of(two) / of(one)))
  const two = results.map((result) => result.two)
  return [
    judgedAtLeast('rounds a second, two workers / one', LEAST_GAIN, ratio(ratePerSecond), 'x'),
    judged('CPU per round, two workers / one', null, ratio(cpuPerRound), 'x'),
    judged('rounds a second, one worker', null, median(results.map(({ one }) => ratePerSecond(one))), '/s'),
    judged('rounds a second, two workers', null, median(two.map(ratePerSecond)), '/s'),
    { what: 'what limits two workers', limit: '', measured: limitOf(two), met: null },
  ]
}

async function runWith(
  stage: Stage,
  redis: BenchRedis,
  offset: { ms: number },
  processes: number,
): Promise<Lap> {
  const start = { role: 'worker', offsetMs: offset.ms } as const
  const workers = await Promise.all(
    Array.from({ length: processes }, () => stage.service(redis, start, 'anywhere')),
  )
  try {
    await runLap(redis, workers, (offset.ms += LAP_MS))
    return await runLap(redis, workers, (offset.ms += LAP_MS))
  } finally {
    await Promise.all(workers.map((worker) => worker.close()))
  }
}

function ratePerSecond({ rounds, wallMs }: Lap): number {
  return (rounds / wallMs) * 1000
}

function cpuPerRound({ workersCpuUs, redisCpuUs, rounds }: Lap): number {
  return (workersCpuUs + redisCpuUs) / rounds
}

function limitOf(laps: readonly Lap[]): string {
  const share = (of: (lap: Lap) => number): number => median(laps.map((lap) => of(lap) / (lap.wallMs * 1000)))
  const redis = share((lap) => lap.redisCpuUs)
  const workers = share((lap) => lap.workersCpuUs)
  const cores = availableParallelism()
  const said = `workers ${workers.toFixed(2)} and Redis ${redis.toFixed(2)} of ${cores} cores`
  if (redis >= BUSY) return `Redis, which has one core: ${said}`
  return redis + workers >= BUSY * cores
    ? `the machine: ${said}`
    : `neither Redis nor the cores alone: ${said}`
}
