import { createSocket } from 'node:dgram'
import { describe, expect, test } from 'vitest'
import { QUERIES_PER_PORT } from '../../src/dns/udp-port.ts'
import { addressRecord, always, askedName, responseTo, silent } from './loopback-server.ts'
import { WWW, changed, serve, stub } from './stub-stage.ts'

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
      expect(resolver.counters.mismatched).toBe(count)
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
    expect(resolver.counters.mismatched).toBe(4)
  })

  test('nothing but garbage is a time-out', async () => {
    const server = await serve((asked) => asked.send(new Uint8Array(64).fill(7)))
    const resolver = stub(server, { timeoutsMs: [60, 60] })
    expect(await resolver.ask(WWW)).toMatchObject({ failure: 'timeout', attempts: 2 })
    await expect.poll(() => resolver.counters.mismatched).toBe(2)
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

  test('an answer to an earlier attempt is taken as long as the question is open', async () => {
    const server = await serve((_, { asked: all }) => {
      const [first] = all
      if (all.length === 2 && first) first.send(responseTo(first, { answers: [addressRecord('192.0.2.1')] }))
    })
    const resolver = stub(server, { timeoutsMs: [60, 60_000] })
    expect(await resolver.ask(WWW)).toMatchObject({ attempts: 2, answer: [{ data: '192.0.2.1' }] })
    expect(resolver.counters).toMatchObject({ mismatched: 0, late: 0, retried: 1 })
  })

  test('answers to a question that is over are counted as late, and decide nothing', async () => {
    const server = await serve(silent)
    const resolver = stub(server, { timeoutsMs: [40, 40] })
    expect(await resolver.ask(WWW)).toMatchObject({ failure: 'timeout', attempts: 2 })
    await server.heard(2)
    for (const asked of server.asked) asked.send(responseTo(asked, {}))
    server.behaviour = (asked) => {
      const answer = responseTo(asked, { answers: [addressRecord('192.0.2.1')] })
      asked.send(answer)
      asked.send(answer)
    }
    expect(await resolver.ask(WWW)).toMatchObject({ answer: [{ data: '192.0.2.1' }] })
    server.behaviour = always({})
    await resolver.ask({ name: 'ftp.example', type: 'A' })
    await expect.poll(() => resolver.counters.late).toBe(3)
    expect(resolver.counters.mismatched).toBe(0)
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
    expect(resolver.counters.mismatched).toBe(2)
  })
})

describe('ids, case and ports', () => {
  test('names leave in random case, ids and ports vary, and a port serves a bounded number of queries', async () => {
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
})
