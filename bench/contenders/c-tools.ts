// dnsperf and massdns: how they are called, and what their own reports say of losses. Their start is taken out of the
// account by a second run with a tenth of the questions.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { benchQuestions } from '../bench-zone.ts'
import { runTimed, type TimedOutput } from '../child-output.ts'
import { pinned } from '../cores.ts'
import { percent, type RunResult } from '../measured.ts'

export type CTool = 'dnsperf' | 'massdns'

export interface CToolRun {
  readonly address: string
  readonly port: number
  readonly inFlight: number
  readonly count: number
  readonly folder: string
  readonly core: number | null
}

interface Invocation {
  readonly args: readonly string[]
  /** Questions without an answer, and packets sent again (null: not told), out of what the tool left. */
  report(output: TimedOutput): { unanswered: number; retried: number | null }
}

const TENTH = 0.1

const TOOLS: Readonly<
  Record<CTool, { command(): string; probe: string; invoke(run: CToolRun, count: number): Invocation }>
> = {
  dnsperf: { command: () => 'dnsperf', probe: '-h', invoke: invokeDnsperf },
  massdns: { command: () => process.env['MASSDNS'] ?? 'massdns', probe: '--help', invoke: invokeMassdns },
}

export async function runCTool(tool: CTool, options: CToolRun): Promise<RunResult> {
  const { command, probe, invoke } = TOOLS[tool]
  if (spawnSync(command(), [probe]).error) return { unavailable: 'not installed' }
  const runs = []
  for (const count of [options.count, Math.round(options.count * TENTH)]) {
    const invocation = invoke(options, count)
    const output = await runTimed(...pinned(options.core, command(), invocation.args))
    if (output.code !== 0) return { unavailable: `failed: ${output.stderr.trim().split('\n')[0] ?? ''}` }
    runs.push({ count, output, ...invocation.report(output) })
  }
  const [long, short] = runs as [(typeof runs)[0], (typeof runs)[0]]
  const queries = long.count - short.count
  return {
    queries: long.count,
    cpuUsPerQuery: (long.output.cpuUs - short.output.cpuUs) / queries,
    queriesPerSecond: (long.count / long.output.elapsedMs) * 1000,
    unansweredPercent: percent(long.unanswered, long.count),
    wrongPercent: null,
    retriedPercent: long.retried === null ? null : percent(long.retried, long.count),
  }
}

function invokeDnsperf({ address, port, inFlight, folder }: CToolRun, count: number): Invocation {
  const file = join(folder, `dnsperf-${count}.txt`)
  const questions = benchQuestions()
  const lines = Array.from({ length: count }, (_, index) => {
    const { name, type } = questions[index % questions.length]!
    return `${name} ${type}\n`
  })
  writeFileSync(file, lines.join(''))
  // One client, one thread, EDNS as ours. It spins while it waits for lost packets (some are, in a race of its own), so
  // the wait is short: at 5 s, its default, the spinning would be most of its bill.
  const load = ['-c', '1', '-T', '1', '-q', String(inFlight), '-n', '1', '-e', '-t', '0.05', '-b', '4096']
  return {
    args: ['-s', address, '-p', String(port), '-d', file, ...load],
    report: ({ stdout }) => ({
      unanswered: Number(/Queries lost:\s+(\d+)/.exec(stdout)?.[1] ?? Number.NaN),
      retried: null,
    }),
  }
}

function invokeMassdns({ address, port, inFlight, folder }: CToolRun, count: number): Invocation {
  const names = join(folder, `massdns-${count}.txt`)
  const answers = join(folder, 'massdns-answers.txt')
  const resolvers = join(folder, 'massdns-resolvers.txt')
  const hosts = benchQuestions().filter((question) => question.type === 'A')
  writeFileSync(
    names,
    Array.from({ length: count }, (_, index) => `${hosts[index % hosts.length]!.name}\n`).join(''),
  )
  writeFileSync(resolvers, `${address}:${port}\n`)
  // One type a run is all it can: A. The simple output is the cheapest that still holds the answers.
  const load = ['-t', 'A', '-s', String(inFlight), '--rcvbuf', '4194304', '-q', '-o', 'Sn', '-w', answers]
  return {
    args: ['--root', '-r', resolvers, ...load, names],
    report: () => ({
      unanswered: count - readFileSync(answers, 'latin1').split('\n').filter(Boolean).length,
      retried: null,
    }),
  }
}
