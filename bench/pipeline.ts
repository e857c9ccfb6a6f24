// npm run bench:pipeline: what the whole service costs, from the due set to the commit, over HTTP and in memory, against what it
// could cost. Prints a table of figures and targets; --write keeps the unit costs for `npm run sizing`.
import { parseArgs } from 'node:util'
import { cpus } from 'node:os'
import { table } from './accuracy/report/markdown.ts'
import type { AuthorityKind } from './authority.ts'
import { measureRounds } from './pipeline/round-cost.ts'
import { Stage } from './pipeline/stage.ts'
import type { Target } from './targets.ts'

const USAGE = `usage: npm run bench:pipeline -- [--only round] [--names 1000000] [--rounds 5] [--lap 10000] [--udp-engine auto|plain|batched]
                               [--authority nsd|knot|own] [--cpu-prof FOLDER] [--quick]
  --lap       names in one lap of the parts that need no million
  --cpu-prof  profiles of the measured laps of a worker; the figures of such a run are those of a profiled process
  --quick     little of everything: shows that it runs, measures nothing`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    names: { type: 'string' },
    rounds: { type: 'string' },
    lap: { type: 'string' },
    'udp-engine': { type: 'string', default: 'auto' },
    authority: { type: 'string' },
    'cpu-prof': { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}

const rounds = wholeNumber('rounds', values.rounds, values.quick ? 1 : 5)
const lapNames = wholeNumber('lap', values.lap, values.quick ? 100 : 10_000)
const stage = await Stage.open({
  names: lapNames,
  authority: values.authority as AuthorityKind | undefined,
  udpEngine: values['udp-engine'] as 'auto' | 'plain' | 'batched',
  profiles: values['cpu-prof'] ?? null,
  progress: (line) => process.stderr.write(`${line}\n`),
})
const rows: Target[] = []
try {
  const { rows: found } = await measureRounds(stage, { names: lapNames, rounds })
  rows.push(...found)
} finally {
  await stage.close()
}
const place = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${process.platform} ${process.arch}`
process.stdout.write(
  `Node ${process.version}, ${place}. Authority: ${stage.authority.name}. Medians of ${rounds}.\n\n${table(
    ['what', 'target', 'measured', ''],
    rows.map(({ what, limit, measured, met }) => [
      what,
      limit,
      measured,
      met === null || values.quick ? '' : met ? 'met' : 'MISSED',
    ]),
  )}\n`,
)

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  process.stderr.write(`--${name}: expected a whole number above 0, got ${text}\n${USAGE}\n`)
  process.exit(2)
}
