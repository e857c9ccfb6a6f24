// npm run sizing: how large a service must be, from the unit costs of bench:pipeline. Prints the section of docs/operations.md;
//   node bench/sizing.ts [--write | --check]
import { readFileSync, writeFileSync } from 'node:fs'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { withSection } from './accuracy/report/page-section.ts'
import { assumptionsFrom, sizeFor } from './pipeline/sizing-model.ts'
import { sizingSection } from './pipeline/sizing-section.ts'
import { readUnitCosts } from './pipeline/unit-costs.ts'

const PAGE = new URL('../docs/operations.md', import.meta.url)
const NAMES = [10_000, 1_000_000, 100_000_000]

const costs = readUnitCosts()
const assumed = assumptionsFrom(DEFAULT_POLICY)
const section = sizingSection(
  NAMES.map((names) => sizeFor(names, costs, assumed)),
  assumed,
  costs,
)
const [mode] = process.argv.slice(2)
if (mode === undefined) process.stdout.write(`${section}\n`)
else if (mode === '--write' || mode === '--check') {
  const page = readFileSync(PAGE, 'utf8')
  const wanted = withSection(page, 'sizing', section)
  if (mode === '--write') writeFileSync(PAGE, wanted)
  else if (page !== wanted) {
    process.stderr.write('docs/operations.md is not what the unit costs say: run npm run sizing -- --write\n')
    process.exitCode = 1
  }
} else {
  process.stderr.write('Expected --write, --check or nothing\n')
  process.exitCode = 2
}
