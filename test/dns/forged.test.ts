import { afterEach, expect, test } from 'vitest'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import { describeEngines } from './support-engines.ts'
import type { ForgerOptions, ForgerTally, Secret } from './support-forger.ts'
import { WorkerServer } from './support-worker.ts'

// An attacker who sees everything but one secret, and is always faster than the resolver: 20,000 forged answers for each
// of the five secrets. No TCP here, so that nothing but the secret can save the answer.

const QUESTIONS = 1_000
const FORGERIES_PER_QUESTION = 20
/** So few that their forgeries fit into the smallest receive buffer that systems grant. */
const IN_FLIGHT = 8
const HONEST = '192.0.2.1'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** Letters only: 0x20 has something to hide in, and the forger something to change. */
function nameOf(number: number): string {
  const letters = Array.from(number.toString(26).padStart(4, '0'), (digit) =>
    String.fromCharCode(97 + Number.parseInt(digit, 26)),
  )
  return `forgery${letters.join('')}.example`
}

/** Whether a forgery without the secret gets as far as the engine: another source the system itself keeps away. */
const REACHES_ENGINE: Readonly<Record<Secret, boolean>> = {
  id: true,
  case: true,
  question: true,
  port: true,
  source: false,
}

describeEngines('answers that are forged', (openPorts) => {
  const secrets = Object.keys(REACHES_ENGINE) as Secret[]
  test.each(secrets)(
    '20,000 without the right %s are refused, and every honest one is taken',
    async (secret) => {
      const options: ForgerOptions = {
        secret,
        forgeriesPerQuestion: FORGERIES_PER_QUESTION,
        honest: HONEST,
        forged: '203.0.113.66',
      }
      const worker = await WorkerServer.start<ForgerTally>(
        new URL('./support-forger.ts', import.meta.url),
        options,
      )
      const ports = await openPorts()
      const resolver = new StubResolver({
        server: worker.server,
        protocol: 'udp',
        timeoutsMs: [15_000],
        maxInFlight: IN_FLIGHT,
        ports,
      })
      open.push(resolver, ports, worker)
      const names = Array.from({ length: QUESTIONS }, (_, number) => nameOf(number))
      const replies = await Promise.all(names.map((name) => resolver.ask({ name, type: 'A' })))

      const taken = new Set(replies.flatMap((reply) => reply.answer.map((record) => record.data)))
      expect([...taken]).toEqual([HONEST])
      expect(replies.filter((reply) => reply.outcome !== 'answer' || reply.attempts !== 1)).toEqual([])
      const { forged } = await worker.tally()
      // A port that nobody has used yet cannot be guessed, so the first few questions are spared there.
      expect(forged).toBeGreaterThan(secret === 'port' ? 19_000 : 19_999)
      if (REACHES_ENGINE[secret])
        await expect.poll(() => resolver.counters.mismatched, { timeout: 5_000 }).toBe(forged)
      else expect(resolver.counters.mismatched).toBe(0)
      expect(resolver.counters.late).toBe(0)
    },
  )
})
