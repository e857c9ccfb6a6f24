// The counters of a scan under every order and repetition in which the outbox may deliver its entries.
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VERDICT_NAMES, type VerdictName } from '../../src/core/model/assessment.ts'
import { host, LiveHouse } from './live-house.ts'

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())

const DOMAINS = ['a.example', 'b.example', 'c.example']

interface Progress {
  readonly domain: string
  readonly verdict: VerdictName
  readonly version: number
  readonly settled: boolean
}

/** A life of a domain: its verdicts, numbered by the rounds that made them. */
const history = fc.array(fc.constantFrom(...VERDICT_NAMES), { minLength: 1, maxLength: 5 })

/** Entries of all domains, each once or several times, in any order. */
const deliveries = fc.tuple(history, history, history).chain((lives) => {
  const entries: Progress[] = lives.flatMap((verdicts, index) =>
    verdicts.map((verdict, round) => ({
      domain: DOMAINS[index]!,
      verdict,
      version: round + 1,
      settled: verdict !== 'pending',
    })),
  )
  const repeated = fc
    .array(fc.constantFrom(...entries), { maxLength: 8 })
    .map((again) => [...entries, ...again])
  return repeated.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
})

test('equal the last version of each domain, in any order and with any repetition', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, fc.nat(), async (entries, sealAfter) => {
      await house.redis.flushall()
      const scan = await house.scan(DOMAINS, { sealed: false })
      for (const [index, entry] of entries.entries()) {
        await house.scans.countVerdict(scan, entry)
        if (index === sealAfter % entries.length) await house.scans.seal(scan)
      }
      const last = DOMAINS.map((domain) =>
        entries
          .filter((entry) => entry.domain === domain)
          .reduce((newest, entry) => (entry.version > newest.version ? entry : newest)),
      )
      const found = (await house.scans.get(scan))!
      for (const verdict of VERDICT_NAMES) {
        expect(found.verdicts[verdict]).toBe(last.filter((entry) => entry.verdict === verdict).length)
      }
      expect(found.domains).toBe(DOMAINS.length)
      // Settled are at least those whose last verdict is not `pending`, and never more than there are.
      expect(found.settled).toBeGreaterThanOrEqual(last.filter((entry) => entry.settled).length)
      expect(found.settled).toBeLessThanOrEqual(DOMAINS.length)
      expect(found.state === 'completed').toBe(found.settled === DOMAINS.length)
      const told = (await house.events(scan)).filter((entry) => entry.kind === 'scan-completed')
      expect(told).toHaveLength(found.state === 'completed' ? 1 : 0)
      expect((await house.targets.load(host('a.example'))).referenced).toBe(true)
    }),
    { numRuns: 150 },
  )
})
