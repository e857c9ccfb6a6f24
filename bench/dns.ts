// npm run bench:dns: what a DNS query costs, here and with the clients that others use, against one local authority.
// Rounds in alternation, medians, ratios within the rounds; prints the tables of bench/README.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startAuthority, type AuthorityKind } from './authority.ts'
import { optionReader } from './bench-options.ts'
import { CONTENDERS, runContender } from './contenders/contenders.ts'
import { chooseCores } from './cores.ts'
import { isMeasured, type RunResult } from './measured.ts'
import { SETTLED_MS, measureMemory } from './memory.ts'
import type { Round } from './medians.ts'
import { markdown } from './report.ts'
import { allRight, judge } from './targets.ts'

const USAGE = `usage: npm run bench:dns -- [--rounds 5] [--count 100000] [--only own-plain,c-ares] [--authority nsd|knot|own] [--quick]
  --quick   one round with few questions: shows that everything runs, measures nothing`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    count: { type: 'string' },
    only: { type: 'string' },
    authority: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}

const { wholeNumber } = optionReader(USAGE)
const rounds = wholeNumber('rounds', values.rounds, values.quick ? 1 : 5)
const count = wholeNumber('count', values.count, values.quick ? 600 : 100_000)
const memoryInFlight = values.quick ? 500 : 50_000
const only = values.only?.split(',')
const contenders = CONTENDERS.filter(({ client, id }) => !only || only.includes(client) || only.includes(id))

const cores = chooseCores()
if (cores.note !== null) progress(cores.note)
const folder = mkdtempSync(join(tmpdir(), 'fluxwatch-bench-'))
const authority = await startAuthority(folder, cores.server, values.authority as AuthorityKind | undefined)
progress(`authority: ${authority.name} on port ${authority.port}`)
const done: Round[] = []
try {
  for (let number = 1; number <= rounds; number++) done.push(await oneRound(number))
} finally {
  await authority.close()
  rmSync(folder, { recursive: true, force: true })
}
const memory = []
for (const client of ['own-plain', 'own-batched'] as const)
  if (contenders.some((contender) => contender.client === client))
    memory.push(await measureMemory(client, memoryInFlight, values.quick ? 100 : SETTLED_MS))

const command = ['npm run bench:dns', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])]
// A quick run measures start-up and noise: nothing to judge.
const targets = judge(done, memory).map((target) => (values.quick ? { ...target, met: null } : target))
const date = new Date().toISOString().slice(0, 10)
process.stdout.write(markdown({ command: command.join(' '), date, authority, cores, rounds: done, targets }))
if (!allRight(done)) {
  progress('wrong answers were taken: see the table')
  process.exit(1)
}

async function oneRound(number: number): Promise<Round> {
  const results = new Map<string, RunResult>()
  // Each round begins with another contender, so that none is always the one after the same neighbour.
  const first = ((number - 1) * 5) % contenders.length
  for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
    const result = await runContender(contender, {
      address: authority.address,
      port: authority.port,
      count,
      warmUp: Math.ceil(count / 5),
      steadySeconds: values.quick ? 0.1 : 3,
      folder,
      core: cores.client,
    })
    results.set(contender.id, result)
    const shown = isMeasured(result) ? `${result.cpuUsPerQuery.toFixed(2)} us` : result.unavailable
    progress(`round ${number}/${rounds}  ${contender.id.padEnd(24)} ${shown}`)
  }
  return results
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}
