// One lap: the clock jumps, what has become due is probed to the last, and the processes tell what that took.
import { performance } from 'node:perf_hooks'
import type { BenchRedis } from './bench-redis.ts'
import type { ServiceChild } from './service-child.ts'

export interface Lap {
  readonly rounds: number
  readonly wallMs: number
  /** User and system time; microseconds. */
  readonly workersCpuUs: number
  readonly redisCpuUs: number
}

/** Far above what a lap takes: something hangs. */
const STALLED_MS = 120_000

/**
 * Moves the workers' clocks to `offsetMs` ahead of real time and waits for all rounds that are due then. Rejects when they
 * stall, or when an observation was no answer. Nothing is due before, and nobody else probes.
 */
export async function runLap(
  redis: BenchRedis,
  workers: readonly ServiceChild[],
  offsetMs: number,
): Promise<Lap> {
  const expected = await redis.dueAt(Date.now() + offsetMs)
  const done = (): number => workers.reduce((sum, worker) => sum + worker.rounds, 0)
  const unanswered = (): number => workers.reduce((sum, worker) => sum + worker.unanswered, 0)
  const doneBefore = done()
  const target = doneBefore + expected
  const unansweredBefore = unanswered()
  const over = Promise.withResolvers<void>()
  const stalled = watchStall(() =>
    over.reject(new Error(`stalled at ${done() - doneBefore} of ${expected} rounds`)),
  )
  for (const worker of workers)
    worker.onRounds = () => {
      stalled.moved()
      if (done() >= target) over.resolve()
    }
  if (expected === 0) over.resolve()
  const redisBefore = await redis.cpuUs()
  const startedAtMs = performance.now()
  const before = await Promise.all(workers.map((worker) => worker.ask({ do: 'jump', offsetMs })))
  await Promise.all(workers.map((worker) => worker.orFailed(over.promise))).finally(() => stalled.end())
  const wallMs = performance.now() - startedAtMs
  const after = await Promise.all(workers.map((worker) => worker.ask({ do: 'usage' })))
  const redisAfter = await redis.cpuUs()
  if (unanswered() > unansweredBefore)
    throw new Error(`${unanswered() - unansweredBefore} questions of a lap were not answered`)
  return {
    // More than expected where others fell due meanwhile.
    rounds: done() - doneBefore,
    wallMs,
    workersCpuUs: after.reduce((sum, usage, index) => sum + usage.cpuUs - before[index]!.cpuUs, 0),
    redisCpuUs: redisAfter - redisBefore,
  }
}

export function sumOfLaps(laps: readonly Lap[]): Lap {
  const sum = (field: keyof Lap): number => laps.reduce((total, lap) => total + lap[field], 0)
  return {
    rounds: sum('rounds'),
    wallMs: sum('wallMs'),
    workersCpuUs: sum('workersCpuUs'),
    redisCpuUs: sum('redisCpuUs'),
  }
}

function watchStall(onStall: () => void): { moved(): void; end(): void } {
  let timer = setTimeout(onStall, STALLED_MS)
  return {
    moved() {
      clearTimeout(timer)
      timer = setTimeout(onStall, STALLED_MS)
    },
    end: () => clearTimeout(timer),
  }
}
