// Tabulates what `fluxwatch assess` said of labelled recordings: final lines on stdin, labels.csv as the argument,
// Markdown on stdout. The tables are those of the accuracy bench; nothing is decided here.
//   node scripts/accuracy.ts labels.csv < assessed.ndjson
import { readFileSync } from 'node:fs'
import { parseLabels } from '../bench/accuracy/recorded/labels.ts'
import type { Label } from '../bench/accuracy/recorded/labels.ts'
import { recordedTables } from '../bench/accuracy/recorded/recorded-tables.ts'
import type { JudgedSeries } from '../bench/accuracy/recorded/recorded-tables.ts'

/** What is read of a final line. */
interface FinalLine extends Omit<JudgedSeries, 'label' | 'fluxType' | 'flaggedAfter'> {
  readonly flux_type: JudgedSeries['fluxType']
  readonly flagged_after: number | null
}

const [labelsPath] = process.argv.slice(2)
if (labelsPath === undefined) {
  process.stderr.write('usage: node scripts/accuracy.ts labels.csv < assessed.ndjson\n')
  process.exit(2)
}
const labels = parseLabels(readFileSync(labelsPath, 'utf8'))
const lines = readFileSync(0, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
process.stdout.write(`${recordedTables(lines.map((line) => judge(line, labels)))}\n`)

function judge(line: string, known: ReadonlyMap<string, Label>): JudgedSeries {
  const result = JSON.parse(line) as FinalLine
  const label = known.get(`${result.set} ${result.domain}`)
  if (label === undefined) throw new Error(`no label for ${result.set} ${result.domain}`)
  return { ...result, label, fluxType: result.flux_type, flaggedAfter: result.flagged_after }
}
