import packet from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { addressFor, answerTo, type Heard, frameMessage } from './stream-server.ts'
import { ask, askMany, overTcp, serveStream } from './stream-stage.ts'

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => addressFor(`n${index}.test`))

describe('questions on one connection', () => {
  test('are all answered when 500 replies come in the opposite order', async () => {
    const held: Heard[] = []
    const server = await serveStream((heard) => {
      held.push(heard)
      if (held.length === 500) for (const one of held.toReversed()) one.send(answerTo(one))
    })
    const exchange = overTcp(server.address, { connections: 1 })
    const came = await askMany(exchange, 500)
    expect(came.map(({ what }) => what)).toEqual(names(500))
    expect(server.peers).toHaveLength(1)
    expect(new Set(server.heard.map((heard) => heard.packet.id)).size).toBe(500)
    expect(exchange.counters).toEqual({ late: 0, mismatched: 0, truncated: 0, retried: 0 })
  })

  test('leave together: what is asked in one turn comes in one segment', async () => {
    const server = await serveStream((heard) => heard.send(answerTo(heard)))
    const exchange = overTcp(server.address, { connections: 1 })
    await ask(exchange, 'n1.test')
    await askMany(exchange, 50)
    expect(server.peers[0]?.chunks).toBe(2)
  })

  test('take an answer in two messages of one segment, and one that is cut in two', async () => {
    const held: Heard[] = []
    const server = await serveStream((heard) => {
      held.push(heard)
      if (held.length < 3) return
      const bytes = Buffer.concat(held.map((one) => frameMessage(answerTo(one))))
      const cut = bytes.length - 7
      heard.peer.socket.write(bytes.subarray(0, cut), () => heard.peer.socket.write(bytes.subarray(cut)))
    })
    const came = await askMany(overTcp(server.address), 3)
    expect(came.map(({ what }) => what)).toEqual(names(3))
  })

  test('take the case of the name as the server likes it', async () => {
    const server = await serveStream((heard) => {
      const bytes = answerTo(heard)
      heard.send(Buffer.from(bytes.toString('latin1').replace('\x02n7\x04test', '\x02N7\x04TEST'), 'latin1'))
    })
    expect(await ask(overTcp(server.address), 'n7.test')).toMatchObject({ what: addressFor('n7.test') })
  })

  test('ignore and count what replies to nothing: another id, another name, another type', async () => {
    const server = await serveStream((heard) => {
      const wrongId = answerTo(heard)
      wrongId[0]! ^= 0xff
      const forged = (name: string, type: 'A' | 'AAAA'): Buffer =>
        packet.encode({
          type: 'response',
          id: heard.packet.id ?? 0,
          questions: [{ type, name, class: 'IN' }],
          answers: [{ type: 'A', name: 'n1.test', data: '203.0.113.66', ttl: 60 }],
        })
      for (const wrong of [wrongId, forged('n2.test', 'A'), forged('n1.test', 'AAAA')]) heard.send(wrong)
      heard.send(answerTo(heard))
    })
    const exchange = overTcp(server.address)
    expect(await ask(exchange, 'n1.test')).toEqual({ what: addressFor('n1.test'), packets: 1 })
    expect(exchange.counters).toMatchObject({ mismatched: 3 })
  })
})

describe('several connections', () => {
  test('the second one opens only when the first has a hundred open questions', async () => {
    const server = await serveStream(() => {})
    const exchange = overTcp(server.address, { connections: 2 })
    const asked = askMany(exchange, 100)
    await server.until(() => server.heard.length === 100)
    expect(server.peers).toHaveLength(1)
    const one = ask(exchange, 'n100.test')
    await server.until(() => server.heard.length === 101)
    expect(server.peers.map((peer) => peer.asked.length)).toEqual([100, 1])
    for (const heard of server.heard) heard.send(answerTo(heard))
    await Promise.all([asked, one])
  })

  test('20,000 questions through two are all answered, each with its own answer', async () => {
    const server = await serveStream((heard) => heard.send(answerTo(heard)))
    const exchange = overTcp(server.address, { connections: 2 })
    const came = await askMany(exchange, 20_000)
    expect(came.map(({ what }) => what)).toEqual(names(20_000))
    expect(server.peers).toHaveLength(2)
    expect(exchange.counters).toEqual({ late: 0, mismatched: 0, truncated: 0, retried: 0 })
    expect(exchange.inFlight).toBe(0)
  })

  test('beyond the limit in flight questions wait for their turn, in order, and their time-out with them', async () => {
    const server = await serveStream(() => {})
    const exchange = overTcp(server.address, { maxInFlight: 10 })
    const all = askMany(exchange, 25)
    await server.until(() => server.heard.length === 10)
    expect(exchange.inFlight).toBe(10)
    for (const heard of server.heard.slice(0, 5)) heard.send(answerTo(heard))
    await server.until(() => server.heard.length === 15)
    expect(server.heard.map((heard) => heard.name)).toEqual(
      Array.from({ length: 15 }, (_, index) => `n${index}.test`),
    )
    server.behave = (heard) => heard.send(answerTo(heard))
    for (const heard of server.heard.slice(5)) heard.send(answerTo(heard))
    expect((await all).map(({ what }) => what)).toEqual(names(25))
  })
})
