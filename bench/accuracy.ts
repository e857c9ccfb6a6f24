// How accurate the detector is: watches thousands of simulated names in virtual time, counts, and writes docs/accuracy.md.
//   npm run bench:accuracy -- --members 60
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureAssess } from './accuracy/assess-cost.ts'
import { momentsOf } from './accuracy/metrics/moments.ts'
import { targetRows } from './accuracy/metrics/targets.ts'
import { readOptions, USAGE } from './accuracy/options.ts'
import type { AccuracyOptions } from './accuracy/options.ts'
import { recordedReport } from './accuracy/recorded/recorded-report.ts'
import { withSection } from './accuracy/report/page-section.ts'
import { populationReport } from './accuracy/report/population-report.ts'
import { reliabilitySvg } from './accuracy/report/reliability-svg.ts'
import { runWatches } from './accuracy/run-watches.ts'
import { watchOrders } from './accuracy/watch-orders.ts'
import { DEFAULT_POLICY, MODEL_VERSION } from '../src/core/policy.ts'

const DOCS = join(import.meta.dirname, '..', 'docs')
const PAGE = join(DOCS, 'accuracy.md')
const DIAGRAM = join(DOCS, 'accuracy-reliability.svg')

const tell = (line: string): void => void process.stderr.write(`${line}\n`)

const options = optionsOrExit()
const orders = watchOrders(options)
tell(`${orders.length} watches in ${options.jobs} threads`)
const records = await runWatches(orders, options, tell)
if (options.records !== null) {
  writeFileSync(options.records, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
}
tell('measuring assess()')
const resolvers = records.filter(({ way }) => way === 'resolvers')
const moments = momentsOf(resolvers, DEFAULT_POLICY.priors)
const targets = targetRows({
  records,
  calibrationError: Math.max(...moments.map(({ calibrationError }) => calibrationError)),
  assessCost: measureAssess(),
})
const population = populationReport({
  command: commandOf(options),
  model: MODEL_VERSION,
  split: options.split,
  seed: options.seed,
  records,
  targets,
  moments,
  priors: DEFAULT_POLICY.priors,
})
if (options.recorded !== null) tell(`replaying the recordings of ${options.recorded}`)
const recorded = options.recorded === null ? null : recordedReport(options.recorded, DEFAULT_POLICY)

if (options.write) {
  const page = withSection(readFileSync(PAGE, 'utf8'), 'bench:accuracy', population)
  writeFileSync(PAGE, recorded === null ? page : withSection(page, 'bench:accuracy:recorded', recorded))
  writeFileSync(DIAGRAM, reliabilitySvg(moments))
  tell(`written: ${PAGE}, ${DIAGRAM}`)
} else {
  process.stdout.write(`${population}\n${recorded ?? ''}`)
}

function optionsOrExit(): AccuracyOptions {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    tell(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

function commandOf({ members, seed, split }: AccuracyOptions): string {
  return `npm run bench:accuracy -- --members ${members} --seed ${seed} --split ${split}`
}
