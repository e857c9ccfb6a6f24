// Vantages that come and go while rounds are under way, over real UDP sockets on loopback.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { VantageConfig } from '../../src/dns/vantage-config.ts'
import { HeldVantages } from '../../src/wiring/held-vantages.ts'

const QUESTION = { name: 'a.example', type: 'A' } as const

/** A resolver that answers NXDOMAIN, but only once it is let. */
class HeldBackResolver {
  readonly socket: Socket = createSocket('udp4')
  readonly #waiting: (() => void)[] = []
  #isLet = true
  asked = 0

  async open(): Promise<string> {
    this.socket.on('message', (query, { port, address }) => {
      this.asked += 1
      const reply = Buffer.from(query)
      reply[2] = 0x81
      reply[3] = 0x83
      const send = (): void => this.socket.send(reply, port, address)
      if (this.#isLet) send()
      else this.#waiting.push(send)
      this.socket.emit('asked')
    })
    this.socket.bind(0, '127.0.0.1')
    await once(this.socket, 'listening')
    return `127.0.0.1:${this.socket.address().port}`
  }

  holdBack(): void {
    this.#isLet = false
  }

  let(): void {
    this.#isLet = true
    for (const send of this.#waiting.splice(0)) send()
  }
}

let resolvers: [HeldBackResolver, HeldBackResolver]
let near: VantageConfig
let far: VantageConfig
let held: HeldVantages

beforeEach(async () => {
  resolvers = [new HeldBackResolver(), new HeldBackResolver()]
  near = { id: 'near', protocol: 'udp', server: await resolvers[0].open(), jitterMs: 0, timeoutMs: 5_000 }
  far = { id: 'far', protocol: 'udp', server: await resolvers[1].open(), jitterMs: 0, timeoutMs: 5_000 }
  held = new HeldVantages([near], { clock: systemClock, processes: 1 })
})

afterEach(async () => {
  await held.close()
  for (const { socket } of resolvers) socket.close()
})

const outcomes = async () =>
  (await held.probe([QUESTION])).map(({ vantage, outcome }) => `${vantage} ${outcome}`)

describe('Vantages that change', () => {
  test('are asked from the next round on, and the unchanged ones keep their counts', async () => {
    expect(await outcomes()).toEqual(['near nxdomain'])
    held.replace([far, { ...near }])
    expect(held.vantages).toEqual(['far', 'near'])
    expect(await outcomes()).toEqual(['far nxdomain', 'near nxdomain'])
    expect(held.statuses().map(({ id, asked }) => [id, asked])).toEqual([
      ['far', 1],
      ['near', 2],
    ])
  })

  test('lose no question that is under way: the one that is gone answers it, and is asked no more', async () => {
    resolvers[0].holdBack()
    const underWay = outcomes()
    await once(resolvers[0].socket, 'asked')
    held.replace([far])
    expect(await outcomes()).toEqual(['far nxdomain'])
    expect(held.statuses().map(({ id }) => id)).toEqual(['far'])
    resolvers[0].let()
    expect(await underWay).toEqual(['near nxdomain'])
    expect(resolvers[0].asked).toBe(1)
  })

  test('end what a vantage that is gone is still asked when everything closes', async () => {
    resolvers[0].holdBack()
    const underWay = outcomes()
    await once(resolvers[0].socket, 'asked')
    held.replace([far])
    await held.close()
    expect(await underWay).toEqual(['near failed'])
  })

  test('of the same name with other settings are opened anew', async () => {
    await outcomes()
    held.replace([{ ...near, qps: 7 }])
    expect(held.statuses()).toMatchObject([{ id: 'near', asked: 0 }])
    expect(await outcomes()).toEqual(['near nxdomain'])
  })

  test('stay as they are when one of the new ones cannot be opened', async () => {
    const bad: VantageConfig = { id: 'bad', protocol: 'dot', server: '127.0.0.1', caFile: '/nowhere.pem' }
    expect(() => held.replace([far, bad])).toThrow('vantage bad: caFile')
    expect(held.configs).toEqual([near])
    expect(await outcomes()).toEqual(['near nxdomain'])
    expect(resolvers[1].asked).toBe(0)
  })

  test('answer side questions through the resolvers of the moment, and through nobody without one', async () => {
    const walk: VantageConfig = { id: 'walk', protocol: 'direct', rootHints: ['198.41.0.4'] }
    expect(held.hasSpare).toBe(true)
    expect((await held.askSpare(QUESTION))?.[0]?.outcome).toBe('nxdomain')
    held.replace([walk])
    expect(held.hasSpare).toBe(false)
    expect(held.askSpare(QUESTION)).toBeNull()
    held.replace([far])
    expect((await held.askSpare(QUESTION))?.[0]?.outcome).toBe('nxdomain')
    expect([resolvers[0].asked, resolvers[1].asked]).toEqual([1, 1])
  })
})
