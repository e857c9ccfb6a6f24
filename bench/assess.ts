// What one assessment costs: CPU time of assess(), and of the view with its features inside of it.
//   npm run bench:assess
// Medians over many samples. Targets (issue 4): 25 µs for a stable name, 250 µs for 1,000 addresses.
import { costOf } from './accuracy/assess-cost.ts'
import { benchNames } from './assess-names.ts'

const lines = [
  '| name | addresses held | view and features | assess() | reading the series |',
  '|---|---|---|---|---|',
]
for (const name of benchNames()) {
  const { title, held, features, assess, reading } = costOf(name)
  lines.push(`| ${title} | ${held} | ${toMicros(features)} | ${toMicros(assess)} | ${toMicros(reading)} |`)
}
process.stdout.write(`${lines.join('\n')}\n`)

function toMicros(value: number): string {
  return `${value.toFixed(1)} µs`
}
