// The process whose memory is measured: asks a server that never answers, and prints the growth as JSON. Needs
// --expose-gc; its argument is a MemoryRun.
import { setTimeout as delay } from 'node:timers/promises'
import { StubResolver } from '../src/dns/stub-resolver.ts'
import { openPorts } from './contenders/engines.ts'
import { NotAvailable } from './contenders/not-available.ts'
import type { MemoryResult, MemoryRun } from './memory.ts'

/** Longer than the measurement, in one attempt: nothing is answered and nothing asked again. */
const TIMEOUT_MS = 600_000
/** Enough for the last batch to leave: resident memory is read when the process is at rest. */
const REST_MS = 500

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as MemoryRun))}\n`)
process.exit(0)

async function measure({ client, address, port, inFlight }: MemoryRun): Promise<MemoryResult> {
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
  const before = await atRest()
  for (const question of questions) void resolver.ask(question)
  const after = await atRest()
  if (resolver.inFlight !== inFlight + 1)
    throw new Error(`expected ${inFlight + 1} in flight, there are ${resolver.inFlight}`)
  return {
    client,
    inFlight,
    residentOctetsPerQuery: (after.resident - before.resident) / inFlight,
    liveOctetsPerQuery: (after.live - before.live) / inFlight,
  }
}

async function atRest(): Promise<{ resident: number; live: number }> {
  await delay(REST_MS)
  for (let times = 0; times < 3; times++) globalThis.gc?.()
  await delay(REST_MS)
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, live: heapUsed + external }
}
