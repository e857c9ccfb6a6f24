// The process of one Node contender: opens its client, warms it up, measures the loop, prints the result as JSON.
// Started by the bench, pinned; its argument is a NodeRun.
import { performance } from 'node:perf_hooks'
import { benchQuestions } from './bench-zone.ts'
import { NotAvailable } from './contenders/not-available.ts'
import { NODE_CLIENTS, type NodeClient } from './contenders/node-clients.ts'
import { drive } from './drive.ts'
import { percent, type RunResult } from './measured.ts'

export interface NodeRun {
  readonly client: NodeClient
  readonly address: string
  readonly port: number
  readonly inFlight: number
  /** Questions before the measurement: compiled code, open sockets. */
  readonly warmUp: number
  readonly count: number
  readonly ratePerSecond: number | null
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as NodeRun))}\n`)

async function measure({ client, address, port, warmUp, ...load }: NodeRun): Promise<RunResult> {
  const questions = benchQuestions()
  const asker = await NODE_CLIENTS[client]()
    .then((open) => open({ address, port, inFlight: load.inFlight }))
    .catch((error: unknown) => {
      if (error instanceof NotAvailable) return { unavailable: error.message }
      throw error
    })
  if ('unavailable' in asker) return asker
  const perAsk = asker.questionsPerAsk ?? 1
  const asks = (all: number): number => Math.max(1, Math.floor(all / perAsk))
  const inFlight = asks(load.inFlight)
  await drive(asker, questions, { from: 0, count: asks(warmUp), inFlight, ratePerSecond: null })
  const retriedBefore = asker.retried() ?? 0
  const startedAtMs = performance.now()
  const before = process.cpuUsage()
  const count = asks(load.count)
  const ratePerSecond = load.ratePerSecond === null ? null : load.ratePerSecond / perAsk
  const driven = await drive(asker, questions, { from: asks(warmUp), count, inFlight, ratePerSecond })
  const { user, system } = process.cpuUsage(before)
  const elapsedMs = performance.now() - startedAtMs
  const retriedAfter = asker.retried()
  await asker.close()
  return {
    queries: count * perAsk,
    cpuUsPerQuery: (user + system) / (count * perAsk),
    queriesPerSecond: ((count * perAsk) / elapsedMs) * 1000,
    unansweredPercent: percent(driven.unanswered, count),
    wrongPercent: percent(driven.wrong, count),
    retriedPercent: retriedAfter === null ? null : percent(retriedAfter - retriedBefore, count * perAsk),
  }
}
