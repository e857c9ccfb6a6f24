// Whether a round costs the same however many names are watched: laps of the same size on a small and on a large Redis, in
// alternation.
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import type { BenchRedis } from './bench-redis.ts'
import { judged } from './judged.ts'
import { runLap, sumOfLaps, type Lap } from './lap.ts'
import { LAP_MS } from './round-cost.ts'
import type { Stage } from './stage.ts'

const LIMIT = 1.15

export interface FlatOptions {
  readonly names: number
  /** Names of the small Redis, and rounds in a lap. */
  readonly few: number
  readonly rounds: number
  readonly laps: number
}

/** `large` holds `names` names that are due evenly over `hourMs`; `offset` is how far its clock has been moved. */
export async function measureFlatness(
  stage: Stage,
  large: { readonly redis: BenchRedis; readonly hourMs: number; readonly offset: { ms: number } },
  { names, few, rounds, laps }: FlatOptions,
): Promise<Target[]> {
  const small = await stage.redis()
  const smallOffset = { ms: 0 }
  const costs: { small: number; large: number }[] = []
  const children = await large.redis.childrenCpuUs()
  let largeRounds = 0
  try {
    const now = Date.now()
    await stage.seed(small, { count: few, kind: 'settled', dueAt: () => now })
    const measureSmall = async (): Promise<number> => {
      const lap = await runLaps(stage, small, smallOffset, LAP_MS, laps)
      stage.options.progress(described(lap, few))
      return perRound(lap)
    }
    const measureLarge = async (): Promise<number> => {
      const lap = await runLaps(stage, large.redis, large.offset, (large.hourMs / names) * few, laps)
      largeRounds += lap.rounds
      stage.options.progress(described(lap, names))
      return perRound(lap)
    }
    for (let number = 1; number <= rounds; number++) {
      const isSmallFirst = number % 2 === 1
      const one = isSmallFirst ? await measureSmall() : await measureLarge()
      const other = isSmallFirst ? await measureLarge() : await measureSmall()
      costs.push(isSmallFirst ? { small: one, large: other } : { small: other, large: one })
      const { small: s, large: l } = costs.at(-1)!
      stage.options.progress(
        `round ${number}/${rounds}  ${few}: ${s.toFixed(1)} us, ${names}: ${l.toFixed(1)} us`,
      )
    }
    await stage.checkSettled(small)
  } finally {
    await small.close()
  }
  const rewriting = (await large.redis.childrenCpuUs()) - children
  const many = names.toLocaleString('en')
  return [
    judged(
      `a round with ${many} watched names / with ${few.toLocaleString('en')}`,
      LIMIT,
      median(costs.map((cost) => cost.large / cost.small)),
      'CPU x',
    ),
    judged(
      `CPU per round with ${few.toLocaleString('en')} names`,
      null,
      median(costs.map((cost) => cost.small)),
      'us',
    ),
    judged(`CPU per round with ${many} names`, null, median(costs.map((cost) => cost.large)), 'us'),
    judged('beside that, rewriting the append-only file, per round', null, rewriting / largeRounds, 'us'),
  ]
}

async function runLaps(
  stage: Stage,
  redis: BenchRedis,
  offset: { ms: number },
  stepMs: number,
  laps: number,
): Promise<Lap> {
  const worker = await stage.service(redis, { role: 'worker', offsetMs: offset.ms })
  try {
    const done: Lap[] = []
    // The first laps are not measured: they take in what fell due meanwhile, and compiled code.
    const unmeasured = Math.ceil(laps / 2)
    for (let lap = 0; lap < unmeasured + laps; lap++) {
      offset.ms += stepMs
      const result = await runLap(redis, [worker], offset.ms)
      if (lap >= unmeasured) done.push(result)
    }
    return sumOfLaps(done)
  } finally {
    await worker.close()
  }
}

function described({ workersCpuUs, redisCpuUs, rounds, wallMs }: Lap, names: number): string {
  const each = (us: number): string => (us / rounds).toFixed(1)
  return `  ${names} names: ${rounds} rounds in ${(wallMs / 1000).toFixed(1)} s, worker ${each(workersCpuUs)} us, Redis ${each(redisCpuUs)} us`
}

function perRound({ workersCpuUs, redisCpuUs, rounds }: Lap): number {
  return (workersCpuUs + redisCpuUs) / rounds
}
