import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QuestionType } from '../../src/core/dns/record.ts'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import { IMPLEMENTATIONS } from './datagram-ports-stage.ts'
import { LoopbackServer, addressRecord, askedName, responseTo, type Asked } from './loopback-server.ts'
import { describeEngines } from './support-engines.ts'

// Whatever happens to a question, it ends, and once, and its place in flight goes to the next one.

const run = promisify(execFile)

const FATES = [
  'answer',
  'silence',
  'other_case',
  'truncated',
  'tcp_destroyed',
  'bare_error',
  'formerr',
  'malformed',
  'twice',
] as const
type Fate = (typeof FATES)[number]

/** Does to a question what its name says. */
function meetFate(asked: Asked): void {
  const name = askedName(asked)
  const fate = name.split('.')[0]!.replaceAll(/[^a-z_]/g, '') as Fate
  const answer = responseTo(asked, { answers: [addressRecord('192.0.2.1', name)] })
  if (fate === 'silence') return
  if (fate === 'tcp_destroyed' && asked.transport === 'tcp') return void asked.stream?.destroy()
  if (asked.transport === 'udp') {
    if (fate === 'truncated' || fate === 'tcp_destroyed') answer[2]! |= 0x02
    else if (fate === 'other_case') answer[13]! ^= 0x20
    else if (fate === 'bare_error')
      return asked.send(Buffer.from([...answer.subarray(0, 2), 0x81, 0x82, ...Buffer.alloc(8)]))
    else if (fate === 'formerr') answer.writeUInt8(0x81, 3)
    else if (fate === 'malformed') return asked.send(answer.subarray(0, answer.length - 3))
    else if (fate === 'twice') asked.send(answer)
  }
  asked.send(answer)
}

interface Step {
  readonly fate: Fate
  readonly type: QuestionType
  /** Turns of the event loop after which it is aborted; null for never, zero at once. */
  readonly abortAfter: number | null
}

const step = fc.record({
  fate: fc.constantFrom(...FATES),
  type: fc.constantFrom<QuestionType>('A', 'AAAA', 'NS'),
  abortAfter: fc.option(fc.nat(30), { freq: 2 }),
})

describeEngines('questions that are aborted, refused, truncated, forged and left alone', (openPorts) => {
  test('all end once, and none keeps its place', { timeout: 60_000 }, async () => {
    const server = await LoopbackServer.start((asked) => meetFate(asked))
    const ports = await openPorts()
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.nat(40), { freq: 2 }),
        async (steps, maxInFlight, closeAfter) => {
          const timeoutsMs = [15, 15, 15]
          const resolver = new StubResolver({
            server: server.server,
            protocol: 'udp',
            timeoutsMs,
            maxInFlight,
            ports,
          })
          const asking = steps.map(({ fate, type, abortAfter }: Step, index) => {
            const controller = new AbortController()
            if (abortAfter !== null) void turns(abortAfter).then(() => controller.abort('enough'))
            return resolver.ask({ name: `${fate}${index}.example`, type }, controller.signal)
          })
          let most = 0
          const watching = turns(50, () => (most = Math.max(most, resolver.inFlight)))
          if (closeAfter !== null) void turns(closeAfter).then(() => resolver.close())
          const ends = await Promise.allSettled(asking)
          await watching
          for (const [index, end] of ends.entries()) {
            if (end.status === 'rejected') {
              expect(end.reason).toBe('enough')
              expect(steps[index]?.abortAfter).not.toBeNull()
            } else expect(['answer', 'nodata', 'failed']).toContain(end.value.outcome)
          }
          expect(resolver.inFlight).toBe(0)
          expect(most).toBeLessThanOrEqual(maxInFlight)
          await resolver.close()
        },
      ),
      { numRuns: 60 },
    )
    await ports.close()
    await server.close()
  })
})

describe.each(IMPLEMENTATIONS)('a process with $name ports', ({ script, unavailable }) => {
  test.skipIf(unavailable !== null)('ends by itself when its last question is over', async () => {
    const server = await LoopbackServer.start((asked) => meetFate(asked))
    const module = new URL('../../src/dns/stub-resolver.ts', import.meta.url).href
    const asking = `${script}
      import { StubResolver } from ${JSON.stringify(module)}
      const server = ${JSON.stringify(server.server)}
      const resolver = new StubResolver({ server, protocol: 'udp', ports, timeoutsMs: [20, 20], maxInFlight: 10 })
      const asked = ${JSON.stringify(FATES)}.flatMap((fate) => [0, 1].map((abort) => {
        const controller = new AbortController()
        if (abort === 1) setImmediate(() => controller.abort())
        return resolver.ask({ name: fate + '.example', type: 'A' }, controller.signal)
      }))
      const ends = await Promise.allSettled(asked)
      console.log(ends.length, resolver.inFlight)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', asking])
    expect(stdout).toBe(`${2 * FATES.length} 0\n`)
    await server.close()
  })
})

async function turns(count: number, each: () => void = () => {}): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise(setImmediate)
    each()
  }
}
