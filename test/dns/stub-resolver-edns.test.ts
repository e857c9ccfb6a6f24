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
