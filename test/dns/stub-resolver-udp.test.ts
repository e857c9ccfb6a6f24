import { networkInterfaces } from 'node:os'
import type { Answer, RecordType } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import type { QuestionType } from '../../src/core/dns/record.ts'
import { LoopbackServer, addressRecord, always, askedName, responseTo, silent } from './loopback-server.ts'
import { WWW, changed, serve, stub } from './stub-stage.ts'

const SHORT = [80, 100, 150]

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
      authoritative: false,
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
