import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encode } from 'dns-packet'
import type { LabMessage } from '../../src/lab/dns-message.ts'
import { openDnsServer } from '../../src/lab/dns-server.ts'
import type { DnsServer, Ends } from '../../src/lab/dns-server.ts'
import { askTcp, askUdp, dataOf, exchangeTcp, exchangeUdp, framed, queryBytes } from './ask-dns.ts'

/** Sixty addresses: 60 × (17 + 14) bytes and more, too much for 512 and for 1232. */
const MANY = Array.from({ length: 60 }, (_, index) => `203.0.113.${index + 1}`)

/** Sixteen fit into 512 bytes, but not with a SOA beside them. */
const SETS: Record<string, readonly string[]> = { 'many.example': MANY, 'some.example': MANY.slice(0, 16) }

function answering(name: string, addresses: readonly string[]): LabMessage {
  return {
    rcode: 'NOERROR',
    authoritative: true,
    recursionAvailable: false,
    answer: addresses.map((data) => ({ name, type: 'A', ttlSeconds: 60, data })),
    authority: [{ name, type: 'SOA', ttlSeconds: 300, data: `ns1.${name} hostmaster.${name} 1 2 3 4 5` }],
    additional: [{ name: `ns1.${name}`, type: 'AAAA', ttlSeconds: 300, data: '2a12:1000::1' }],
  }
}

describe('a DNS server of the lab', () => {
  let server: DnsServer
  let port: number
  const seen: Ends[] = []

  beforeAll(async () => {
    server = await openDnsServer({
      address: '127.0.0.1',
      port: 0,
      handler: (query, ends) => {
        seen.push(ends)
        if (query.name === 'silent.example') return null
        return answering(query.name, SETS[query.name] ?? ['203.0.113.9'])
      },
    })
    port = server.port
  })
  afterAll(() => server.close())

  it('answers over UDP with the id, the question and all sections', async () => {
    const reply = await askUdp({ port, name: 'one.example', type: 'A' })
    expect(reply).toMatchObject({ type: 'response', id: 4242, flag_aa: true, flag_ra: false, flag_rd: false })
    expect(reply.questions).toEqual([{ name: 'one.example', type: 'A', class: 'IN' }])
    expect(reply.answers).toMatchObject([{ name: 'one.example', type: 'A', ttl: 60, data: '203.0.113.9' }])
    expect(reply.authorities).toMatchObject([
      {
        type: 'SOA',
        data: { mname: 'ns1.one.example', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
      },
    ])
    expect(dataOf(reply.additionals, 'AAAA')).toEqual(['2a12:1000::1'])
  })

  it('echoes the case of the question, in the owner names too', async () => {
    const reply = await askUdp({ port, name: 'oNe.ExAmPlE', type: 'A' })
    expect(reply.questions?.[0]?.name).toBe('oNe.ExAmPlE')
    expect(reply.answers?.[0]?.name).toBe('oNe.ExAmPlE')
  })

  it('repeats a type that it does not know', async () => {
    const reply = await askUdp({ port, name: 'one.example', type: 'UNKNOWN_65' })
    expect(reply.questions?.[0]?.type).toBe('UNKNOWN_65')
  })

  it('leaves out what merely accompanies the answer before it truncates', async () => {
    const reply = await askUdp({ port, name: 'some.example', type: 'A' })
    expect([reply.flag_tc, reply.answers?.length]).toEqual([false, 16])
    expect([reply.authorities?.length, reply.additionals?.length]).toEqual([0, 0])
    expect((await askTcp({ port, name: 'some.example', type: 'A' })).authorities).toHaveLength(1)
  })

  it('truncates what is larger than 512 bytes for an asker without EDNS', async () => {
    const bytes = await exchangeUdp(queryBytes({ name: 'many.example', type: 'A' }), { port })
    expect(bytes.length).toBeLessThanOrEqual(512)
    const reply = await askUdp({ port, name: 'many.example', type: 'A' })
    expect([reply.flag_tc, reply.answers?.length]).toEqual([true, 0])
  })

  it('truncates by the size that EDNS tells, and answers EDNS with EDNS', async () => {
    const small = await askUdp({ port, name: 'many.example', type: 'A', udpPayloadSize: 1232 })
    expect([small.flag_tc, small.answers?.length]).toEqual([true, 0])
    expect(small.additionals?.map((record) => record.type)).toEqual(['OPT'])
    const large = await askUdp({ port, name: 'many.example', type: 'A', udpPayloadSize: 4096 })
    expect([large.flag_tc, large.answers?.length]).toEqual([false, 60])
  })

  it('gives everything over TCP', async () => {
    const reply = await askTcp({ port, name: 'many.example', type: 'A' })
    expect([reply.flag_tc, reply.answers?.length]).toEqual([false, 60])
  })

  it('answers many messages of one connection, even when they come in pieces', async () => {
    const both = Buffer.concat([
      framed(queryBytes({ name: 'one.example', type: 'A' })),
      framed(queryBytes({ name: 'two.example', type: 'A' })),
    ])
    const replies = await exchangeTcp(
      [both.subarray(0, 1), both.subarray(1, 40), both.subarray(40)],
      { port },
      2,
    )
    expect(replies.map((reply) => reply.questions?.[0]?.name)).toEqual(['one.example', 'two.example'])
  })

  it('says FORMERR to bytes that are no message, and NOTIMP to what is no query', async () => {
    const broken = Buffer.concat([
      queryBytes({ name: 'one.example', type: 'A' }).subarray(0, 12),
      Buffer.from([63]),
    ])
    const formerr = await exchangeUdp(broken, { port })
    expect([formerr.readUInt16BE(0), formerr[2]! >> 7, formerr[3]! & 15]).toEqual([4242, 1, 1])
    const update = queryBytes({ name: 'one.example', type: 'A' })
    update[2] = 5 << 3
    expect((await exchangeUdp(update, { port }))[3]! & 15).toBe(4)
  })

  it('is silent to answers, to noise, and where its handler is', async () => {
    const answer = encode({ type: 'response', id: 1, questions: [{ name: 'one.example', type: 'A' }] })
    const query = queryBytes({ name: 'one.example', type: 'A' })
    // All three go out on one connection before a proper query: its reply is the first and only one.
    const replies = await exchangeTcp(
      [
        framed(answer),
        framed(Buffer.from([1, 2, 3])),
        framed(queryBytes({ name: 'silent.example', type: 'A' })),
        framed(query),
      ],
      { port },
      1,
    )
    expect(replies[0]?.questions?.[0]?.name).toBe('one.example')
  })

  it('tells its handler who asked, and where', async () => {
    seen.length = 0
    await askUdp({ port, name: 'one.example', type: 'A', from: '127.0.0.77' })
    await askTcp({ port, name: 'one.example', type: 'A' })
    expect(seen).toEqual([
      { asker: '127.0.0.77', server: '127.0.0.1' },
      { asker: '127.0.0.1', server: '127.0.0.1' },
    ])
  })

  it('rejects a port that is taken', async () => {
    await expect(openDnsServer({ address: '127.0.0.1', port, handler: () => null })).rejects.toThrow(
      'EADDRINUSE',
    )
  })
})
