import { describe, expect, test } from 'vitest'
import { Inquiry } from '../../src/dns/exchange.ts'
import { ServerMemory } from '../../src/dns/server-memory.ts'
import { UdpQuestion } from '../../src/dns/udp-question.ts'
import { UdpTakeover, type TcpFallback } from '../../src/dns/udp-takeover.ts'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import type { WireEdns } from '../../src/dns/wire/message.ts'
import type { QueryOptions } from '../../src/dns/wire/query-encoder.ts'

const OPTIONS = { edns: {}, recursionDesired: true }
const DAY_MS = 86_400_000

function clientCookie(memory: ServerMemory, nowMs: number): Uint8Array {
  return memory.withCookie(OPTIONS, nowMs).edns!.cookie!.client
}

function replyWith(client: Uint8Array, server = new Uint8Array(8).fill(9)): WireEdns {
  return {
    udpSizeOctets: 1232,
    version: 0,
    clientSubnet: null,
    extendedErrors: [],
    cookie: { client, server },
    keepaliveMs: null,
    paddingOctets: null,
  }
}

describe('the client cookie', () => {
  test('is another one every day, as RFC 7873 (section 7.1) wants it', () => {
    const memory = new ServerMemory(0)
    const first = clientCookie(memory, 0)
    expect(clientCookie(memory, DAY_MS - 1)).toEqual(first)
    const second = clientCookie(memory, DAY_MS)
    expect(second).not.toEqual(first)
    expect(clientCookie(memory, 2 * DAY_MS)).not.toEqual(second)
  })

  test('of the day before is still taken, an older one is not', () => {
    const memory = new ServerMemory(0)
    const first = clientCookie(memory, 0)
    clientCookie(memory, DAY_MS)
    expect(memory.judgeCookie(replyWith(first))).toBe('fine')
    clientCookie(memory, 2 * DAY_MS)
    expect(memory.judgeCookie(replyWith(first))).toBe('unproven')
  })

  test('that is new goes without the server half of the old one, and the server is still expected to have one', () => {
    const memory = new ServerMemory(0)
    const first = clientCookie(memory, 0)
    memory.judgeCookie(replyWith(first))
    expect(memory.withCookie(OPTIONS, 1).edns!.cookie!.server).toHaveLength(8)
    expect(memory.withCookie(OPTIONS, DAY_MS).edns!.cookie!.server).toHaveLength(0)
    // A reply that was on its way brings the half that belongs to the old one.
    memory.judgeCookie(replyWith(first))
    expect(memory.withCookie(OPTIONS, DAY_MS).edns!.cookie!.server).toHaveLength(0)
    expect(memory.judgeCookie(null)).toBe('unproven')
  })
})

describe('what TCP proves', () => {
  /** What is remembered of a server that has shown a cookie, after TCP answered once more without one. */
  async function afterReplyOverTcp(options: QueryOptions): Promise<ServerMemory> {
    const memory = new ServerMemory(0)
    memory.judgeCookie(replyWith(clientCookie(memory, 0)))
    const decoded = decodeMessage(Uint8Array.of(0, 0, 0x80, 0, ...new Uint8Array(8)))
    if (!decoded.ok) throw new Error(decoded.reason)
    const exchanged = { kind: 'message', transport: 'tcp', message: decoded.message } as const
    const tcp: TcpFallback = {
      counters: { late: 0, mismatched: 0, truncated: 0, retried: 0 },
      inFlight: 0,
      once: async () => exchanged,
      close: async () => {},
    }
    const question = { name: 'www.example', type: 'A' } as const
    await new Promise<void>((resolve, reject) => {
      const takeover = new UdpTakeover(tcp, 1, memory, {
        tcpBrought: () => resolve(),
        tcpRejected: (_, reason) => reject(reason as Error),
      })
      const owner = { timedOut: () => {}, abandoned: () => {} }
      takeover.ask(new UdpQuestion(owner, question, options, new NoInquiry()))
    })
    return memory
  }

  test('a reply without a cookie to a query with one: the server has none any more', async () => {
    const memory = await afterReplyOverTcp(OPTIONS)
    expect(memory.judgeCookie(null)).toBe('fine')
  })

  test('a reply to a query without EDNS tells nothing about cookies', async () => {
    const memory = await afterReplyOverTcp({ edns: null, recursionDesired: true })
    expect(memory.judgeCookie(null)).toBe('unproven')
  })
})

class NoInquiry extends Inquiry {
  override settled(): void {}
  override rejected(): void {}
}
