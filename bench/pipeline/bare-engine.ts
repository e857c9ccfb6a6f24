// The yardstick of a round: the same six questions of each name, by StubResolver on the UDP engine, and nothing else. A process
// of its own; its argument is a BareRun, its output a RunResult.
import { performance } from 'node:perf_hooks'
import { openDatagramPorts } from '../../src/dns/open-datagram-ports.ts'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import type { BenchQuestion } from '../bench-zone.ts'
import type { Asker } from '../contenders/asker.ts'
import { drive } from '../drive.ts'
import { percent, type RunResult } from '../measured.ts'
import { ipv4Of, ipv6Of, nameOf, QUESTIONS_A_ROUND, RESOLVERS } from './watched-names.ts'

export interface BareRun {
  readonly port: number
  readonly names: number
  /** Names that are asked before the measurement. */
  readonly warmUp: number
  readonly namesInFlight: number
  readonly udpEngine: 'auto' | 'plain' | 'batched'
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as BareRun))}\n`)

async function measure({ port, names, warmUp, namesInFlight, udpEngine }: BareRun): Promise<RunResult> {
  const { ports } = await openDatagramPorts(udpEngine)
  const stubs = RESOLVERS.map(
    (address) => new StubResolver({ server: { address, port }, protocol: 'udp', ports }),
  )
  const asker = inTurn(stubs)
  const questions = questionsOf(names)
  const inFlight = namesInFlight * QUESTIONS_A_ROUND
  await drive(asker, questions, { from: 0, count: warmUp * QUESTIONS_A_ROUND, inFlight, ratePerSecond: null })
  const count = names * QUESTIONS_A_ROUND
  const startedAtMs = performance.now()
  const before = process.cpuUsage()
  const driven = await drive(asker, questions, { from: 0, count, inFlight, ratePerSecond: null })
  const { user, system } = process.cpuUsage(before)
  const elapsedMs = performance.now() - startedAtMs
  await Promise.all(stubs.map((stub) => stub.close()))
  await ports.close()
  return {
    queries: count,
    cpuUsPerQuery: (user + system) / count,
    queriesPerSecond: (count / elapsedMs) * 1000,
    unansweredPercent: percent(driven.unanswered, count),
    wrongPercent: percent(driven.wrong, count),
    retriedPercent: percent(
      stubs.reduce((sum, stub) => sum + stub.counters.retried, 0),
      count,
    ),
  }
}

/** Question for question the next resolver, as the questions of a name stand. */
function inTurn(stubs: readonly StubResolver[]): Asker {
  let asked = 0
  return {
    ask(question, done) {
      void stubs[asked++ % stubs.length]!.ask(question).then((reply) =>
        done(reply.outcome === 'answer' ? (reply.answer[0]?.data ?? null) : null),
      )
    },
    retried: () => null,
    close: async () => {},
  }
}

function questionsOf(names: number): BenchQuestion[] {
  return Array.from({ length: names }, (_, index) => {
    const name = nameOf(index)
    const a = { name, type: 'A', expected: ipv4Of(index) } as const
    const aaaa = { name, type: 'AAAA', expected: ipv6Of(index) } as const
    return [a, a, a, aaaa, aaaa, aaaa]
  }).flat()
}
