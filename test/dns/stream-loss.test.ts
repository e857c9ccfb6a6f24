import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { RandomOctets } from '../../src/dns/random-octets.ts'
import { StreamBackOff } from '../../src/dns/stream-back-off.ts'
import { TcpDialer } from '../../src/dns/tcp-dialer.ts'
import { StreamServer, addressFor, answerTo, optWith, type Behave, frameMessage } from './stream-server.ts'
import { HandWheel, LONG, LONG_TWICE, ask, askMany, overTcp, serveStream, toClose } from './stream-stage.ts'

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => addressFor(`n${index}.test`))

/** Each connection answers so many questions, and is closed with the rest of them open. */
function closingAfter(count: number): Behave {
  return (heard) => {
    if (heard.peer.asked.length <= count) heard.send(answerTo(heard))
    if (heard.peer.asked.length === count) heard.peer.socket.end()
  }
}

describe('a connection that goes away', () => {
  test.each([1, 7, 100])('loses no question when the server closes each after %i replies', async (count) => {
    const server = await serveStream(closingAfter(count))
    const came = await askMany(overTcp(server.address), 300)
    expect(came.map(({ what }) => what)).toEqual(names(300))
  })

  test('that refuses everything new with each reply does not make us open hundreds of others', async () => {
    const endOfLife = { additionals: [optWith(11, Buffer.of(0, 0))] }
    // Each connection answers its first question, says that it wants no more of them, and is silent about the others.
    const server = await serveStream((heard) => {
      if (heard.peer.asked.length === 1) heard.send(answerTo(heard, endOfLife))
    })
    const time = new HandWheel()
    const exchange = overTcp(server.address, { connections: 2, wheel: time.wheel })
    const asked: Promise<unknown>[] = []
    const first = askMany(exchange, 2)
    for (let turn = 0; turn < 60; turn++) {
      asked.push(ask(exchange, `n${turn}.test`), ask(exchange, `n${turn + 100}.test`))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(exchange.status.connections).toBeLessThanOrEqual(16)
    expect(server.mostConnections).toBeLessThanOrEqual(16)
    time.skip(60_000)
    await Promise.all([first, ...asked])
  })

  test('does not collect listeners from the questions that come and go before its end is told', async () => {
    const server = await serveStream(() => {})
    const sockets: Socket[] = []
    const dialer = new TcpDialer(server.address)
    const dial = (receive: (chunk: Buffer) => void): Socket => {
      const socket = dialer.dial(receive)
      sockets.push(socket)
      return socket
    }
    const exchange = overTcp(server.address, {
      dialer: { dial, readyEvent: 'connect', explain: (socket, error) => dialer.explain(socket, error) },
    })
    const round = new AbortController()
    const rounds = [ask(exchange, 'n0.test', round.signal)]
    sockets[0]?.destroy()
    round.abort(new Error('round over'))
    for (let turn = 0; turn < 20; turn++) {
      const controller = new AbortController()
      rounds.push(ask(exchange, `n${turn}.test`, controller.signal))
      controller.abort(new Error('round over'))
    }
    expect(sockets[0]?.listenerCount('connect')).toBeLessThanOrEqual(1)
    expect((await Promise.allSettled(rounds)).every(({ status }) => status === 'rejected')).toBe(true)
  })

  test('loses no question when it is reset in the middle of a reply', async () => {
    const server = await serveStream((heard) => {
      if (server.peers.length > 1) return heard.send(answerTo(heard))
      if (heard.peer.asked.length < 40) return heard.send(answerTo(heard))
      heard.peer.socket.write(frameMessage(answerTo(heard)).subarray(0, 9), () =>
        heard.peer.socket.resetAndDestroy(),
      )
    })
    const exchange = overTcp(server.address, { connections: 1, timeoutsMs: [60_000, 60_000] })
    const came = await askMany(exchange, 80)
    expect(came.map(({ what }) => what)).toEqual(names(80))
  })

  test('while it was idle costs the next question a new connection, and no attempt', async () => {
    const server = await serveStream((heard) => heard.send(answerTo(heard)))
    const exchange = overTcp(server.address)
    await ask(exchange, 'n1.test')
    server.peers[0]?.socket.destroy()
    await server.until(() => server.openConnections === 0)
    expect(await ask(exchange, 'n2.test')).toMatchObject({ what: addressFor('n2.test') })
    expect(exchange.counters.retried).toBe(0)
  })

  test('costs an attempt when it never brought a reply, so that it ends', async () => {
    const server = await serveStream((heard) => heard.peer.socket.destroy())
    const exchange = overTcp(server.address, { timeoutsMs: [60_000, 60_000, 60_000] })
    expect(await ask(exchange, 'n1.test')).toEqual({ what: 'network', packets: 3 })
    expect(server.peers).toHaveLength(3)
  })

  test('that goes silent is given up for another one', async () => {
    const server = await serveStream((heard) => {
      if (heard.name === 'n1.test' || server.peers.length > 1) heard.send(answerTo(heard))
    })
    const time = new HandWheel()
    const exchange = overTcp(server.address, { timeoutsMs: LONG_TWICE, wheel: time.wheel })
    await ask(exchange, 'n1.test')
    const asked = ask(exchange, 'n2.test')
    await server.until(() => server.heard.length === 2)
    time.skip(60_000)
    expect(await asked).toEqual({ what: addressFor('n2.test'), packets: 2 })
    expect(server.peers.map((peer) => peer.asked.map((heard) => heard.name))).toEqual([
      ['n1.test', 'n2.test'],
      ['n2.test'],
    ])
  })
})

describe('a reply that comes late', () => {
  test('to an earlier attempt is taken as long as the question is open', async () => {
    const server = await serveStream((heard) => {
      const [first] = server.heard.filter((one) => one.name === heard.name)
      // Others are answered, so that the connection is not taken for dead.
      if (heard.name !== 'n1.test') heard.send(answerTo(heard))
      else if (first !== heard) first?.send(answerTo(first))
    })
    const time = new HandWheel()
    const exchange = overTcp(server.address, { timeoutsMs: LONG_TWICE, connections: 1, wheel: time.wheel })
    const slow = ask(exchange, 'n1.test')
    await ask(exchange, 'n2.test')
    time.skip(60_000)
    expect(await slow).toEqual({ what: addressFor('n1.test'), packets: 2 })
  })

  test('to a question that is over is counted, and answers nothing', async () => {
    const server = await serveStream((heard) => {
      if (heard.name !== 'n1.test') heard.send(answerTo(heard))
    })
    const time = new HandWheel()
    const exchange = overTcp(server.address, { connections: 1, wheel: time.wheel })
    const slow = ask(exchange, 'n1.test')
    await server.until(() => server.heard.length === 1)
    await ask(exchange, 'n2.test')
    time.skip(60_000)
    expect(await slow).toEqual({ what: 'timeout', packets: 1 })
    const [first] = server.heard
    first?.send(answerTo(first))
    expect(await ask(exchange, 'n3.test')).toMatchObject({ what: addressFor('n3.test') })
    expect(exchange.counters).toMatchObject({ late: 1, mismatched: 0 })
  })
})

describe('garbage on the stream', () => {
  const garbage: [string, Buffer][] = [
    ['a length too short for a header', Buffer.concat([Buffer.of(0, 5), Buffer.alloc(300, 7)])],
    ['a query in place of a reply', frameMessage(Buffer.alloc(40))],
    ['sixteen replies to nothing', Buffer.concat(Array(16).fill(frameMessage(Buffer.alloc(40, 0x81))))],
  ]
  test.each(garbage)('ends the connection, is counted, and the others go on: %s', async (_, bytes) => {
    const server = await serveStream((heard) => {
      if (heard.name === 'n20.test' && server.peers[0] === heard.peer) heard.peer.socket.write(bytes)
      else if (server.peers[0] !== heard.peer || heard.peer.asked.length < 21) heard.send(answerTo(heard))
    })
    const exchange = overTcp(server.address, { connections: 1, timeoutsMs: [60_000, 60_000] })
    const came = await askMany(exchange, 40)
    expect(came.map(({ what }) => what)).toEqual(names(40))
    expect(exchange.status).toMatchObject({ garbled: 1 })
    expect(exchange.status.lastError).toContain('the server sent')
  })

  test('that looks like a message of great length ends with the time-out, on a new connection', async () => {
    const server = await serveStream((heard) => {
      if (server.peers.length === 1) heard.peer.socket.write(Buffer.of(0xff, 0xff, 1, 2, 3))
      else heard.send(answerTo(heard))
    })
    const time = new HandWheel()
    const exchange = overTcp(server.address, { timeoutsMs: LONG_TWICE, wheel: time.wheel })
    const asked = ask(exchange, 'n1.test')
    await server.until(() => server.heard.length === 1)
    time.skip(60_000)
    expect(await asked).toMatchObject({ what: addressFor('n1.test') })
  })
})

describe('a server that nobody can connect to', () => {
  test('is tried less and less often, not once for each question', async () => {
    const gone = await StreamServer.start(() => {})
    await gone.close()
    const exchange = overTcp(gone.address, { timeoutsMs: [300, 300] })
    const came = await askMany(exchange, 500)
    expect(new Set(came.map(({ what, packets }) => `${what} ${packets}`))).toEqual(new Set(['network 0']))
    // At 0, then after 50 to 100, 100 to 200, 200 to 400 ms more: within the 600 ms that the questions wait.
    expect(exchange.status.connectFailures).toBeGreaterThanOrEqual(1)
    expect(exchange.status.connectFailures).toBeLessThanOrEqual(5)
    expect(exchange.status.lastError).toContain('ECONNREFUSED')
  })

  test('answers the questions that still wait when it comes back', async () => {
    const gone = await StreamServer.start(() => {})
    const { address } = gone
    await gone.close()
    const exchange = overTcp(address, { timeoutsMs: LONG })
    const asked = askMany(exchange, 20)
    const back = await StreamServer.start((heard) => heard.send(answerTo(heard)), null, address.port)
    toClose(back)
    expect((await asked).map(({ what }) => what)).toEqual(names(20))
  })

  test('ends the one attempt of a truncated reply at once', async () => {
    const gone = await StreamServer.start(() => {})
    await gone.close()
    const exchange = overTcp(gone.address)
    const tally = { sent: () => {}, count: 0, firstSentAtMs: null }
    const options = { edns: {}, recursionDesired: true }
    const result = await exchange.once({ name: 'n1.test', type: 'A' }, options, tally, 60_000)
    expect(result).toEqual({ kind: 'network', transport: 'tcp' })
  })
})

test('the wait between connections doubles up to ten seconds, half of it at random, and a reply ends it', () => {
  const backOff = new StreamBackOff(new RandomOctets())
  expect(backOff.waitMs(1000)).toBe(0)
  for (const wholeMs of [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]) {
    backOff.failed(1000)
    expect(backOff.waitMs(1000)).toBeGreaterThanOrEqual(wholeMs / 2)
    expect(backOff.waitMs(1000)).toBeLessThanOrEqual(wholeMs)
    expect(backOff.waitMs(1000 + wholeMs)).toBe(0)
  }
  backOff.succeeded()
  expect(backOff.waitMs(1000)).toBe(0)
})
