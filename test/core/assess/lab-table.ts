// Prints the table of docs/accuracy.md about the simulated Internet: two virtual hours of every zone, for a range of seeds.
//   node test/core/assess/lab-table.ts 1 10
import { enrichmentOf } from '../../../src/lab/watch/watch-enrichment.ts'
import type { Knowledge } from '../../../src/lab/watch/watch-enrichment.ts'
import { createWorld } from '../../../src/lab/world.ts'
import { START } from '../series/scripted-rounds.ts'
import { watchZone } from './virtual-watch.ts'
import type { WatchResult } from './virtual-watch.ts'

const TWO_HOURS = 7200
const [first = 1, last = 10] = process.argv.slice(2).map(Number)
const ENRICHMENTS: readonly (readonly [string, Knowledge])[] = [
  ['ASNs with owners’ names', 'full'],
  ['ASNs only', 'no-names'],
  ['no database', 'none'],
]

const byClass = new Map<string, Map<string, WatchResult[]>>()
for (let seed = first; seed <= last; seed += 1) {
  const world = createWorld({ seed, startAt: START })
  for (const [known, knowledge] of ENRICHMENTS) {
    for (const zone of world.zones) {
      const row = byClass.get(zone.class) ?? new Map<string, WatchResult[]>()
      byClass.set(zone.class, row)
      row.set(known, [
        ...(row.get(known) ?? []),
        watchZone(world, zone, enrichmentOf(world.addressPlan, knowledge), TWO_HOURS),
      ])
    }
  }
}

const lines = [
  ['class', ...ENRICHMENTS.map(([known]) => known)],
  ['---', ...ENRICHMENTS.map(() => '---')],
  ...[...byClass].map(([name, row]) => [name, ...ENRICHMENTS.map(([known]) => cell(row.get(known) ?? []))]),
]
process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`)

/** For example `flux single 20 (329-922 s)`: final verdicts with how often, and when flux was first said. */
function cell(results: readonly WatchResult[]): string {
  const verdicts = Map.groupBy(results, ({ last: { verdict, fluxType } }) =>
    fluxType === null ? verdict : `${verdict} ${fluxType}`,
  )
  const counts = [...verdicts].map(([verdict, all]) => `${verdict} ${all.length}`).toSorted()
  const seconds = results.map((one) => one.firstAt.flux).filter((time) => time !== undefined)
  const delay = seconds.length === 0 ? '' : ` (${Math.min(...seconds)}-${Math.max(...seconds)} s)`
  return `${counts.join(', ')}${delay}`
}
