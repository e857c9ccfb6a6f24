import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addressFor, answerTo, optWith, type Heard } from './stream-server.ts'
import { ask, askMany, overTcp, serveStream } from './stream-stage.ts'

/** RFC 7828: code 11, in units of 100 ms. */
function keepalive(heard: Heard, tenths: number): Buffer {
  return answerTo(heard, { additionals: [optWith(11, Buffer.of(tenths >> 8, tenths & 255))] })
}

test('asks with each question how long the connection may stay', async () => {
  const server = await serveStream((heard) => heard.send(answerTo(heard)))
  await ask(overTcp(server.address), 'n1.test')
  // The option is empty in a query (RFC 7828, section 3.1).
  expect(server.heard[0]?.bytes.subarray(-4)).toEqual(Buffer.of(0, 11, 0, 0))
})

test('closes an idle connection by itself, and opens a new one for the next question', async () => {
  const server = await serveStream((heard) => heard.send(answerTo(heard)))
  const exchange = overTcp(server.address, { idleMs: 30 })
  await ask(exchange, 'n1.test')
  await server.until(() => server.openConnections === 0)
  await ask(exchange, 'n2.test')
  expect(server.peers).toHaveLength(2)
  expect(exchange.status).toMatchObject({ connectFailures: 0, lastError: null })
})

test('closes sooner when the server says so', async () => {
  const server = await serveStream((heard) => heard.send(keepalive(heard, 1)))
  await ask(overTcp(server.address, { idleMs: 3_600_000 }), 'n1.test')
  await server.until(() => server.openConnections === 0)
})

test('closes sooner also when the server says so only after it had said something else', async () => {
  const server = await serveStream((heard) =>
    heard.send(keepalive(heard, server.heard.length === 1 ? 600 : 1)),
  )
  const exchange = overTcp(server.address)
  await ask(exchange, 'n1.test')
  await ask(exchange, 'n2.test')
  await server.until(() => server.openConnections === 0)
})

test('keeps an idle connection longer when the server says so', async () => {
  const server = await serveStream((heard) => heard.send(keepalive(heard, 600)))
  const exchange = overTcp(server.address, { idleMs: 1 })
  const other = overTcp(server.address, { idleMs: 1 })
  await ask(exchange, 'n1.test')
  server.behave = (heard) => heard.send(answerTo(heard))
  // Another connection with the same idle time, and no word of the server, comes and goes meanwhile.
  await ask(other, 'n2.test')
  await server.until(() => server.openConnections === 1)
  await ask(exchange, 'n3.test')
  expect(server.peers.map((peer) => peer.asked.length)).toEqual([2, 1])
})

test('a server that says 0 gets nothing new on the connection, which closes once it is drained', async () => {
  const held: Heard[] = []
  const server = await serveStream((heard) => {
    if (server.peers[0] === heard.peer) held.push(heard)
    else heard.send(answerTo(heard))
  })
  const exchange = overTcp(server.address, { connections: 1 })
  const first = ask(exchange, 'n0.test')
  const second = ask(exchange, 'n1.test')
  await server.until(() => held.length === 2)
  held[0]?.send(keepalive(held[0], 0))
  expect(await first).toMatchObject({ what: addressFor('n0.test') })
  expect(await ask(exchange, 'n2.test')).toMatchObject({ what: addressFor('n2.test') })
  expect(server.peers.map((peer) => peer.asked.length)).toEqual([2, 1])
  held[1]?.send(answerTo(held[1]))
  expect(await second).toMatchObject({ what: addressFor('n1.test') })
  await server.until(() => server.peers[0]?.socket.destroyed === true)
})

test('an aborted question rejects with the reason at once; the others on the connection go on', async () => {
  const server = await serveStream((heard) => {
    if (heard.name !== 'n0.test') heard.send(answerTo(heard))
  })
  const exchange = overTcp(server.address, { connections: 1 })
  const controller = new AbortController()
  const asked = ask(exchange, 'n0.test', controller.signal)
  await server.until(() => server.heard.length === 1)
  const reason = new Error('round over')
  controller.abort(reason)
  await expect(asked).rejects.toBe(reason)
  await expect(ask(exchange, 'n1.test', controller.signal)).rejects.toBe(reason)
  expect(exchange.inFlight).toBe(0)
  expect(await ask(exchange, 'n2.test')).toMatchObject({ what: addressFor('n2.test') })
  expect(server.peers).toHaveLength(1)
})

test('an aborted question that waits for its turn is never sent', async () => {
  const server = await serveStream(() => {})
  const exchange = overTcp(server.address, { maxInFlight: 1 })
  const first = ask(exchange, 'n0.test')
  const controller = new AbortController()
  const second = ask(exchange, 'n1.test', controller.signal)
  const third = ask(exchange, 'n2.test')
  await server.until(() => server.heard.length === 1)
  controller.abort(new Error('round over'))
  await expect(second).rejects.toThrow('round over')
  server.behave = (heard) => heard.send(answerTo(heard))
  for (const heard of server.heard) heard.send(answerTo(heard))
  await Promise.all([first, third])
  expect(server.heard.map((heard) => heard.name)).toEqual(['n0.test', 'n2.test'])
})

test('the message of one attempt can be read later, when the connection has brought others', async () => {
  const server = await serveStream((heard) => heard.send(answerTo(heard)))
  const exchange = overTcp(server.address, { connections: 1 })
  const options = { edns: {}, recursionDesired: true }
  const tally = { sent: () => {}, count: 0, firstSentAtMs: null }
  const first = await exchange.once({ name: 'n99.test', type: 'A' }, options, tally, 60_000)
  await askMany(exchange, 50)
  expect(first).toMatchObject({ kind: 'message', message: { answer: [{ data: addressFor('n99.test') }] } })
})

test('closing ends what is sent, what waits for its turn, and what is asked later as network failures', async () => {
  const server = await serveStream(() => {})
  const exchange = overTcp(server.address, { maxInFlight: 5 })
  const asked = askMany(exchange, 9)
  await server.until(() => server.heard.length === 5)
  await exchange.close()
  const later = await ask(exchange, 'n10.test')
  const kinds = [...(await asked), later].map(({ what }) => what)
  expect(kinds).toEqual(Array(10).fill('network'))
  await server.until(() => server.openConnections === 0)
})

test('a name that cannot be written is a RangeError', async () => {
  const server = await serveStream(() => {})
  await expect(ask(overTcp(server.address), 'a..test')).rejects.toThrow(RangeError)
})

test('an idle connection does not keep the process alive, and an open question does', async () => {
  const held: Heard[] = []
  const server = await serveStream((heard) => held.push(heard))
  const script = join(import.meta.dirname, 'stream-child.ts')
  const child = spawn(process.execPath, [script, String(server.address.port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  await server.until(() => held.length === 1)
  expect(child.exitCode).toBeNull()
  // So that only the unreferenced connection, kept for a minute, can be what holds the process.
  held[0]?.send(keepalive(held[0], 600))
  const [code] = await once(child, 'exit')
  expect({ code, said }).toEqual({ code: 0, said: addressFor('n5.test') })
})
