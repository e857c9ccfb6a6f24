import type { Answer } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { parseClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import { addressRecord, always, responseTo } from './loopback-server.ts'
import { WWW, serve, stub } from './stub-stage.ts'

describe('EDNS', () => {
  test('every query says 1232 octets, and the client subnet when there is one', async () => {
    const server = await serve(always({}))
    const clientSubnet = parseClientSubnet('203.0.113.0/24')
    if (clientSubnet === null) throw new Error('not read')
    await stub(server).ask(WWW)
    await stub(server, { clientSubnet }).ask(WWW)
    const option = { code: 8, family: 1, sourcePrefixLength: 24, scopePrefixLength: 0, ip: '203.0.113.0' }
    expect(server.asked[0]?.packet.additionals).toMatchObject([
      { type: 'OPT', udpPayloadSize: 1232, options: [{ type: 'COOKIE' }] },
    ])
    expect(server.asked[1]?.packet.additionals).toMatchObject([
      { udpPayloadSize: 1232, options: [option, { type: 'COOKIE' }] },
    ])
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

  test('a server that answered only without EDNS is asked without it from then on', async () => {
    const server = await serve((asked) => {
      const plain = asked.packet.additionals?.length === 0
      asked.send(responseTo(asked, plain ? { answers: [addressRecord('192.0.2.1')] } : { rcode: 1 }))
    })
    const resolver = stub(server)
    await resolver.ask(WWW)
    expect(await resolver.ask(WWW)).toMatchObject({ outcome: 'answer', attempts: 1 })
    expect(server.asked.map((asked) => asked.packet.additionals?.length)).toEqual([1, 0, 0])
  })

  test('an error to both queries teaches nothing about EDNS', async () => {
    const server = await serve(always({ rcode: 1 }))
    const resolver = stub(server)
    await resolver.ask(WWW)
    await resolver.ask(WWW)
    expect(server.asked.map((asked) => asked.packet.additionals?.length)).toEqual([1, 0, 1, 0])
  })

  test('the scope of the client subnet, extended errors and the AA bit are in the reply', async () => {
    const options = [
      { code: 8, family: 1, sourcePrefixLength: 24, scopePrefixLength: 20, ip: '203.0.112.0' },
      { code: 15, data: Buffer.from('\0\x12stale') },
    ]
    const opt = { ...badvers, extendedRcode: 0, options } as unknown as Answer
    const server = await serve((asked) => {
      const bytes = responseTo(asked, { additionals: [opt] })
      bytes[2]! |= 0x04
      asked.send(bytes)
    })
    const reply = await stub(server).ask(WWW)
    expect(reply).toMatchObject({
      authoritative: true,
      clientSubnetScope: 20,
      extendedErrors: [{ code: 18, text: 'stale' }],
    })
    server.behaviour = always({})
    const bare = await stub(server).ask(WWW)
    expect(bare.authoritative).toBe(false)
    expect(['clientSubnetScope', 'extendedErrors'].filter((key) => key in bare)).toEqual([])
  })

  test('an authority is asked without the RD bit', async () => {
    const server = await serve(always({}))
    await stub(server, { recursionDesired: false }).ask(WWW)
    await stub(server).ask(WWW)
    expect(server.asked.map((asked) => asked.packet.flag_rd)).toEqual([false, true])
  })
})
