// npm run bench:pipeline: what the whole service costs, from the due set to the commit, over HTTP and in memory, against what it
// could cost. Prints a table of figures and targets; --write keeps the unit costs for `npm run sizing`.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { table } from './accuracy/report/markdown.ts'
import type { AuthorityKind } from './authority.ts'
import { optionReader } from './bench-options.ts'
import { measureFirstRounds } from './pipeline/first-round.ts'
import { measureFlatness } from './pipeline/flat-cost.ts'
import { measureIntake } from './pipeline/intake-cost.ts'
import { measureReads } from './pipeline/read-cost.ts'
import { measureResident } from './pipeline/resident.ts'
import { measureRounds } from './pipeline/round-cost.ts'
import { Stage } from './pipeline/stage.ts'
import { loadNames, stateSizeRows } from './pipeline/state-size.ts'
import { measureTwoWorkers } from './pipeline/two-workers.ts'
import { writeUnitCosts, type UnitCosts } from './pipeline/unit-costs.ts'
import { measureWire } from './pipeline/wire-cost.ts'
import type { Target } from './targets.ts'

const PARTS = ['round', 'flat', 'two-workers', 'memory', 'resident', 'intake', 'get', 'first-round'] as const
type Part = (typeof PARTS)[number]

const USAGE = `usage: npm run bench:pipeline -- [--only ${PARTS.join(',')}]
         [--names 1000000] [--rounds 5] [--lap 10000] [--resident-rounds 1000000] [--udp-engine auto|plain|batched]
         [--authority nsd|knot|own] [--cpu-prof FOLDER] [--write] [--quick]
  --names      watched names of flat, memory and first-round, and names of the one long request of intake
  --lap        names in one lap of the parts that need no million
  --cpu-prof   profiles of the measured laps of part round; the figures of such a run are those of a profiled process
  --write      keeps the unit costs in bench/pipeline/unit-costs.json
  --quick      little of everything: shows that it runs, measures nothing
  massdns is taken from MASSDNS or the PATH`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    names: { type: 'string' },
    rounds: { type: 'string' },
    lap: { type: 'string' },
    'resident-rounds': { type: 'string' },
    'udp-engine': { type: 'string' },
    authority: { type: 'string' },
    'cpu-prof': { type: 'string' },
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}

const { quick } = values
const { oneOf, someOf, wholeNumber } = optionReader(USAGE)
const parts = someOf('only', values.only, PARTS)
const rounds = wholeNumber('rounds', values.rounds, quick ? 1 : 5)
const lap = wholeNumber('lap', values.lap, quick ? 60 : 10_000)
const names = wholeNumber('names', values.names, quick ? 300 : 1_000_000)
const residentRounds = wholeNumber('resident-rounds', values['resident-rounds'], quick ? 100 : 1_000_000)
const scans = quick ? 3 : 60
const progress = (line: string): void => void process.stderr.write(`${line}\n`)

// What was started ends with the bench.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const rows: Target[] = []
const costs: Partial<UnitCosts>[] = []
const stage = await Stage.open({
  names: Math.max(lap, 1_000, names + 3 * scans),
  authority: values.authority as AuthorityKind | undefined,
  udpEngine: oneOf('udp-engine', values['udp-engine'], ['auto', 'plain', 'batched'] as const, 'auto'),
  profiles: values['cpu-prof'] ?? null,
  progress,
})
try {
  if (parts.has('round')) await roundPart()
  if (parts.has('two-workers'))
    await told('two-workers', () => measureTwoWorkers(stage, { names: lap, rounds }))
  if (parts.has('intake')) await intakePart()
  if (parts.has('get'))
    await told('get', () =>
      measureReads(stage, { names: Math.min(lap, 1_000), requests: quick ? 100 : 20_000, rounds }),
    )
  if (parts.has('memory') || parts.has('flat') || parts.has('first-round')) await manyNames()
  if (parts.has('resident'))
    await told('resident', () =>
      measureResident(stage, { names: Math.min(lap, 5_000), rounds: residentRounds }),
    )
} finally {
  await stage.close()
}

const place = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${process.platform} ${process.arch}`
const measured = `Node ${process.version}, ${place}, ${new Date().toISOString().slice(0, 10)}`
process.stdout.write(
  `${measured}. Authority: ${stage.authority.name}. Medians of ${rounds}.\n\n${table(
    ['what', 'target', 'measured', ''],
    rows.map(({ what, limit, measured: figure, met }) => [what, limit, figure, judgement(met)]),
  )}\n`,
)
if (values.write && !quick) for (const part of [{ measured }, ...costs]) writeUnitCosts(part)

async function roundPart(): Promise<void> {
  progress('round')
  const { rows: found, costs: cost } = await measureRounds(stage, { names: lap, rounds })
  const hostWire = await measureWire(stage.authority.port, ['A', 'AAAA'])
  const zoneWire = await measureWire(stage.authority.port, ['NS', 'SOA'])
  rows.push(...found)
  costs.push({
    hostRound: { workerUs: cost.workerUs, redisUs: cost.redisUs },
    zoneRound: { workerUs: cost.zoneWorkerUs, redisUs: cost.zoneRedisUs },
    historyOctetsPerRound: cost.historyOctets,
    hostWire,
    zoneWire,
  })
  for (const [what, wire] of [
    ['host', hostWire],
    ['zone', zoneWire],
  ] as const)
    rows.push({
      what: `on the wire, ${what} round`,
      limit: '',
      measured: `${wire.packets.toFixed(0)} packets, ${wire.octets.toFixed(0)} B`,
      met: null,
    })
}

async function intakePart(): Promise<void> {
  progress('intake')
  const found = await measureIntake(stage, { batch: lap, names, rounds })
  rows.push(...found.rows)
  costs.push({ intake: found.cost })
}

/** The parts that share one large Redis. */
async function manyNames(): Promise<void> {
  progress(`loading ${names.toLocaleString('en')} names`)
  const { redis, octetsPerName, wholeHourMs: hourMs } = await loadNames(stage, names)
  const offset = { ms: 0 }
  try {
    if (parts.has('memory')) {
      rows.push(...(await stateSizeRows(redis, names, octetsPerName)))
      costs.push({ redisOctetsPerName: octetsPerName, namesLoaded: names })
    }
    const few = Math.min(1_000, lap)
    if (parts.has('flat'))
      await told('flat', () =>
        measureFlatness(stage, { redis, hourMs, offset }, { names, few, rounds, laps: quick ? 2 : 10 }),
      )
    if (parts.has('first-round'))
      await told('first-round', () => measureFirstRounds(stage, { redis, offset }, { names, scans }))
  } finally {
    await redis.close()
  }
}

async function told(part: Part, measure: () => Promise<Target[]>): Promise<void> {
  progress(part)
  rows.push(...(await measure()))
}

function judgement(met: boolean | null): string {
  return met === null || quick ? '' : met ? 'met' : 'MISSED'
}
