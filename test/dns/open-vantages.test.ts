import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Question } from '../../src/core/dns/record.ts'
import { openVantages, type OpenVantagesOptions } from '../../src/dns/open-vantages.ts'
import { readOptOutEntries } from '../../src/dns/opt-out-entries.ts'
import type { Vantage } from '../../src/dns/vantage.ts'
import type { VantageConfig } from '../../src/dns/vantage-config.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import { serverText } from '../../src/dns/server-address.ts'
import { DohServer, dohAnswer } from './doh-server.ts'
import { answerTo, tlsAs, type Heard } from './stream-server.ts'
import { serveStream } from './stream-stage.ts'
import { LoopbackServer, addressRecord, askedName, responseTo, type Asked } from './loopback-server.ts'

const WWW: Question = { name: 'www.example.com', type: 'A' }

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function openOne(config: VantageConfig, options: OpenVantagesOptions = {}): Vantage {
  const [vantage, ...others] = openVantages([config], options)
  if (vantage === undefined || others.length > 0) throw new Error('expected one vantage')
  open.push(vantage)
  return vantage
}

test('a vantage of each protocol opens without a socket, and tells where it looks, but not a path that may be a secret', () => {
  const vantages = openVantages([
    { id: 'a', protocol: 'udp', server: '192.0.2.1' },
    { id: 'b', protocol: 'tcp', server: '[2001:db8::1]:5353' },
    { id: 'c', protocol: 'dot', server: '192.0.2.1', tlsName: 'dns.example', ecs: '203.0.113.0/24' },
    { id: 'd', protocol: 'doh', url: 'https://dns.example/abc123?key=secret', address: '192.0.2.1' },
    { id: 'e', protocol: 'direct', rootHints: ['198.41.0.4', '2001:500:2::c'] },
    { id: 'f', protocol: 'udp', server: '192.0.2.1', ecs: '0.0.0.0/0' },
  ])
  open.push(...vantages)
  expect(
    vantages.map((vantage) => {
      const { id, protocol, server, clientSubnet } = vantage.status()
      return [id, protocol, server, clientSubnet]
    }),
  ).toEqual([
    ['a', 'udp', '192.0.2.1:53', 'none'],
    ['b', 'tcp', '[2001:db8::1]:5353', 'none'],
    ['c', 'dot', '192.0.2.1:853', 'unknown'],
    ['d', 'doh', 'https://dns.example', 'none'],
    ['e', 'direct', 'root hints 198.41.0.4, 2001:500:2::c', 'none'],
    ['f', 'udp', '192.0.2.1:53', 'none'],
  ])
})

test('a certificate file that cannot be read stops the opening with its vantage and its name', () => {
  expect(() =>
    openVantages([{ id: 'c', protocol: 'dot', server: '192.0.2.1', caFile: '/nonexistent/ca.pem' }]),
  ).toThrow('vantage c: caFile: ENOENT')
})

describe('what an entry says reaches the transport', () => {
  const CA_FILE = join(import.meta.dirname, 'certificates', 'ca.pem')
  const honest = (heard: Heard): void => heard.send(answerTo(heard))
  const TEST: Question = { name: 'n1.test', type: 'A' }

  test('DoT with its name, its authorities and the client subnet', async () => {
    const server = await serveStream(honest, tlsAs())
    const vantage = openOne({
      id: 'dot',
      protocol: 'dot',
      server: serverText(server.address),
      tlsName: 'dns.test',
      caFile: CA_FILE,
      ecs: '203.0.113.0/24',
      jitterMs: 0,
    })
    expect(await vantage.ask(TEST)).toMatchObject([{ outcome: 'answer', transport: 'dot' }])
    const option = expect.objectContaining({ code: 8, sourcePrefixLength: 24, ip: '203.0.113.0' }) as unknown
    expect(server.heard[0]?.packet.additionals).toMatchObject([
      { options: expect.arrayContaining([option]) as unknown },
    ])
  })

  test('DoT without a name: a certificate of another address fails, and the status says why', async () => {
    const server = await serveStream(honest, tlsAs('other'))
    const vantage = openOne({
      id: 'dot',
      protocol: 'dot',
      server: serverText(server.address),
      caFile: CA_FILE,
      timeoutMs: 200,
      jitterMs: 0,
    })
    expect(await vantage.ask(TEST)).toMatchObject([{ outcome: 'failed', failure: 'network' }])
    expect(vantage.status().lastError).toContain(`TLS to ${serverText(server.address)}: certificate refused`)
    expect(server.heard).toEqual([])
  })

  test('DoH with the address of its host, its method and its authorities', async () => {
    const server = await DohServer.start((asked) => asked.respond(dohAnswer(asked)))
    const vantage = openOne({
      id: 'doh',
      protocol: 'doh',
      url: server.url('dns.test'),
      address: '127.0.0.1',
      method: 'GET',
      caFile: CA_FILE,
      jitterMs: 0,
    })
    open.push(server)
    expect(await vantage.ask(TEST)).toMatchObject([{ outcome: 'answer', transport: 'doh' }])
    expect(server.asked[0]?.headers).toMatchObject({ ':method': 'GET' })
  })

  test('TCP with its number of connections', async () => {
    const held: Heard[] = []
    const server = await serveStream((heard) => {
      held.push(heard)
      if (held.length === 300) for (const one of held) honest(one)
    })
    const vantage = openOne({
      id: 'tcp',
      protocol: 'tcp',
      server: serverText(server.address),
      connections: 1,
      qps: 10_000,
      jitterMs: 0,
    })
    const questions = Array.from({ length: 300 }, (_, index): Question => ({
      name: `n${index}.test`,
      type: 'A',
    }))
    const replies = await Promise.all(questions.map((question) => vantage.ask(question)))
    expect(new Set(replies.map(([reply]) => reply?.outcome))).toEqual(new Set(['answer']))
    expect(server.peers).toHaveLength(1)
  })

  test('UDP with the ports that all vantages share, which stay open when one is closed', async () => {
    const ports = new PlainPorts()
    const server = await LoopbackServer.start((asked) => asked.send(responseTo(asked, {})))
    const entry = { protocol: 'udp', server: server.text, jitterMs: 0 } as const
    const vantages = openVantages(
      [
        { id: 'a', ...entry },
        { id: 'b', ...entry },
      ],
      { ports },
    )
    open.push(...vantages, server, ports)
    const [a, b] = vantages as [Vantage, Vantage]
    await a.ask(TEST)
    expect(ports.receiveBufferOctets).not.toBeNull()
    await a.close()
    expect(await b.ask(TEST)).toMatchObject([{ outcome: 'nodata' }])
  })
})

describe('the direct vantage', () => {
  /** A root that serves everything below it, as a server of many zones may. */
  const root = (asked: Asked): void => {
    const name = askedName(asked)
    const type = asked.packet.questions?.[0]?.type
    const answers = type === 'A' && name === WWW.name ? [addressRecord('192.0.2.80', name)] : []
    const bytes = responseTo(asked, { answers })
    bytes[2]! |= 0x04 // authoritative
    asked.send(bytes)
  }

  async function lab(options: OpenVantagesOptions = {}, allowSpecialPurpose = true) {
    const server = await LoopbackServer.start(root)
    const { address, port } = server.server
    const vantage = openOne(
      { id: 'direct', protocol: 'direct', rootHints: [address], port, allowSpecialPurpose, jitterMs: 0 },
      options,
    )
    open.push(server)
    return { server, vantage }
  }

  test('asks the authorities without recursion, and tells which one answered', async () => {
    const { server, vantage } = await lab()
    const replies = await vantage.ask(WWW)
    expect(replies).toMatchObject([
      { outcome: 'answer', authoritative: true, server: { address: '127.0.0.1' } },
    ])
    expect(server.asked.length).toBeGreaterThan(0)
    expect(server.asked.map((asked) => asked.packet.flag_rd)).not.toContain(true)
    expect(vantage.status()).toMatchObject({ asked: 1, answered: 1 })
  })

  test('sends nothing to an address on the opt-out list', async () => {
    const { server, vantage } = await lab({ optOut: readOptOutEntries('127.0.0.0/8').entries })
    expect(await vantage.ask(WWW)).toMatchObject([{ outcome: 'failed' }])
    expect(server.asked).toEqual([])
    expect(vantage.status()).toMatchObject({ up: true, answered: 0, timeouts: 0 })
  })

  test('sends nothing to a special-purpose address unless told so', async () => {
    const { server, vantage } = await lab({}, false)
    expect(await vantage.ask(WWW)).toMatchObject([{ outcome: 'failed' }])
    expect(server.asked).toEqual([])
  })
})
