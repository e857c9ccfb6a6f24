// How many questions are on their way at the same time, and what the engine does when its ports fail it.
import { describe, expect, test } from 'vitest'
import type { DatagramPort, DatagramPortEvents, DatagramPorts } from '../../src/dns/datagram-port.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import type { ServerAddress } from '../../src/dns/server-address.ts'
import { QUERIES_PER_PORT } from '../../src/dns/udp-port.ts'
import { LoopbackServer, addressRecord, always, askedName, responseTo, silent } from './loopback-server.ts'
import { WWW, serve, stub } from './stub-stage.ts'

const ANSWER = { answers: [addressRecord('192.0.2.1')] }

function names(count: number): { name: string; type: 'A' }[] {
  return Array.from({ length: count }, (_, index) => ({ name: `n${index}.example`, type: 'A' }))
}

/** Answers a question with the address of its own name. */
function answerFor(server: LoopbackServer, index: number): void {
  const asked = server.asked[index]!
  asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1', askedName(asked))] }))
}

describe('questions in flight', () => {
  test('beyond the limit a question waits for its turn, in order, and none is lost', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { maxInFlight: 2 })
    const ended: string[] = []
    const asking = names(5).map((question) => resolver.ask(question).then(() => ended.push(question.name)))
    await server.heard(2)
    expect(resolver.inFlight).toBe(2)
    for (let index = 0; index < 5; index++) {
      await server.heard(Math.min(5, index + 2))
      expect(server.asked).toHaveLength(Math.min(5, index + 2))
      answerFor(server, index)
      await asking[index]
    }
    expect(server.asked.map((asked) => askedName(asked))).toEqual(names(5).map(({ name }) => name))
    expect(ended).toEqual(names(5).map(({ name }) => name))
    expect(resolver.inFlight).toBe(0)
  })

  test('the time-out of a question that waits starts when it is sent', async () => {
    const server = await serve((asked) => {
      if (askedName(asked) === 'n1.example') asked.send(responseTo(asked, ANSWER))
    })
    const resolver = stub(server, { maxInFlight: 1, timeoutsMs: [1000] })
    const replies = await Promise.all(names(2).map((question) => resolver.ask(question)))
    expect(replies.map((reply) => reply.failure ?? reply.outcome)).toEqual(['timeout', 'nodata'])
  })

  test('a question that is aborted while it waits sends nothing and holds up nobody', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { maxInFlight: 1 })
    const [first, second, third] = names(3)
    const asking = resolver.ask(first!)
    const controller = new AbortController()
    const waiting = resolver.ask(second!, controller.signal)
    const last = resolver.ask(third!)
    await server.heard(1)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    answerFor(server, 0)
    await asking
    await server.heard(2)
    answerFor(server, 1)
    expect(await last).toMatchObject({ outcome: 'answer' })
    expect(server.asked.map((asked) => askedName(asked))).toEqual(['n0.example', 'n2.example'])
  })

  test('closing ends those that wait for their turn as network failures too', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { maxInFlight: 2 })
    const asking = names(6).map((question) => resolver.ask(question))
    await server.heard(2)
    await resolver.close()
    const replies = await Promise.all(asking)
    expect(replies.map((reply) => [reply.failure, reply.attempts])).toEqual([
      ...Array.from({ length: 2 }, () => ['network', 1]),
      ...Array.from({ length: 4 }, () => ['network', 0]),
    ])
    expect(resolver.inFlight).toBe(0)
  })

  test('five thousand questions through a limit of a hundred all get their own answer', async () => {
    const server = await serve((asked) => {
      const [, index] = /^n(\d+)/.exec(askedName(asked)) ?? []
      const data = `10.0.${Number(index) >> 8}.${Number(index) & 255}`
      asked.send(responseTo(asked, { answers: [addressRecord(data, askedName(asked))] }))
    })
    const resolver = stub(server, { maxInFlight: 100, timeoutsMs: [5000, 5000, 5000] })
    const replies = await Promise.all(names(5000).map((question) => resolver.ask(question)))
    expect(replies.map((reply) => reply.answer[0]?.data)).toEqual(
      replies.map((_, index) => `10.0.${index >> 8}.${index & 255}`),
    )
  })
})

/** Ports of which the first few cannot be used, in the call that opens them or when they send. */
class FailingPorts implements DatagramPorts {
  readonly name = 'plain'
  readonly receiveBufferOctets = null
  readonly #when: 'open' | 'send'
  readonly #real = new PlainPorts()
  #left: number

  constructor(when: 'open' | 'send', count: number) {
    this.#when = when
    this.#left = count
  }

  open(server: ServerAddress, events: DatagramPortEvents): DatagramPort {
    if (this.#left === 0) return this.#real.open(server, events)
    this.#left -= 1
    if (this.#when === 'open') events.failed()
    return { send: () => this.#when === 'send' && events.failed(), close: () => {} }
  }

  async close(): Promise<void> {
    await this.#real.close()
  }
}

describe.each(['open', 'send'] as const)('ports that fail when they %s', (when) => {
  test('cost an attempt each', async () => {
    const server = await serve(always(ANSWER))
    const resolver = stub(server, { ports: new FailingPorts(when, 2), timeoutsMs: [60_000, 60_000, 60_000] })
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', attempts: 3 })
  })

  test('without end make the question a network failure, and later ones are tried again', async () => {
    const server = await serve(always(ANSWER))
    const resolver = stub(server, { ports: new FailingPorts(when, 2), timeoutsMs: [60_000, 60_000] })
    expect(await resolver.ask(WWW)).toMatchObject({ failure: 'network', rcode: 'TIMEOUT', attempts: 2 })
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', attempts: 1 })
  })
})

/** Ports of which only a few can be open at the same time, as when no descriptor is left. */
class FewPorts implements DatagramPorts {
  readonly name = 'plain'
  readonly receiveBufferOctets = null
  readonly #real = new PlainPorts()
  #left: number

  constructor(count: number) {
    this.#left = count
  }

  open(server: ServerAddress, events: DatagramPortEvents): DatagramPort {
    if (this.#left > 0) {
      this.#left -= 1
      const port = this.#real.open(server, events)
      const close = (): void => {
        this.#left += 1
        port.close()
      }
      return { send: (bytes) => port.send(bytes), close }
    }
    setImmediate(() => events.failed())
    return { send: () => {}, close: () => {} }
  }

  async close(): Promise<void> {
    await this.#real.close()
  }
}

test('while no further port can be opened, those that are open serve on', async () => {
  const server = await serve(always(ANSWER))
  const resolver = stub(server, { ports: new FewPorts(2), timeoutsMs: [60_000, 60_000, 60_000] })
  // More than two ports serve: new ones come in the place of those that have served.
  for (let turn = 0; turn < 3 * QUERIES_PER_PORT; turn++) {
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer' })
    // Beyond a burst, which stays on its port anyway.
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
})

test('twenty thousand waiting questions all end when no port can be opened any more', async () => {
  const server = await serve(silent)
  const resolver = stub(server, {
    ports: new FailingPorts('open', Infinity),
    maxInFlight: 10,
    timeoutsMs: [1000],
  })
  const replies = await Promise.all(names(20_000).map((question) => resolver.ask(question)))
  expect(replies.every((reply) => reply.failure === 'network')).toBe(true)
  expect(resolver.inFlight).toBe(0)
})

test('ports that several resolvers share stay open for the others when one closes', async () => {
  const server = await serve(always(ANSWER))
  const ports = new PlainPorts()
  const [one, other] = [stub(server, { ports }), stub(server, { ports })]
  await one.ask(WWW)
  await other.ask(WWW)
  await one.close()
  expect(await other.ask(WWW)).toMatchObject({ outcome: 'answer' })
  expect(ports.receiveBufferOctets).toBeGreaterThan(0)
  await ports.close()
})
