import type { Answer } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { addressRecord, always, responseTo, type Asked, type Behaviour } from './loopback-server.ts'
import { WWW, serve, stub } from './stub-stage.ts'

const ANSWERS = [addressRecord('192.0.2.1')]
const SERVER_COOKIE = Buffer.from('0123456789abcdef', 'hex')

/** The cookie option that came with the question; empty without one. */
function cookieOf(asked: Asked): Buffer {
  const [opt] = asked.packet.additionals ?? []
  const options =
    (opt as unknown as { options?: { code: number; data: Buffer }[] } | undefined)?.options ?? []
  return options.find((option) => option.code === 10)?.data ?? Buffer.alloc(0)
}

function optWith(cookie: Buffer, extendedRcode = 0): Answer {
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode, ednsVersion: 0, flags: 0 }
  return { ...opt, options: [{ code: 10, data: cookie }] } as unknown as Answer
}

/** Answers with our half of the cookie and the server's. */
function withCookie(server = SERVER_COOKIE): Behaviour {
  return (asked) => {
    const cookie = Buffer.concat([cookieOf(asked).subarray(0, 8), server])
    asked.send(responseTo(asked, { answers: ANSWERS, additionals: [optWith(cookie)] }))
  }
}

describe('cookies (RFC 7873)', () => {
  test('ours is eight octets, the same for each question and another for each resolver', async () => {
    const server = await serve(always({ answers: ANSWERS }))
    const [one, other] = [stub(server), stub(server)]
    for (const resolver of [one, one, other]) await resolver.ask(WWW)
    const [first, second, third] = server.asked.map((asked) => cookieOf(asked).toString('hex'))
    expect(first).toMatch(/^[0-9a-f]{16}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test('the one that the server gives is sent back, until it gives another', async () => {
    const server = await serve(withCookie())
    const resolver = stub(server)
    await resolver.ask(WWW)
    await resolver.ask(WWW)
    server.behaviour = withCookie(Buffer.from('ff'.repeat(32), 'hex'))
    await resolver.ask(WWW)
    await resolver.ask(WWW)
    expect(server.asked.map((asked) => cookieOf(asked).subarray(8).toString('hex'))).toEqual([
      '',
      SERVER_COOKIE.toString('hex'),
      SERVER_COOKIE.toString('hex'),
      'ff'.repeat(32),
    ])
  })

  test('a server that has none is believed without', async () => {
    const server = await serve(always({ answers: ANSWERS }))
    const resolver = stub(server)
    for (let times = 0; times < 3; times++)
      expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', transport: 'udp', attempts: 1 })
  })

  test.each<[string, Behaviour]>([
    ['no cookie', always({ answers: [addressRecord('203.0.113.66')] })],
    [
      'the cookie of another client',
      (asked) => {
        const cookie = Buffer.concat([Buffer.alloc(8, 7), SERVER_COOKIE])
        asked.send(
          responseTo(asked, { answers: [addressRecord('203.0.113.66')], additionals: [optWith(cookie)] }),
        )
      },
    ],
  ])(
    'once a server has shown one, a reply with %s counts as mismatched, and TCP proves the answer',
    async (_, forged) => {
      const server = await serve(withCookie())
      const resolver = stub(server)
      await resolver.ask(WWW)
      server.behaviour = (asked, self) => (asked.transport === 'udp' ? forged : withCookie())(asked, self)
      expect(await resolver.ask(WWW)).toMatchObject({ transport: 'tcp', answer: [{ data: '192.0.2.1' }] })
      expect(resolver.counters.mismatched).toBe(1)
      // The honest server still is believed over UDP, with its cookie.
      server.behaviour = withCookie()
      expect(await resolver.ask(WWW)).toMatchObject({ transport: 'udp', attempts: 1 })
    },
  )

  test('once a server has shown one, an error without question and cookie does not make it one without EDNS', async () => {
    const server = await serve(withCookie())
    const resolver = stub(server)
    await resolver.ask(WWW)
    server.behaviour = (asked, self) => {
      if (asked.transport === 'tcp') return withCookie()(asked, self)
      const formerr = Buffer.alloc(12)
      formerr.writeUInt16BE(asked.packet.id ?? 0)
      formerr.writeUInt16BE(0x8181, 2)
      asked.send(formerr)
    }
    expect(await resolver.ask(WWW)).toMatchObject({ transport: 'tcp', answer: [{ data: '192.0.2.1' }] })
    expect(server.asked.every((asked) => cookieOf(asked).length > 0)).toBe(true)
  })

  test('a server that has none any more, as TCP proves, is believed without again', async () => {
    const server = await serve(withCookie())
    const resolver = stub(server)
    await resolver.ask(WWW)
    server.behaviour = always({ answers: ANSWERS })
    expect(await resolver.ask(WWW)).toMatchObject({ transport: 'tcp' })
    expect(await resolver.ask(WWW)).toMatchObject({ transport: 'udp', attempts: 1 })
  })

  test('BADCOOKIE is asked again at once with the cookie that came with it', async () => {
    const server = await serve((asked, self) => {
      if (cookieOf(asked).subarray(8).equals(SERVER_COOKIE)) return withCookie()(asked, self)
      const cookie = Buffer.concat([cookieOf(asked).subarray(0, 8), SERVER_COOKIE])
      asked.send(responseTo(asked, { rcode: 7, additionals: [optWith(cookie, 1)] }))
    })
    const resolver = stub(server)
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', transport: 'udp', attempts: 2 })
    expect(new Set(server.asked.map((asked) => asked.port)).size).toBe(2)
    expect(resolver.counters).toMatchObject({ mismatched: 0, retried: 1 })
  })

  test('BADCOOKIE to the new cookie too is asked over TCP', async () => {
    const server = await serve((asked, self) => {
      if (asked.transport === 'tcp') return withCookie()(asked, self)
      const cookie = Buffer.concat([cookieOf(asked).subarray(0, 8), SERVER_COOKIE])
      asked.send(responseTo(asked, { rcode: 7, additionals: [optWith(cookie, 1)] }))
    })
    expect(await stub(server).ask(WWW)).toMatchObject({ outcome: 'answer', transport: 'tcp', attempts: 3 })
  })
})
