// The CPU of the historian over that of bare prepared inserts of the same rows: both in processes of their own, in alternation, the
// ratio taken within each round.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../child-output.ts'
import { median } from '../medians.ts'
import { startBenchRedis } from '../pipeline/bench-redis.ts'
import type { Target } from '../targets.ts'
import type { InsertCost } from './insert-process.ts'

const SCRIPT = join(import.meta.dirname, 'insert-process.ts')
const LIMIT = 2.5
const SIDES = ['bare', 'values', 'historian'] as const
type Side = (typeof SIDES)[number]

export interface InsertCostOptions {
  readonly rows: number
  readonly rounds: number
  readonly progress: (line: string) => void
}

export async function measureInserts({ rows, rounds, progress }: InsertCostOptions): Promise<Target[]> {
  const done: Record<Side, InsertCost>[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const costs: Partial<Record<Side, InsertCost>> = {}
    const first = round % SIDES.length
    for (const side of [...SIDES.slice(first), ...SIDES.slice(0, first)]) {
      costs[side] = await measure(side, rows)
      const { cpuUs, rows: measured, elapsedMs } = costs[side]
      progress(
        `round ${round}/${rounds}  ${side.padEnd(10)} ${(cpuUs / measured).toFixed(2)} us a row, ${Math.round((measured / elapsedMs) * 1000)} rows/s`,
      )
    }
    done.push(costs as Record<Side, InsertCost>)
  }
  const cpuOf = ({ cpuUs, rows: measured }: InsertCost): number => cpuUs / measured
  const ratioTo = (side: Side): number =>
    median(done.map((costs) => cpuOf(costs.historian) / cpuOf(costs[side])))
  const ratio = ratioTo('bare')
  const us = (side: Side): string => `${median(done.map((costs) => cpuOf(costs[side]))).toFixed(1)} us a row`
  const speed = median(done.map(({ historian }) => (historian.rows / historian.elapsedMs) * 1000))
  return [
    {
      what: 'CPU of the SQLite historian / bare prepared inserts of the same rows',
      limit: `<= ${LIMIT}`,
      measured: `${ratio.toFixed(2)} (${us('historian')} / ${us('bare')})`,
      met: ratio <= LIMIT,
    },
    {
      what: 'the same / inserts of column values that are ready, without making them of observations',
      limit: '',
      measured: `${ratioTo('values').toFixed(2)} (${us('historian')} / ${us('values')})`,
      met: null,
    },
    {
      what: 'of the SQLite historian, on the event loop that probes',
      limit: '',
      measured: `${median(done.map(({ historian }) => historian.mainUs / historian.rows)).toFixed(2)} us a row`,
      met: null,
    },
    {
      what: 'SQLite historian, drained as fast as it goes',
      limit: '',
      measured: `${Math.round(speed).toLocaleString('en')} rows a second`,
      met: null,
    },
  ]
}

async function measure(side: Side, rows: number): Promise<InsertCost> {
  const folder = mkdtempSync(join(tmpdir(), 'fw-bench-insert-'))
  const redis = side === 'historian' ? await startBenchRedis(null) : null
  try {
    const parameters = [SCRIPT, side, join(folder, 'history.sqlite'), String(rows), redis?.socketPath ?? '']
    const { code, stdout, stderr } = await run(process.execPath, parameters)
    if (code !== 0) throw new Error(`${side} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as InsertCost
  } finally {
    await redis?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
