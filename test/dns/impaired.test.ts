import { afterEach, expect, test } from 'vitest'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import { describeEngines } from './support-engines.ts'
import { questionOf, rightOutcome, truncates } from './support-impaired-names.ts'
import type { ImpairedOptions, ImpairedTally } from './support-impaired-server.ts'
import { WorkerServer } from './support-worker.ts'

// A resolver behind a bad line: every tenth packet is lost, another late, doubled, truncated, and all are out of order.

const QUESTIONS = 24_000
/** Three attempts reach a server that drops two; the last ones wait long, for a machine that is busy with other things. */
const TIMEOUTS_MS = [150, 200, 1_000, 10_000, 20_000]
const OPTIONS: ImpairedOptions = { seed: 'bad line', maxDelayMs: 300 }

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

describeEngines('a resolver that drops, delays, reorders, doubles and truncates', (openPorts) => {
  test('24,000 questions all end with the right outcome', { timeout: 120_000 }, async () => {
    const worker = await WorkerServer.start<ImpairedTally>(
      new URL('./support-impaired-server.ts', import.meta.url),
      OPTIONS,
    )
    const ports = await openPorts()
    const resolver = new StubResolver({
      server: worker.server,
      protocol: 'udp',
      timeoutsMs: TIMEOUTS_MS,
      maxInFlight: 500,
      ports,
    })
    open.push(resolver, ports, worker)
    const numbers = Array.from({ length: QUESTIONS }, (_, number) => number)
    const replies = await Promise.all(numbers.map((number) => resolver.ask(questionOf(number))))

    const wrong = numbers.filter((number) => {
      const { outcome, answer, transport } = replies[number]!
      const told = [outcome, ...answer.map((record) => record.data)].join(' ')
      return told !== rightOutcome(number) || transport !== (truncates(number) ? 'tcp' : 'udp')
    })
    expect(wrong.slice(0, 5).map((number) => [rightOutcome(number), replies[number]])).toEqual([])
    expect(resolver.inFlight).toBe(0)

    // It was as bad a line as it should be, and the resolver has noticed.
    const tally = await worker.tally()
    const tenth = QUESTIONS / 10
    for (const count of [tally.dropped, tally.delayed, tally.doubled, tally.truncated])
      expect(count).toBeGreaterThan(tenth * 0.9)
    expect(tally.reordered).toBeGreaterThan(tenth)
    const { retried, truncated, late, mismatched } = resolver.counters
    expect(retried).toBeGreaterThanOrEqual(tally.dropped)
    expect(truncated).toBeGreaterThanOrEqual(numbers.filter(truncates).length)
    expect(late).toBeGreaterThan(0)
    expect(mismatched).toBe(0)
  })
})
