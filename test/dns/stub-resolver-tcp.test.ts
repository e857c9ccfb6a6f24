import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../../src/dns/tcp-framing.ts'
import {
  LoopbackServer,
  addressRecord,
  always,
  responseTo,
  silent,
  type Behaviour,
} from './loopback-server.ts'
import { frameMessage } from './stream-server.ts'
import { WWW, serve, stub } from './stub-stage.ts'

const ANSWER = { answers: [addressRecord('192.0.2.1')] }

/** Truncated over UDP, `overTcp` over TCP. */
function truncating(overTcp: Behaviour): Behaviour {
  return (asked, server) =>
    asked.transport === 'udp' ? asked.send(responseTo(asked, { truncated: true })) : overTcp(asked, server)
}

describe('a truncated reply', () => {
  test('is asked again over TCP, and the whole answer comes', async () => {
    const answers = Array.from({ length: 1500 }, (_, index) =>
      addressRecord(`10.0.${index >> 8}.${index & 255}`),
    )
    const server = await serve(truncating(always({ answers })))
    const reply = await stub(server).ask(WWW)
    expect(reply).toMatchObject({ outcome: 'answer', transport: 'tcp', attempts: 2 })
    expect(reply.answer).toHaveLength(1500)
  })

  test('need not be decodable behind its question', async () => {
    const server = await serve((asked) => {
      if (asked.transport === 'tcp') return asked.send(responseTo(asked, ANSWER))
      const cut = responseTo(asked, { truncated: true, ...ANSWER })
      asked.send(cut.subarray(0, -3))
    })
    expect(await stub(server).ask(WWW)).toMatchObject({ outcome: 'answer', transport: 'tcp' })
  })

  test.each<[string, Behaviour]>([
    ['closes the connection', (asked) => asked.stream?.destroy()],
    ['closes it in the middle of the reply', (asked) => asked.stream?.end(Buffer.of(0, 40, 1, 2))],
    ['sends garbage', (asked) => asked.stream?.end(frameMessage(new Uint8Array(40).fill(9)))],
    ['says nothing', silent],
    [
      'sends a reply whose counts lie',
      (asked) => {
        const bytes = responseTo(asked, ANSWER)
        bytes.writeUInt16BE(99, 6)
        asked.send(bytes)
      },
    ],
  ])('is tcp_failed when TCP %s', async (_, behaviour) => {
    const server = await serve(truncating(behaviour))
    const reply = await stub(server, { timeoutsMs: [500] }).ask(WWW)
    expect(reply).toMatchObject({
      outcome: 'failed',
      failure: 'tcp_failed',
      rcode: 'NOERROR',
      transport: 'tcp',
    })
  })

  test('leaves no connection open when the question is aborted', async () => {
    const server = await serve(truncating(silent))
    const controller = new AbortController()
    const asking = stub(server).ask(WWW, controller.signal)
    await server.heard(2)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(asking).rejects.toBe(reason)
    await server.hungUp()
  })
})

describe('a TCP vantage', () => {
  test('asks over TCP only, with EDNS and length framing', async () => {
    const server = await serve(always(ANSWER))
    const reply = await stub(server, { protocol: 'tcp' }).ask(WWW)
    expect(reply).toMatchObject({
      outcome: 'answer',
      transport: 'tcp',
      attempts: 1,
      answer: [{ data: '192.0.2.1' }],
    })
    expect(server.asked.map((asked) => asked.transport)).toEqual(['tcp'])
    expect(server.asked[0]?.packet.additionals).toMatchObject([{ type: 'OPT' }])
  })

  test('reads a reply that comes octet by octet', async () => {
    const server = await serve((asked) => {
      for (const octet of frameMessage(responseTo(asked, ANSWER))) asked.stream?.write(Buffer.of(octet))
    })
    expect(await stub(server, { protocol: 'tcp' }).ask(WWW)).toMatchObject({ outcome: 'answer' })
  })

  test('ignores and counts a message that is no reply, and takes the one behind it', async () => {
    const server = await serve((asked) => {
      const wrong = responseTo(asked, { answers: [addressRecord('203.0.113.66')] })
      wrong[0]! ^= 0xff
      asked.stream?.write(Buffer.concat([frameMessage(wrong), frameMessage(responseTo(asked, ANSWER))]))
    })
    const resolver = stub(server, { protocol: 'tcp' })
    expect(await resolver.ask(WWW)).toMatchObject({ answer: [{ data: '192.0.2.1' }] })
    expect(resolver.counters.mismatched).toBe(1)
  })

  test('FORMERR is asked once more without EDNS', async () => {
    const server = await serve((asked) =>
      asked.send(responseTo(asked, asked.packet.additionals?.length === 0 ? ANSWER : { rcode: 1 })),
    )
    expect(await stub(server, { protocol: 'tcp' }).ask(WWW)).toMatchObject({ outcome: 'answer', attempts: 2 })
  })

  test('tries again after a connection that was closed', async () => {
    const server = await serve((asked, { asked: all }) =>
      all.length === 1 ? asked.stream?.destroy() : asked.send(responseTo(asked, ANSWER)),
    )
    const reply = await stub(server, { protocol: 'tcp', timeoutsMs: [60_000, 60_000] }).ask(WWW)
    expect(reply).toMatchObject({ outcome: 'answer', attempts: 2 })
  })

  test('silence is a time-out, broken bytes are malformed, and nobody there is a network failure', async () => {
    const server = await serve(silent)
    const options = { protocol: 'tcp', timeoutsMs: [400, 400] } as const
    expect(await stub(server, options).ask(WWW)).toMatchObject({
      failure: 'timeout',
      rcode: 'TIMEOUT',
      attempts: 2,
    })
    server.behaviour = (asked) => {
      const bytes = responseTo(asked, { rcode: 3 })
      bytes.writeUInt16BE(99, 8)
      asked.send(bytes)
    }
    expect(await stub(server, options).ask(WWW)).toMatchObject({ failure: 'malformed', rcode: 'NXDOMAIN' })
    const gone = await LoopbackServer.start(silent)
    await gone.close()
    expect(await stub(gone, options).ask(WWW)).toMatchObject({ failure: 'network', attempts: 0, rttMs: 0 })
  })

  test('closing ends what is asked as a network failure', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { protocol: 'tcp' })
    const asking = resolver.ask(WWW)
    await server.heard(1)
    await resolver.close()
    expect(await asking).toMatchObject({ failure: 'network' })
    await server.hungUp()
  })
})

test('frames survive any cutting of the stream', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 })
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map((message) => frameMessage(message)))
      const received: Buffer[] = []
      const reader = new FrameReader((message) => received.push(message))
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const end = at + (cuts[turn % cuts.length] ?? 1)
        reader.push(stream.subarray(at, end))
        at = end
      }
      expect(received.map((message) => [...message])).toEqual(sent.map((message) => [...message]))
    }),
  )
})
