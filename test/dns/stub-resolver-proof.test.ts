// What cannot be told from a forgery over UDP, and how TCP proves it.
import { describe, expect, test } from 'vitest'
import { addressRecord, always, responseTo, silent, type Asked, type Behaviour } from './loopback-server.ts'
import { serve, stub } from './stub-stage.ts'

/** Thirty letters: all of them come out lower by chance once in a thousand million times. */
const LONG = { name: 'a-name-with-many-letters-in-it.example', type: 'A' } as const
const ANSWER = { answers: [addressRecord('192.0.2.1', LONG.name)] }

/** The response with the case of the question's name lowered, as some servers send it. */
function lowered(asked: Asked, response = ANSWER): Buffer {
  const bytes = responseTo(asked, response)
  const end = 12 + LONG.name.length + 1
  bytes.write(bytes.toString('latin1', 12, end).toLowerCase(), 12, 'latin1')
  return bytes
}

function overUdp(udp: Behaviour, tcp: Behaviour = always(ANSWER)): Behaviour {
  return (asked, server) => (asked.transport === 'udp' ? udp(asked, server) : tcp(asked, server))
}

describe('a server that lowers the case of names', () => {
  test('is asked over TCP at once, and from then on over TCP alone', async () => {
    const server = await serve(overUdp((asked) => asked.send(lowered(asked))))
    const resolver = stub(server)
    expect(await resolver.ask(LONG)).toMatchObject({ outcome: 'answer', transport: 'tcp', attempts: 2 })
    expect(await resolver.ask(LONG)).toMatchObject({ outcome: 'answer', transport: 'tcp', attempts: 1 })
    expect(server.asked.map((asked) => asked.transport)).toEqual(['udp', 'tcp', 'tcp'])
    expect(resolver.counters).toEqual({ late: 0, mismatched: 1, truncated: 0, retried: 0 })
  })

  test('and whose TCP fails is asked over UDP to the end, and TCP is tried once', async () => {
    const server = await serve(
      overUdp(
        (asked) => asked.send(lowered(asked)),
        (asked) => asked.stream?.destroy(),
      ),
    )
    const reply = await stub(server, { timeoutsMs: [100, 100, 100] }).ask(LONG)
    expect(reply).toMatchObject({ failure: 'timeout', transport: 'udp', attempts: 4 })
    expect(server.asked.map((asked) => asked.transport).toSorted()).toEqual(['tcp', 'udp', 'udp', 'udp'])
  })

  test('is asked over UDP again when TCP, known to be needed, does not work any more', async () => {
    const server = await serve(overUdp((asked) => asked.send(lowered(asked))))
    const resolver = stub(server, { timeoutsMs: [1000] })
    await resolver.ask(LONG)
    server.behaviour = overUdp(always(ANSWER), (asked) => asked.stream?.destroy())
    expect(await resolver.ask(LONG)).toMatchObject({ outcome: 'answer', transport: 'udp' })
    expect(await resolver.ask(LONG)).toMatchObject({ outcome: 'answer', transport: 'udp', attempts: 1 })
  })

  test('a guess at another case costs one question over TCP, and the right answer over UDP still counts', async () => {
    const server = await serve(
      overUdp((asked) => {
        asked.send(lowered(asked, { answers: [addressRecord('203.0.113.66', LONG.name)] }))
        asked.send(responseTo(asked, ANSWER))
      }, silent),
    )
    const resolver = stub(server)
    expect(await resolver.ask(LONG)).toMatchObject({ transport: 'udp', answer: [{ data: '192.0.2.1' }] })
    expect(resolver.inFlight).toBe(0)
    server.behaviour = always(ANSWER)
    expect(await resolver.ask(LONG)).toMatchObject({ transport: 'udp', attempts: 1 })
  })
})

/** An error with nothing but a header, as some servers send it. */
function bareError(asked: Asked, rcode: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16BE(asked.packet.id ?? 0)
  bytes.writeUInt16BE(0x8180 | rcode, 2)
  return bytes
}

function hasEdns(asked: Asked): boolean {
  return (asked.packet.additionals?.length ?? 0) > 0
}

describe('an error that repeats no question', () => {
  test.each([
    [1, 'FORMERR'],
    [4, 'NOTIMP'],
  ])('%i to a query with EDNS lets it be asked once more without', async (rcode) => {
    const server = await serve((asked) =>
      asked.send(hasEdns(asked) ? bareError(asked, rcode) : responseTo(asked, ANSWER)),
    )
    expect(await stub(server).ask(LONG)).toMatchObject({ outcome: 'answer', attempts: 2 })
  })

  test.each([
    [2, 'servfail'],
    [5, 'refused'],
  ])('%i is believed when it comes twice, for two ports and two ids', async (rcode, failure) => {
    const server = await serve((asked) => asked.send(bareError(asked, rcode)))
    const reply = await stub(server, { timeoutsMs: [60_000, 60_000, 60_000] }).ask(LONG)
    expect(reply).toMatchObject({ outcome: 'failed', failure, attempts: 2, answer: [] })
    expect(new Set(server.asked.map((asked) => asked.port)).size).toBe(2)
  })

  test('one that is followed by an answer to the next attempt decides nothing', async () => {
    const server = await serve((asked, { asked: all }) =>
      asked.send(all.length === 1 ? bareError(asked, 2) : responseTo(asked, ANSWER)),
    )
    const reply = await stub(server, { timeoutsMs: [60_000, 60_000] }).ask(LONG)
    expect(reply).toMatchObject({ outcome: 'answer', attempts: 2 })
  })

  test('to an earlier attempt decides nothing, however often it comes', async () => {
    const server = await serve((asked, { asked: all }) => {
      const [first] = all
      if (all.length === 2) for (let copy = 0; copy < 3; copy++) first?.send(bareError(first, 2))
      if (all.length === 3) asked.send(responseTo(asked, ANSWER))
    })
    const reply = await stub(server, { timeoutsMs: [60, 60, 60_000] }).ask(LONG)
    expect(reply).toMatchObject({ outcome: 'answer', attempts: 3 })
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['NOERROR', (bytes) => (bytes[3] = 0x80)],
    ['NXDOMAIN', (bytes) => (bytes[3] = 0x83)],
    ['a record', (bytes) => (bytes[7] = 1)],
    ['another id', (bytes) => (bytes[0]! ^= 1)],
    ['no QR bit', (bytes) => (bytes[2]! &= 0x7f)],
  ])('with %s it is no reply at all', async (_, change) => {
    const server = await serve((asked) => {
      const bytes = bareError(asked, 2)
      change(bytes)
      asked.send(bytes)
      asked.send(responseTo(asked, ANSWER))
    })
    const resolver = stub(server)
    expect(await resolver.ask(LONG)).toMatchObject({ outcome: 'answer', attempts: 1 })
    expect(resolver.counters.mismatched).toBe(1)
  })
})
