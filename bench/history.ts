// npm run bench:history: what the way into history costs, what history takes on disk, how long its questions take, whether a historian
// that is killed loses or doubles anything, and what networks cost. Prints tables of figures and targets.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from './accuracy/report/markdown.ts'
import { optionReader } from './bench-options.ts'
import { run } from './child-output.ts'
import { askClickHouse, measureAppends, openEngine } from './history/clickhouse.ts'
import { measureInserts } from './history/insert-cost.ts'
import { killHistorian } from './history/kills.ts'
import { largeFile } from './history/large-file.ts'
import { askAll, type Answered } from './history/questions.ts'
import { startBenchRedis } from './pipeline/bench-redis.ts'
import { openSqliteHistory } from '../src/store/history/sqlite/sqlite-history.ts'
import type { Target } from './targets.ts'

const PARTS = [
  'historian',
  'clickhouse',
  'size',
  'questions',
  'clickhouse-questions',
  'kills',
  'networks',
] as const

const USAGE = `usage: npm run bench:history -- [--only ${PARTS.join(',')}]
         [--rows 10000000] [--appended 200000] [--rounds 5] [--calls 200] [--kills 200] [--seed 1] [--folder FOLDER]
         [--engine FOLDER] [--quick]
  --rows      observations of the history that the questions are asked of
  --appended  observations of one round of historian and clickhouse
  --folder    where the large history is kept from run to run; otherwise the system's folder for what may go
  --engine    that holds node_modules/chdb; otherwise where scripts/test-clickhouse installs it
  --quick     little of everything: shows that it runs, measures nothing`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rows: { type: 'string' },
    appended: { type: 'string' },
    rounds: { type: 'string' },
    calls: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    folder: { type: 'string' },
    engine: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}

const { quick } = values
const { someOf, wholeNumber } = optionReader(USAGE)
const parts = someOf('only', values.only, PARTS)
const rows = wholeNumber('rows', values.rows, quick ? 20_000 : 10_000_000)
const appended = wholeNumber('appended', values.appended, quick ? 5_000 : 200_000)
const rounds = wholeNumber('rounds', values.rounds, quick ? 1 : 5)
const calls = wholeNumber('calls', values.calls, quick ? 5 : 200)
const kills = wholeNumber('kills', values.kills, quick ? 3 : 200)
const seed = wholeNumber('seed', values.seed, 1)
const progress = (line: string): void => void process.stderr.write(`${line}\n`)
/** A page of SQLite, whichever question. */
const SLOWEST_MS = 50

// What was started ends with the bench.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const found: Target[] = []
const tables: string[] = []
if (parts.has('historian')) found.push(...(await measureInserts({ rows: appended, rounds, progress })))
if (parts.has('size') || parts.has('questions')) await sqlitePart()
if (parts.has('clickhouse') || parts.has('clickhouse-questions')) await clickHousePart()
if (parts.has('kills')) found.push(await killPart())
if (parts.has('networks')) await networksPart()

const place = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${process.platform} ${process.arch}`
process.stdout.write(
  `Node ${process.version}, ${place}, ${new Date().toISOString().slice(0, 10)}. Medians of ${rounds}.\n\n${[
    ...(found.length === 0
      ? []
      : [
          table(
            ['what', 'target', 'measured', ''],
            found.map(({ what, limit, measured, met }) => [what, limit, measured, judgement(met)]),
          ),
        ]),
    ...tables,
  ].join('\n\n')}\n`,
)

async function sqlitePart(): Promise<void> {
  const file = await largeFile(rows, values.folder ?? null, progress)
  found.push({
    what: `SQLite on disk, an observation (of ${rows.toLocaleString('en')}, all tables and indexes)`,
    limit: '',
    measured: `${(file.octets / file.rows).toFixed(0)} B`,
    met: null,
  })
  if (!parts.has('questions')) return
  // The file goes out of the system's cache (where there is a dd that can): what is asked first is read from the disk.
  spawnSync('dd', [`if=${file.path}`, 'iflag=nocache', 'count=0'])
  const history = await openSqliteHistory(file.path)
  try {
    const answered = await askAll(history, file.world, calls, progress)
    const slowest = answered.reduce((worst, one) => (one.first.p95 > worst.first.p95 ? one : worst))
    found.push({
      what: `SQLite, one page of any question at ${rows.toLocaleString('en')} observations, slowest p95`,
      limit: `<= ${SLOWEST_MS} ms`,
      measured: `${slowest.first.p95.toFixed(1)} ms (${slowest.question})`,
      met: slowest.first.p95 <= SLOWEST_MS,
    })
    tables.push(questionTable('SQLite', answered))
  } finally {
    await history.close()
  }
}

async function clickHousePart(): Promise<void> {
  const folder = values.engine ?? join(import.meta.dirname, '..', '.cache', 'clickhouse-engine')
  const engine = openEngine(folder)
  if (engine === null) {
    const measured = 'not installed: scripts/test-clickhouse does it'
    found.push({ what: 'embedded ClickHouse', limit: '', measured, met: null })
    return
  }
  try {
    if (parts.has('clickhouse'))
      found.push(...(await measureAppends(engine, { rows: appended, rounds, progress })))
    if (!parts.has('clickhouse-questions')) return
    const { answered, octetsARow } = await askClickHouse(engine, { rows, calls, progress })
    found.push({
      what: `ClickHouse on disk, an observation (of ${rows.toLocaleString('en')}, merged, all tables)`,
      limit: '',
      measured: `${octetsARow.toFixed(0)} B`,
      met: null,
    })
    tables.push(questionTable('ClickHouse', answered))
  } finally {
    engine.close()
  }
}

async function killPart(): Promise<Target> {
  const redis = await startBenchRedis(null)
  const folder = mkdtempSync(join(tmpdir(), 'fw-bench-kills-'))
  try {
    const path = join(folder, 'history.sqlite')
    const report = await killHistorian({
      kills,
      seed,
      socketPath: redis.socketPath,
      path,
      onProgress: progress,
    })
    const { committed, stored, moments, left } = report
    const isEqual = JSON.stringify(committed) === JSON.stringify(stored)
    progress(JSON.stringify(report, null, 2))
    const where = Object.entries(moments).map(([moment, count]) => `${count} ${moment}`)
    return {
      what: `kill -9 of the historian at ${kills} moments (${where.join(', ')}): counts and digests`,
      limit: 'equal',
      measured: `${stored.observations.toLocaleString('en')} of ${committed.observations.toLocaleString('en')} observations, ${stored.records.toLocaleString('en')} of ${committed.records.toLocaleString('en')} records, digests ${isEqual ? 'equal' : 'DIFFERENT'}, ${left.entries} entries left`,
      met: isEqual && left.entries === 0,
    }
  } finally {
    await redis.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The cost of networks, as `npm run bench:networks` measures it. */
async function networksPart(): Promise<void> {
  const script = join(import.meta.dirname, 'networks.ts')
  const { code, stdout, stderr } = await run(process.execPath, [
    script,
    '--seeds',
    '',
    '--names',
    quick ? '500' : '100000',
  ])
  if (code !== 0) throw new Error(`bench/networks.ts ended with ${code}: ${stderr}`)
  tables.push(stdout.trim())
}

function questionTable(store: string, answered: readonly Answered[]): string {
  const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1)
  return table(
    [`${store}, one page of at most 100`, 'p50', 'p95', 'worst', 'again p50', 'again p95', 'items'],
    answered.map(({ question, first, again, items }) => [
      question,
      ms(first.p50),
      ms(first.p95),
      ms(first.worst),
      ms(again.p50),
      ms(again.p95),
      items.toFixed(0),
    ]),
  )
}

function judgement(met: boolean | null): string {
  return met === null || quick ? '' : met ? 'met' : 'MISSED'
}
