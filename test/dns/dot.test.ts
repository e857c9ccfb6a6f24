import { beforeEach, describe, expect, test } from 'vitest'
import type { TLSSocket } from 'node:tls'
import type { StreamExchange } from '../../src/dns/stream-exchange.ts'
import { TlsDialer } from '../../src/dns/tls-dialer.ts'
import { parseClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import {
  addressFor,
  answerTo,
  certificate,
  isResumed,
  tlsAs,
  type Heard,
  type StreamServer,
} from './stream-server.ts'
import { HandWheel, ask, askMany, eventually, overTcp, overTls, serveStream } from './stream-stage.ts'

const honest = (heard: Heard): void => heard.send(answerTo(heard))

describe('a DoT server', () => {
  test('answers many questions on one connection, by name and by address', async () => {
    const server = await serveStream(honest, tlsAs())
    for (const name of ['dns.test', null]) {
      const came = await askMany(overTls(server.address, name), 90)
      expect(came.map(({ what }) => what)).toEqual(came.map((_, index) => addressFor(`n${index}.test`)))
    }
    expect(server.peers).toHaveLength(2)
  })

  test('is spoken to in TLS 1.2 or later, with ALPN "dot", and gets the name only when there is one', async () => {
    const server = await serveStream(honest, tlsAs('server', { ALPNProtocols: ['dot'] }))
    await ask(overTls(server.address, 'dns.test'), 'n1.test')
    await ask(overTls(server.address, null), 'n1.test')
    const sockets = server.peers.map((peer) => peer.socket as TLSSocket & { servername: string | false })
    expect(sockets.map((socket) => [socket.alpnProtocol, socket.servername])).toEqual([
      ['dot', 'dns.test'],
      ['dot', false],
    ])
    expect(sockets[0]?.getProtocol()).toBe('TLSv1.3')
  })

  test('gets queries whose length is a multiple of 128 octets, whatever is asked', async () => {
    const server = await serveStream(honest, tlsAs())
    const exchange = overTls(server.address, 'dns.test')
    const clientSubnet = parseClientSubnet('203.0.113.0/24')!
    const options = { edns: { clientSubnet }, recursionDesired: true }
    for (const name of ['a.test', `${'b'.repeat(60)}.${'c'.repeat(60)}.test`]) {
      await ask(exchange, name)
      await ask(exchange, name, undefined, options)
    }
    expect(server.heard.map((heard) => heard.bytes.length % 128)).toEqual([0, 0, 0, 0])
    expect(new Set(server.heard.map((heard) => heard.bytes.length))).toEqual(new Set([128, 256]))
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is resumed with its ticket (%s) when it is asked again',
    async (maxVersion) => {
      const resumed: boolean[] = []
      const server = await serveStream(
        (heard) => {
          resumed.push(isResumed(heard.peer.socket))
          honest(heard)
        },
        tlsAs('server', { maxVersion }),
      )
      const exchange = overTls(server.address, 'dns.test', { idleMs: 20 })
      await ask(exchange, 'n1.test')
      await server.until(() => server.openConnections === 0)
      await ask(exchange, 'n2.test')
      expect(resumed).toEqual([false, true])
    },
  )

  test('loses no question when it closes the connection with questions open', async () => {
    const server = await serveStream((heard) => {
      if (heard.peer.asked.length <= 10) honest(heard)
      if (heard.peer.asked.length === 10) heard.peer.socket.end()
    }, tlsAs())
    const came = await askMany(overTls(server.address, 'dns.test'), 60)
    expect(came.map(({ what }) => what)).toEqual(came.map((_, index) => addressFor(`n${index}.test`)))
  })
})

describe('a certificate', () => {
  let time: HandWheel
  beforeEach(() => {
    time = new HandWheel()
  })

  /** The question waits for a connection until its time is over: that is when one was refused. */
  const fails = async (exchange: StreamExchange): Promise<void> => {
    const asked = ask(exchange, 'n1.test')
    await eventually(() => exchange.status.lastError !== null)
    time.skip(60_000)
    expect(await asked).toEqual({ what: 'network', packets: 0 })
  }

  const refused = async (server: StreamServer, name: string | null, says: string): Promise<void> => {
    const exchange = overTls(server.address, name, { wheel: time.wheel })
    await fails(exchange)
    const { certificateFailures, connectFailures, lastError } = exchange.status
    expect(certificateFailures).toBe(connectFailures)
    expect(certificateFailures).toBeGreaterThan(0)
    expect(lastError).toContain('certificate refused')
    expect(lastError).toContain(says)
    expect(server.heard).toEqual([])
  }

  test('for another name is refused: nothing is sent, and the reason is counted and said', async () => {
    await refused(await serveStream(honest, tlsAs()), 'dns.example', 'dns.example')
  })

  test('without the address is refused when the address is what it must be for', async () => {
    await refused(await serveStream(honest, tlsAs('other')), null, '127.0.0.1')
  })

  const trusting = (server: StreamServer, serverName: string, file: string): StreamExchange => {
    const dialer = new TlsDialer(server.address, { serverName, ca: certificate(file) })
    return overTls(server.address, serverName, { dialer, wheel: time.wheel })
  }

  test('that is over is refused, whoever signed it', async () => {
    const server = await serveStream(honest, tlsAs('expired'))
    const exchange = trusting(server, 'dns.test', 'expired.pem')
    await fails(exchange)
    expect(exchange.status.lastError).toContain('certificate refused: certificate has expired')
    expect(server.heard).toEqual([])
  })

  test('with a wildcard is for one label in its place, and no other name', async () => {
    const server = await serveStream(honest, tlsAs('wildcard'))
    const right = trusting(server, 'a.dns.test', 'wildcard.pem')
    expect(await ask(right, 'n1.test')).toMatchObject({ what: addressFor('n1.test') })
    for (const name of ['dns.test', 'a.b.dns.test', 'adns.test']) {
      const wrong = trusting(server, name, 'wildcard.pem')
      await fails(wrong)
      expect(wrong.status.lastError).toContain('certificate refused')
    }
    expect(server.heard).toHaveLength(1)
  })

  test('of an authority that is not trusted is refused', async () => {
    const server = await serveStream(honest, tlsAs())
    const dialer = new TlsDialer(server.address, { serverName: 'dns.test' })
    const exchange = overTls(server.address, 'dns.test', { dialer, wheel: time.wheel })
    await fails(exchange)
    expect(exchange.status.lastError).toContain('certificate refused')
    expect(server.heard).toEqual([])
  })
})

test('a server that speaks TLS 1.1 at most, or no TLS at all, is not asked', async () => {
  const old = await serveStream(
    honest,
    tlsAs('server', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }),
  )
  const plain = await serveStream(honest)
  for (const server of [old, plain]) {
    const time = new HandWheel()
    const exchange = overTls(server.address, 'dns.test', { wheel: time.wheel })
    const asked = ask(exchange, 'n1.test')
    await eventually(() => (server === plain ? server.peers.length > 0 : exchange.status.lastError !== null))
    time.skip(60_000)
    expect(await asked).toEqual({
      what: server === plain ? 'timeout' : 'network',
      packets: 0,
    })
    expect(exchange.status.certificateFailures).toBe(0)
  }
  expect([...old.heard, ...plain.heard]).toEqual([])
  // The plain one hears the hello as the length of a message that never ends; over TCP it is fine.
  expect(await ask(overTcp(plain.address), 'n1.test')).toMatchObject({
    what: addressFor('n1.test'),
  })
})
