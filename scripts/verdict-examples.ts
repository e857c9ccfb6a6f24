// Writes the worked examples of docs/verdicts.md, or checks that they are what the detector says today: names of the simulated
// Internet, watched in virtual time through its three resolvers, printed as `fluxwatch check` prints them.
// Usage: node scripts/verdict-examples.ts --write | --check
import { readFile, writeFile } from 'node:fs/promises'
import { verdictLines } from '../src/cli/verdict-text.ts'
import type { Assessment } from '../src/core/model/assessment.ts'
import { watchHost } from '../src/lab/watch/host-watch.ts'
import { openViews } from '../src/lab/watch/open-views.ts'
import { enrichmentOf } from '../src/lab/watch/watch-enrichment.ts'
import { THREE_RESOLVERS } from '../src/lab/watch/watch-vantage.ts'
import { createWorld } from '../src/lab/world.ts'

const PAGE = new URL('../docs/verdicts.md', import.meta.url)
const SEED = 1
const START = Date.UTC(2026, 10, 22)
/** Whose verdict is shown, after so many virtual seconds. Each has a place of its own in the page. */
const EXAMPLES = [
  { host: 'willow-station.example', forSeconds: 7200 },
  { host: 'pool.volunteer-lab.example', forSeconds: 7200 },
] as const

function assessmentAfter(host: string, forSeconds: number): Assessment {
  const world = createWorld({ seed: SEED, startAt: START })
  const views = openViews({ space: world, vantages: THREE_RESOLVERS })
  const enrichment = enrichmentOf(world.addressPlan, 'full')
  let last: Assessment | null = null
  for (const round of watchHost({ host, startAt: START, forSeconds, views, enrichment }))
    last = round.assessment
  if (last === null) throw new Error(`${host} was not assessed within ${forSeconds} s`)
  return last
}

/** The page with what stands between the markers of each example replaced. */
function withExamples(page: string): string {
  return EXAMPLES.reduce((text, { host, forSeconds }) => {
    const [open, close] = [`<!-- example: ${host} -->\n`, `<!-- /example: ${host} -->`]
    const from = text.indexOf(open)
    const to = text.indexOf(close)
    if (from === -1 || to < from) throw new Error(`docs/verdicts.md has no place for the example ${host}`)
    const lines = verdictLines(assessmentAfter(host, forSeconds), true)
    return `${text.slice(0, from)}${open}\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n${text.slice(to)}`
  }, page)
}

const [mode] = process.argv.slice(2)
const page = await readFile(PAGE, 'utf8')
if (mode === '--write') {
  await writeFile(PAGE, withExamples(page))
} else if (mode === '--check') {
  if (withExamples(page) !== page) {
    process.stderr.write(
      'docs/verdicts.md shows verdicts that the detector does not give any more: run `npm run docs`.\n',
    )
    process.exitCode = 1
  }
} else {
  process.stderr.write('Say --write or --check.\n')
  process.exitCode = 2
}
