// The process whose memory is measured: asks a server that never answers, and prints the growth as JSON. Needs
// --expose-gc; its argument is a MemoryRun.
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises'
import { StubResolver } from '../src/dns/stub-resolver.ts'
import { openPorts } from './contenders/engines.ts'
import { NotAvailable } from './contenders/not-available.ts'
import type { MemoryResult, MemoryRun } from './memory.ts'

/** Longer than the measurement, in one attempt: nothing is answered and nothing asked again. */
const TIMEOUT_MS = 600_000
/** As a prober comes to so many in flight: over many turns of the event loop, not in one. */
const QUESTIONS_PER_TURN = 500

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as MemoryRun))}\n`)
process.exit(0)

async function measure({ client, address, port, inFlight, restMs }: MemoryRun): Promise<MemoryResult> {
  const ports = await openPorts(client === 'own-batched' ? 'batched' : 'plain').catch((error: unknown) => {
    if (error instanceof NotAvailable) return { unavailable: error.message }
    throw error
  })
  if ('unavailable' in ports) return { client, unavailable: ports.unavailable }
  const resolver = new StubResolver({
    server: { address, port },
    protocol: 'udp',
    ports,
    maxInFlight: inFlight + 1,
    timeoutsMs: [TIMEOUT_MS],
  })
  const questions = Array.from({ length: inFlight }, (_, index) => ({
    name: `h${index}.memory.example`,
    type: 'A' as const,
  }))
  // The first question brings what is there once: code, wheel, slabs. The rest is by question.
  void resolver.ask({ name: 'first.memory.example', type: 'A' })
  const before = await atRest(restMs)
  for (const [index, question] of questions.entries()) {
    void resolver.ask(question)
    if (index % QUESTIONS_PER_TURN === 0) await immediate()
  }
  const after = await atRest(restMs)
  if (resolver.inFlight !== inFlight + 1)
    throw new Error(`expected ${inFlight + 1} in flight, there are ${resolver.inFlight}`)
  return {
    client,
    inFlight,
    residentOctetsPerQuery: (after.resident - before.resident) / inFlight,
    liveOctetsPerQuery: (after.live - before.live) / inFlight,
  }
}

async function atRest(restMs: number): Promise<{ resident: number; live: number }> {
  await delay(restMs)
  for (let times = 0; times < 3; times++) globalThis.gc?.()
  await delay(restMs)
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, live: heapUsed + external }
}
