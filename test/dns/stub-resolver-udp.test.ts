import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import packet, { type Answer, type RecordType } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import type { QuestionType } from '../../src/core/dns/record.ts'
import { StubResolver, type StubResolverOptions } from '../../src/dns/stub-resolver.ts'
import { QUERIES_PER_PORT } from '../../src/dns/udp-port.ts'
import { parseClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import {
  LoopbackServer,
  addressRecord,
  always,
  askedName,
  responseTo,
  silent,
  type Behaviour,
} from './loopback-server.ts'

const SHORT = [80, 100, 150]
/** Long enough that a test which runs into it fails by its own time limit. */
const LONG = [60_000]
const WWW = { name: 'www.example', type: 'A' } as const

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function serve(behaviour: Behaviour, ip?: string): Promise<LoopbackServer> {
  const server = await LoopbackServer.start(behaviour, ip)
  open.push(server)
  return server
}

function stub(server: LoopbackServer, options: Partial<StubResolverOptions> = {}): StubResolver {
  const resolver = new StubResolver({ server: server.server, protocol: 'udp', timeoutsMs: LONG, ...options })
  open.unshift(resolver)
  return resolver
}

/** A response with one change to its bytes. */
function changed(change: (bytes: Buffer) => void): Behaviour {
  return (asked) => {
    const bytes = responseTo(asked, { answers: [addressRecord('203.0.113.66')] })
    change(bytes)
    asked.send(bytes)
  }
}

describe('answers', () => {
  const soa = {
    mname: 'ns1.example',
    rname: 'admin.example',
    serial: 7,
    refresh: 1,
    retry: 2,
    expire: 3,
    minimum: 4,
  }
  const cases: [QuestionType, Answer, string][] = [
    ['A', { type: 'A', name: 'www.example', ttl: 300, data: '192.0.2.1' }, '192.0.2.1'],
    ['AAAA', { type: 'AAAA', name: 'www.example', ttl: 300, data: '2001:db8::1' }, '2001:db8::1'],
    ['NS', { type: 'NS', name: 'www.example', ttl: 300, data: 'ns1.example' }, 'ns1.example'],
    ['CNAME', { type: 'CNAME', name: 'www.example', ttl: 300, data: 'edge.example' }, 'edge.example'],
    ['PTR', { type: 'PTR', name: 'www.example', ttl: 300, data: 'host.example' }, 'host.example'],
    ['TXT', { type: 'TXT', name: 'www.example', ttl: 300, data: ['v=1'] }, '"v=1"'],
    ['SOA', { type: 'SOA', name: 'www.example', ttl: 300, data: soa }, 'ns1.example admin.example 7 1 2 3 4'],
  ]
  test.each(cases)('%s: the record with its TTL and data', async (type, answer, data) => {
    const server = await serve(always({ answers: [answer] }))
    const reply = await stub(server).ask({ name: 'www.example', type })
    expect(reply).toEqual({
      outcome: 'answer',
      rcode: 'NOERROR',
      rttMs: expect.any(Number) as number,
      transport: 'udp',
      attempts: 1,
      answer: [{ name: 'www.example', type, ttlSeconds: 300, data }],
      authority: [],
      additional: [],
    })
    expect(reply.rttMs).toBeGreaterThan(0)
    expect(server.asked[0]?.packet.questions).toMatchObject([{ type: type satisfies RecordType }])
  })

  test('a CNAME chain is followed whatever its order, and strays of other owners are dropped', async () => {
    const server = await serve(
      always({
        answers: [
          addressRecord('192.0.2.2', 'b.example'),
          { type: 'CNAME', name: 'a.example', ttl: 5, data: 'b.example' },
          addressRecord('203.0.113.66', 'bank.example'),
          { type: 'CNAME', name: 'www.example', ttl: 5, data: 'a.example' },
        ],
      }),
    )
    const reply = await stub(server).ask(WWW)
    expect(reply.outcome).toBe('answer')
    expect(reply.answer.map((record) => `${record.name} ${record.type} ${record.data}`)).toEqual([
      'b.example A 192.0.2.2',
      'a.example CNAME b.example',
      'www.example CNAME a.example',
    ])
  })

  test('only strays are no answer', async () => {
    const server = await serve(always({ answers: [addressRecord('203.0.113.66', 'bank.example')] }))
    expect(await stub(server).ask(WWW)).toMatchObject({ outcome: 'nodata', answer: [] })
  })

  test('authority and additional sections are kept, up to 64 records each', async () => {
    const authorities = Array.from({ length: 5 }, (_, index): Answer => ({
      type: 'NS',
      name: 'example',
      ttl: 9,
      data: `ns${index}.example`,
    }))
    const additionals = Array.from({ length: 66 }, (_, index) =>
      addressRecord(`192.0.2.${index}`, 'ns.example'),
    )
    const server = await serve(always({ answers: [addressRecord('192.0.2.1')], authorities, additionals }))
    const reply = await stub(server).ask(WWW)
    expect(reply.authority).toHaveLength(5)
    expect(reply.additional).toHaveLength(64)
    expect(reply.additional[63]?.data).toBe('192.0.2.63')
  })

  test('the question may have capitals and escapes in its name', async () => {
    const server = await serve((asked) =>
      asked.send(
        responseTo(asked, { answers: [addressRecord('192.0.2.1', asked.packet.questions?.[0]?.name)] }),
      ),
    )
    expect(await stub(server).ask({ name: 'WWW.Example', type: 'A' })).toMatchObject({ outcome: 'answer' })
    expect(await stub(server).ask({ name: String.raw`a\064b.example`, type: 'A' })).toMatchObject({
      outcome: 'answer',
      answer: [{ name: String.raw`a\@b.example` }],
    })
  })

  test.runIf(Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1')))(
    'a server on IPv6 is asked alike',
    async () => {
      const server = await serve(always({ answers: [addressRecord('192.0.2.1')] }), '::1')
      expect(await stub(server).ask(WWW)).toMatchObject({ outcome: 'answer', transport: 'udp' })
    },
  )
})

describe('outcomes without an answer', () => {
  test.each([
    [0, { outcome: 'nodata', rcode: 'NOERROR' }],
    [2, { outcome: 'failed', failure: 'servfail', rcode: 'SERVFAIL' }],
    [3, { outcome: 'nxdomain', rcode: 'NXDOMAIN' }],
    [5, { outcome: 'failed', failure: 'refused', rcode: 'REFUSED' }],
    [9, { outcome: 'failed', failure: 'rcode_other', rcode: 'NOTAUTH' }],
    [14, { outcome: 'failed', failure: 'rcode_other', rcode: 'RCODE14' }],
  ])('response code %i', async (rcode, expected) => {
    const server = await serve(always({ rcode }))
    const reply = await stub(server).ask(WWW)
    expect(reply).toMatchObject({ ...expected, attempts: 1 })
    expect('failure' in reply).toBe('failure' in expected)
  })

  test('NXDOMAIN at the end of a CNAME chain keeps the chain', async () => {
    const answers: Answer[] = [{ type: 'CNAME', name: 'www.example', ttl: 5, data: 'gone.example' }]
    const server = await serve(always({ rcode: 3, answers }))
    expect(await stub(server).ask(WWW)).toMatchObject({
      outcome: 'nxdomain',
      answer: [{ data: 'gone.example' }],
    })
  })

  test('silence is a time-out after three attempts, each with another id and another port', async () => {
    const server = await serve(silent)
    const reply = await stub(server, { timeoutsMs: SHORT }).ask(WWW)
    expect(reply).toMatchObject({
      outcome: 'failed',
      failure: 'timeout',
      rcode: 'TIMEOUT',
      attempts: 3,
      answer: [],
    })
    expect(reply.rttMs).toBeGreaterThan(300)
    expect(new Set(server.asked.map((asked) => asked.packet.id)).size).toBe(3)
    expect(new Set(server.asked.map((asked) => asked.port)).size).toBe(3)
  })

  test('the attempts of one question never share a port, also when ports are open already', async () => {
    const server = await serve(always({}))
    const resolver = stub(server, { timeoutsMs: [20, 20, 20] })
    const names = Array.from({ length: 12 }, (_, index) => `n${index}.example`)
    await Promise.all(names.slice(0, 8).map((name) => resolver.ask({ name, type: 'A' })))
    server.behaviour = silent
    const warm = server.asked.length
    for (const name of names) await resolver.ask({ name, type: 'A' })
    const cold = server.asked.slice(warm)
    for (const name of names) {
      const ports = cold.filter((asked) => askedName(asked) === name).map((asked) => asked.port)
      expect(ports).toHaveLength(3)
      expect(new Set(ports).size).toBe(3)
    }
  })

  test('a lost packet costs one attempt', async () => {
    const server = await serve((asked, { asked: all }) => {
      if (all.length === 2) asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1')] }))
    })
    expect(await stub(server, { timeoutsMs: [60, 60_000] }).ask(WWW)).toMatchObject({
      outcome: 'answer',
      attempts: 2,
    })
  })

  test('a port where nobody listens is a network failure', async () => {
    const server = await LoopbackServer.start(silent)
    await server.close()
    const reply = await stub(server, { timeoutsMs: [5000, 5000, 5000] }).ask(WWW)
    expect(reply).toMatchObject({ outcome: 'failed', failure: 'network', rcode: 'TIMEOUT', attempts: 3 })
  })

  test('many questions at once to a port where nobody listens all end as network failures', async () => {
    const server = await LoopbackServer.start(silent)
    await server.close()
    const resolver = stub(server, { timeoutsMs: [5000] })
    const asking = Array.from({ length: 60 }, (_, index) =>
      resolver.ask({ name: `n${index}.example`, type: 'A' }),
    )
    const failures = (await Promise.all(asking)).map((reply) => reply.failure)
    expect(new Set(failures)).toEqual(new Set(['network']))
  })

  test('a reply that is ours and whose records are broken is malformed, after all attempts', async () => {
    const server = await serve(changed((bytes) => bytes.writeUInt16BE(9, 6)))
    const reply = await stub(server, { timeoutsMs: [60_000, 60_000] }).ask(WWW)
    expect(reply).toMatchObject({
      outcome: 'failed',
      failure: 'malformed',
      rcode: 'NOERROR',
      attempts: 2,
      answer: [],
    })
  })
})

describe('what is no reply to the question', () => {
  const forgeries: [string, (bytes: Buffer) => void, number][] = [
    ['another id', (bytes) => (bytes[0]! ^= 0x55), 1],
    ['another name', (bytes) => (bytes[14] = 0x71), 1],
    ['another type', (bytes) => (bytes[26] = 28), 1],
    ['another class', (bytes) => (bytes[28] = 3), 1],
    ['another opcode', (bytes) => (bytes[2]! |= 0x10), 1],
    ['no QR bit', (bytes) => (bytes[2]! &= 0x7f), 1],
    ['two questions', (bytes) => (bytes[5] = 2), 1],
    ['another case', (bytes) => (bytes[13]! ^= 0x20), 1],
  ]
  test.each(forgeries)(
    'a packet with %s is ignored and counted, and the real answer taken',
    async (_, change, count) => {
      const server = await serve((asked, self) => {
        changed(change)(asked, self)
        asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1')] }))
      })
      const resolver = stub(server)
      expect((await resolver.ask(WWW)).answer.map((record) => record.data)).toEqual(['192.0.2.1'])
      expect(resolver.mismatched).toBe(count)
    },
  )

  test('garbage is ignored and counted', async () => {
    const server = await serve((asked) => {
      asked.send(new Uint8Array(0))
      asked.send(Uint8Array.of(1, 2, 3))
      asked.send(asked.bytes.subarray(0, 12))
      asked.send(new Uint8Array(500).fill(0xff))
      asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1')] }))
    })
    const resolver = stub(server)
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer' })
    expect(resolver.mismatched).toBe(4)
  })

  test('nothing but garbage is a time-out', async () => {
    const server = await serve((asked) => asked.send(new Uint8Array(64).fill(7)))
    const resolver = stub(server, { timeoutsMs: [60, 60] })
    expect(await resolver.ask(WWW)).toMatchObject({ failure: 'timeout', attempts: 2 })
    expect(resolver.mismatched).toBe(2)
  })

  test('a perfect answer from another socket is ignored', async () => {
    const stranger = createSocket('udp4')
    const server = await serve((asked) => {
      const forged = responseTo(asked, { answers: [addressRecord('203.0.113.66')] })
      stranger.send(forged, asked.port, '127.0.0.1', () =>
        asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1')] })),
      )
    })
    const reply = await stub(server).ask(WWW)
    expect(reply.answer.map((record) => record.data)).toEqual(['192.0.2.1'])
    stranger.close()
  })

  test('an answer that comes after its time-out decides nothing, not for the next attempt either', async () => {
    const server = await serve((asked, { asked: all }) => {
      if (all.length !== 2) return
      all[0]?.send(responseTo(all[0], { answers: [addressRecord('203.0.113.66')] }))
      asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1')] }))
    })
    const resolver = stub(server, { timeoutsMs: [60, 60_000] })
    expect(await resolver.ask(WWW)).toMatchObject({ attempts: 2, answer: [{ data: '192.0.2.1' }] })
  })

  test('answers that are exchanged between two questions reach neither', async () => {
    const server = await serve((_, { asked: all }) => {
      const [first, second] = all
      if (!first || !second) return
      for (const [from, to] of [
        [first, second],
        [second, first],
      ] as const) {
        const swapped = responseTo(from, { answers: [addressRecord('203.0.113.66', askedName(from))] })
        swapped.writeUInt16BE(to.packet.id ?? 0)
        to.send(swapped)
        to.send(responseTo(to, { answers: [addressRecord('192.0.2.1', askedName(to))] }))
      }
    })
    const resolver = stub(server)
    const replies = await Promise.all([resolver.ask(WWW), resolver.ask({ name: 'ftp.example', type: 'A' })])
    expect(replies.map((reply) => reply.answer[0]?.data)).toEqual(['192.0.2.1', '192.0.2.1'])
    expect(resolver.mismatched).toBe(2)
  })
})

describe('ids, case and ports', () => {
  test('names leave in random case, ids and ports vary, and a port serves 32 queries at most', async () => {
    const server = await serve((asked) =>
      asked.send(responseTo(asked, { answers: [addressRecord('192.0.2.1', askedName(asked))] })),
    )
    const resolver = stub(server)
    const total = 400
    for (let done = 0; done < total; done += 50) {
      const batch = Array.from({ length: 50 }, (_, index) =>
        resolver.ask({ name: `long-enough-name-${done + index}.example`, type: 'A' }),
      )
      for (const reply of await Promise.all(batch)) expect(reply.outcome).toBe('answer')
    }
    const perPort = new Map<number, number>()
    for (const { port } of server.asked) perPort.set(port, (perPort.get(port) ?? 0) + 1)
    expect(server.asked).toHaveLength(total)
    expect(Math.max(...perPort.values())).toBeLessThanOrEqual(QUERIES_PER_PORT)
    expect(perPort.size).toBeGreaterThanOrEqual(total / QUERIES_PER_PORT)
    expect(new Set(server.asked.map((asked) => asked.packet.id)).size).toBeGreaterThan(total * 0.95)
    const capitals = server.asked.map(
      (asked) =>
        [...(asked.packet.questions?.[0]?.name ?? '')].filter((letter) => /[A-Z]/.test(letter)).length,
    )
    const mean = capitals.reduce((sum, count) => sum + count, 0) / total
    // 20 letters a name: 10 capitals expected, standard error 0.11.
    expect(mean).toBeGreaterThan(9)
    expect(mean).toBeLessThan(11)
  })

  test('a server that lowers the case is asked over TCP in the last attempt, and believed there', async () => {
    const server = await serve((asked) => {
      const bytes = responseTo(asked, { answers: [addressRecord('192.0.2.1')] })
      bytes.write(bytes.toString('latin1', 12, 25).toLowerCase(), 12, 'latin1')
      asked.send(bytes)
    })
    const resolver = stub(server, { timeoutsMs: [250, 250, 60_000] })
    expect(await resolver.ask({ name: 'WWW.Example', type: 'A' })).toMatchObject({
      outcome: 'answer',
      transport: 'tcp',
      attempts: 3,
    })
    expect(server.asked.map((asked) => asked.transport)).toEqual(['udp', 'udp', 'tcp'])
    expect(resolver.mismatched).toBe(2)
  })

  test('when only one of the attempts saw the wrong case, the last attempt stays with UDP', async () => {
    const server = await serve((asked, { asked: all }) => {
      if (all.length === 2) changed((bytes) => (bytes[13]! ^= 0x20))(asked, server)
    })
    const reply = await stub(server, { timeoutsMs: [60, 60, 60] }).ask(WWW)
    expect(reply).toMatchObject({ failure: 'timeout', transport: 'udp', attempts: 3 })
  })
})

describe('EDNS', () => {
  test('every query says 1232 octets, and the client subnet when there is one', async () => {
    const server = await serve(always({}))
    const clientSubnet = parseClientSubnet('203.0.113.0/24')
    if (clientSubnet === null) throw new Error('not read')
    await stub(server).ask(WWW)
    await stub(server, { clientSubnet }).ask(WWW)
    const option = { code: 8, family: 1, sourcePrefixLength: 24, scopePrefixLength: 0, ip: '203.0.113.0' }
    expect(server.asked[0]?.packet.additionals).toMatchObject([
      { type: 'OPT', udpPayloadSize: 1232, options: [] },
    ])
    expect(server.asked[1]?.packet.additionals).toMatchObject([{ udpPayloadSize: 1232, options: [option] }])
  })

  const badvers: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1232,
    extendedRcode: 1,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
  test.each([
    ['FORMERR', { rcode: 1 }],
    ['NOTIMP', { rcode: 4 }],
    ['BADVERS', { rcode: 0, additionals: [badvers] }],
  ])('%s to a query with EDNS is asked once more without', async (_, response) => {
    const server = await serve((asked) => {
      const plain = asked.packet.additionals?.length === 0
      asked.send(responseTo(asked, plain ? { answers: [addressRecord('192.0.2.1')] } : response))
    })
    expect(await stub(server).ask(WWW)).toMatchObject({ outcome: 'answer', rcode: 'NOERROR', attempts: 2 })
    expect(server.asked.map((asked) => asked.packet.additionals?.length)).toEqual([1, 0])
    expect(server.asked[0]?.packet.id).not.toBe(server.asked[1]?.packet.id)
  })

  test.each([
    [1, 'formerr', 'FORMERR'],
    [4, 'notimp', 'NOTIMP'],
  ])('response code %i to both queries is the outcome', async (rcode, failure, mnemonic) => {
    const server = await serve(always({ rcode }))
    const reply = await stub(server).ask(WWW)
    expect(reply).toMatchObject({ outcome: 'failed', failure, rcode: mnemonic, attempts: 2 })
  })
})

describe('ending early', () => {
  test('an aborted question rejects with the reason and sends nothing more', async () => {
    const server = await serve(silent)
    const resolver = stub(server)
    const controller = new AbortController()
    const asking = resolver.ask(WWW, controller.signal)
    await server.heard(1)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(asking).rejects.toBe(reason)
    // A late answer finds nobody, and the resolver goes on.
    server.asked[0]?.send(responseTo(server.asked[0], {}))
    server.behaviour = always({ answers: [addressRecord('192.0.2.1')] })
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', attempts: 1 })
    expect(server.asked).toHaveLength(2)
  })

  test('a signal that is aborted already sends nothing', async () => {
    const server = await serve(always({}))
    const reason = new Error('too late')
    await expect(stub(server).ask(WWW, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(server.asked).toHaveLength(0)
  })

  test('closing ends what is asked as a network failure, and later questions too', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { timeoutsMs: [60_000, 60_000] })
    const asking = resolver.ask(WWW)
    await server.heard(1)
    await resolver.close()
    expect(await asking).toMatchObject({ failure: 'network', attempts: 1 })
    expect(await resolver.ask(WWW)).toMatchObject({ failure: 'network', attempts: 0 })
  })

  test('a name that cannot be written is a bug, not an outcome', async () => {
    const server = await serve(silent)
    await expect(stub(server).ask({ name: 'a..example', type: 'A' })).rejects.toThrow(RangeError)
  })
})

test('dns-packet and the server of these tests agree that a query is a query', async () => {
  const server = await serve(always({}))
  await stub(server).ask(WWW)
  expect(packet.decode(server.asked[0]!.bytes)).toMatchObject({
    type: 'query',
    opcode: 'QUERY',
    flag_rd: true,
  })
})
