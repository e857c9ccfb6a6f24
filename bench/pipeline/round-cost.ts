// What a whole round costs, against the bare engine and massdns asking the same: rounds of the bench in alternation, each
// contender in a process of its own, ratios within a round.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runCTool } from '../contenders/c-tools.ts'
import { run } from '../child-output.ts'
import { pinned } from '../cores.ts'
import { isMeasured, type RunResult } from '../measured.ts'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import type { BareRun } from './bare-engine.ts'
import type { BenchRedis } from './bench-redis.ts'
import { judged } from './judged.ts'
import { runLap, sumOfLaps, type Lap } from './lap.ts'
import type { Stage } from './stage.ts'
import { OWN_ZONES, QUESTIONS_A_ROUND } from './watched-names.ts'

/** Longer than the longest wait of the schedule: after it all are due again. */
export const LAP_MS = 3_700_000
/** As the worker has them: four batches of sixteen. */
const NAMES_IN_FLIGHT = 64
const MEASURED_LAPS = 2

export interface RoundCostOptions {
  readonly names: number
  readonly rounds: number
}

export interface RoundCosts {
  readonly workerUs: number
  readonly redisUs: number
  readonly zoneWorkerUs: number
  readonly zoneRedisUs: number
  /** With SQLite: of the file and its log, a round. */
  readonly historyOctets: number
}

type Contender = 'bare' | 'massdns' | 'round' | 'round with history' | 'zone round'
const CONTENDERS: readonly Contender[] = ['bare', 'massdns', 'round', 'round with history', 'zone round']

/** CPU time per round, microseconds. */
interface Cost {
  readonly totalUs: number
  readonly workerUs: number
  readonly redisUs: number
  /** That history's files have grown by; 0 where nothing is kept. */
  readonly historyOctets: number
}

type CostOrNone = Cost | { readonly unavailable: string }

export async function measureRounds(
  stage: Stage,
  { names, rounds }: RoundCostOptions,
): Promise<{ rows: Target[]; costs: RoundCosts }> {
  const hosts = await stage.redis()
  const zones = await stage.redis()
  const clock = new LapClock()
  const done: Map<Contender, CostOrNone>[] = []
  try {
    const now = Date.now()
    const zoneCount = Math.min(names, OWN_ZONES)
    await stage.seed(hosts, { count: names, kind: 'settled', dueAt: () => now })
    const parked = now + 3_650 * 86_400_000
    await stage.seed(zones, { count: zoneCount, kind: 'settled', dueAt: () => parked, zoneDueAt: () => now })
    for (let number = 1; number <= rounds; number++) {
      const results = new Map<Contender, CostOrNone>()
      const first = (number - 1) % CONTENDERS.length
      for (const contender of [...CONTENDERS.slice(first), ...CONTENDERS.slice(0, first)]) {
        const cost = await measure(stage, contender, { hosts, zones, names, clock, number })
        results.set(contender, cost)
        stage.options.progress(`round ${number}/${rounds}  ${contender.padEnd(20)} ${shown(cost)}`)
      }
      done.push(results)
    }
    await stage.checkSettled(hosts)
  } finally {
    await hosts.close()
    await zones.close()
  }
  return { rows: rowsOf(done), costs: costsOf(done) }
}

/** The laps of one Redis go forward, whichever process runs them. */
class LapClock {
  offsetMs = 0

  next(): number {
    return (this.offsetMs += LAP_MS)
  }
}

async function measure(
  stage: Stage,
  contender: Contender,
  parts: { hosts: BenchRedis; zones: BenchRedis; names: number; clock: LapClock; number: number },
): Promise<CostOrNone> {
  const { names, clock, number } = parts
  if (contender === 'bare') return sixTimes(await runBare(stage, names))
  if (contender === 'massdns') {
    const { address, port } = stage.authority
    const { folder, cores } = stage
    const inFlight = NAMES_IN_FLIGHT * QUESTIONS_A_ROUND
    const count = names * QUESTIONS_A_ROUND
    return sixTimes(await runCTool('massdns', { address, port, inFlight, count, folder, core: cores.client }))
  }
  const redis = contender === 'zone round' ? parts.zones : parts.hosts
  const history = contender === 'round with history' ? 'sqlite' : 'none'
  const worker = await stage.service(redis, { role: 'worker', history, offsetMs: clock.offsetMs })
  const laps: Lap[] = []
  let warmUp = 0
  try {
    warmUp = (await runLap(redis, [worker], clock.next())).rounds
    if (stage.options.profiles !== null) await worker.ask({ do: 'profile' })
    for (let lap = 0; lap < MEASURED_LAPS; lap++) laps.push(await runLap(redis, [worker], clock.next()))
    if (stage.options.profiles !== null) await writeProfile(worker, stage.options.profiles, contender, number)
  } finally {
    await worker.close()
  }
  const { rounds, workersCpuUs, redisCpuUs } = sumOfLaps(laps)
  return {
    totalUs: (workersCpuUs + redisCpuUs) / rounds,
    workerUs: workersCpuUs / rounds,
    redisUs: redisCpuUs / rounds,
    historyOctets: octetsOfHistory(worker.dataDirectory) / (warmUp + rounds),
  }
}

/** The database with what is beside it (its log). */
function octetsOfHistory(folder: string): number {
  const files = !existsSync(folder)
    ? []
    : readdirSync(folder).filter((name) => name.startsWith('history.sqlite'))
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

async function writeProfile(
  worker: { ask(call: { do: 'write-profile'; path: string }): Promise<unknown> },
  folder: string,
  contender: Contender,
  number: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${contender.replaceAll(' ', '-')}-${number}.cpuprofile`)
  await worker.ask({ do: 'write-profile', path })
}

async function runBare(stage: Stage, names: number): Promise<RunResult> {
  const order: BareRun = {
    port: stage.authority.port,
    names,
    warmUp: Math.ceil(names / 2),
    namesInFlight: NAMES_IN_FLIGHT,
    udpEngine: stage.options.udpEngine,
  }
  const script = join(import.meta.dirname, 'bare-engine.ts')
  const output = await run(...pinned(stage.cores.client, process.execPath, [script, JSON.stringify(order)]))
  if (output.code !== 0)
    throw new Error(`the bare engine ended with ${String(output.code)}:\n${output.stderr}`)
  return JSON.parse(output.stdout) as RunResult
}

function sixTimes(result: RunResult): CostOrNone {
  if (!isMeasured(result)) return result
  if ((result.wrongPercent ?? 0) > 0) throw new Error('the bare engine took wrong answers')
  const totalUs = result.cpuUsPerQuery * QUESTIONS_A_ROUND
  return { totalUs, workerUs: totalUs, redisUs: 0, historyOctets: 0 }
}

function rowsOf(done: readonly Map<Contender, CostOrNone>[]): Target[] {
  return [
    judged('whole round / six questions of the bare engine', 2, ratio(done, 'round', 'bare'), 'CPU x'),
    judged('whole round / six times massdns', 4, ratio(done, 'round', 'massdns'), 'CPU x'),
    judged('with history in SQLite / bare engine', null, ratio(done, 'round with history', 'bare'), 'CPU x'),
    judged('history in SQLite, per round', null, costsOf(done).historyOctets, 'B'),
    ...CONTENDERS.map((contender) => ({
      what: `CPU per round: ${contender}`,
      limit: '',
      measured: describe(done, contender),
      met: null,
    })),
  ]
}

/** Median of the ratios within the rounds; null where one of the two was not measured. */
function ratio(done: readonly Map<Contender, CostOrNone>[], one: Contender, other: Contender): number | null {
  const ratios = done.flatMap((results) => {
    const [a, b] = [results.get(one), results.get(other)]
    return a && b && 'totalUs' in a && 'totalUs' in b ? [a.totalUs / b.totalUs] : []
  })
  return ratios.length === 0 ? null : median(ratios)
}

function describe(done: readonly Map<Contender, CostOrNone>[], contender: Contender): string {
  const costs = done.map((results) => results.get(contender)!)
  const known = costs.filter((cost) => 'totalUs' in cost)
  const first = costs[0]
  if (known.length === 0) return first && 'unavailable' in first ? first.unavailable : 'not run'
  return shown(medianCost(known))
}

function medianCost(costs: readonly Cost[]): Cost {
  return {
    totalUs: median(costs.map(({ totalUs }) => totalUs)),
    workerUs: median(costs.map(({ workerUs }) => workerUs)),
    redisUs: median(costs.map(({ redisUs }) => redisUs)),
    historyOctets: median(costs.map(({ historyOctets }) => historyOctets)),
  }
}

function shown(cost: CostOrNone): string {
  if ('unavailable' in cost) return cost.unavailable
  const total = `${cost.totalUs.toFixed(1)} us`
  if (cost.redisUs === 0) return total
  return `${total} (worker ${cost.workerUs.toFixed(1)}, Redis ${cost.redisUs.toFixed(1)})`
}

function costsOf(done: readonly Map<Contender, CostOrNone>[]): RoundCosts {
  const of = (contender: Contender): Cost =>
    medianCost(done.map((results) => results.get(contender)!).filter((cost) => 'totalUs' in cost))
  const host = of('round')
  const zone = of('zone round')
  return {
    workerUs: host.workerUs,
    redisUs: host.redisUs,
    zoneWorkerUs: zone.workerUs,
    zoneRedisUs: zone.redisUs,
    historyOctets: of('round with history').historyOctets,
  }
}
