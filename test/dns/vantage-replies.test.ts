import { describe, expect, test } from 'vitest'
import type { Question } from '../../src/core/dns/record.ts'
import type { Reply } from '../../src/core/dns/reply.ts'
import { readOptOutEntries } from '../../src/dns/opt-out-entries.ts'
import { spareAsker } from '../../src/dns/spare-asker.ts'
import { Vantage, type VantageOptions } from '../../src/dns/vantage.ts'
import { failed, reply, ScriptedSource } from './scripted-source.ts'

const WWW: Question = { name: 'www.example.com', type: 'A' }

function vantageOf(source: ScriptedSource, options: Partial<VantageOptions> = {}): Vantage {
  return new Vantage(source, { id: 'v', protocol: 'udp', server: '192.0.2.1:53', qps: 1000, ...options })
}

describe('several replies to one question', () => {
  const authority = (address: string): Partial<Reply> => ({
    server: { name: 'ns.example.com', address },
    side: 'child',
  })

  test('come as they are, and count as one question that was answered', async () => {
    const replies = [reply(authority('192.0.2.1')), failed('timeout', authority('192.0.2.2'))]
    const vantage = vantageOf(new ScriptedSource(() => replies), { protocol: 'direct' })
    expect(await vantage.ask(WWW)).toEqual(replies)
    expect(vantage.status()).toMatchObject({ asked: 1, answered: 1, timeouts: 0 })
  })

  test('that are all silent count as a time-out', async () => {
    const vantage = vantageOf(new ScriptedSource(() => [failed('timeout'), failed('timeout')]), {
      protocol: 'direct',
    })
    await vantage.ask(WWW)
    expect(vantage.status()).toMatchObject({ asked: 1, answered: 0, timeouts: 1 })
  })

  test('that nobody was asked for count as neither', async () => {
    const vantage = vantageOf(new ScriptedSource(() => [failed('opted_out'), failed('unreachable_zone')]), {
      protocol: 'direct',
      downPolicy: { downAfterMs: 0, downAfterQuestions: 1 },
    })
    await vantage.ask(WWW)
    expect(vantage.status()).toMatchObject({ up: true, asked: 1, answered: 0, timeouts: 0 })
  })

  test('are one look, whatever the retries that each authority is charged with', async () => {
    const dead = failed('timeout', { ...authority('192.0.2.1'), attempts: 2 })
    const vantage = vantageOf(new ScriptedSource(() => Array.from({ length: 26 }, () => dead)), {
      protocol: 'direct',
      qps: 20,
      maxWaitMs: 1000,
    })
    for (let look = 0; look < 3; look++) expect(await vantage.ask(WWW)).toHaveLength(26)
    expect(vantage.status()).toMatchObject({ asked: 3, throttled: 0 })
  })
})

describe('the direct vantage is down', () => {
  const downPolicy = { downAfterMs: 0, downAfterQuestions: 2 }
  const dead = (): ScriptedSource => new ScriptedSource(() => [failed('timeout')])
  const ask = async (vantage: Vantage, name: string): Promise<unknown> =>
    (await vantage.ask({ name, type: 'A' }))[0]?.failure

  test('after the silence of different domains', async () => {
    const vantage = vantageOf(dead(), { protocol: 'direct', downPolicy })
    expect(await ask(vantage, 'www.example.com')).toBe('timeout')
    expect(await ask(vantage, 'www.example.org')).toBe('vantage_down')
  })

  test('but not after the silence of one, however many of its names are asked', async () => {
    const vantage = vantageOf(dead(), { protocol: 'direct', downPolicy })
    for (const name of ['www.example.com', 'ns1.example.com', 'ns2.example.com', 'example.com'])
      expect(await ask(vantage, name)).toBe('timeout')
    expect(vantage.status().up).toBe(true)
  })

  test('and a resolver is, whatever it was asked', async () => {
    const vantage = vantageOf(dead(), { downPolicy })
    expect(await ask(vantage, 'www.example.com')).toBe('timeout')
    expect(await ask(vantage, 'www.example.com')).toBe('vantage_down')
  })

  test('and then only silence is rewritten', async () => {
    const source = dead()
    const vantage = vantageOf(source, { protocol: 'direct', downPolicy })
    await ask(vantage, 'www.example.com')
    source.brings = () => [failed('timeout'), failed('opted_out'), failed('network')]
    const replies = await vantage.ask({ name: 'www.example.org', type: 'A' })
    expect(replies.map(({ failure }) => failure)).toEqual(['vantage_down', 'opted_out', 'vantage_down'])
  })
})

describe('the opt-out list', () => {
  const { entries } = readOptOutEntries('example.com\n')

  test('keeps a name from being asked, without its turn being used', async () => {
    const source = new ScriptedSource()
    const vantage = vantageOf(source, { optOut: entries, qps: 0.001, maxWaitMs: 0 })
    expect(await vantage.ask(WWW)).toMatchObject([
      { outcome: 'failed', failure: 'opted_out', rcode: 'TIMEOUT', attempts: 0 },
    ])
    expect(await vantage.askSpare(WWW)).toMatchObject([{ failure: 'opted_out' }])
    expect(source.asked).toEqual([])
    expect(vantage.status()).toMatchObject({ asked: 0, optedOut: 2, up: true })
    expect(await vantage.ask({ name: 'www.example.org', type: 'A' })).toMatchObject([{ outcome: 'answer' }])
  })
})

describe('the status', () => {
  test('tells what the source counts, and why its latest connection failed', () => {
    const source = new ScriptedSource()
    source.counters = { late: 1, mismatched: 2, truncated: 3, retried: 4 }
    source.inFlight = 5
    source.lastError = 'TLS to 192.0.2.1:853: certificate refused'
    const vantage = vantageOf(source, { protocol: 'dot', server: '192.0.2.1:853' })
    expect(vantage.status()).toEqual({
      id: 'v',
      protocol: 'dot',
      server: '192.0.2.1:853',
      up: true,
      asked: 0,
      answered: 0,
      timeouts: 0,
      throttled: 0,
      optedOut: 0,
      unsentWhileDown: 0,
      late: 1,
      mismatched: 2,
      truncated: 3,
      retried: 4,
      inFlight: 5,
      clientSubnet: 'none',
      lastError: 'TLS to 192.0.2.1:853: certificate refused',
    })
  })

  test('tells whether the client subnet changes anything', async () => {
    const vantage = vantageOf(new ScriptedSource(() => [reply({ clientSubnetScope: 24 })]), {
      sendsClientSubnet: true,
    })
    expect(vantage.status().clientSubnet).toBe('unknown')
    await vantage.ask(WWW)
    expect(vantage.status().clientSubnet).toBe('honoured')
  })
})

describe('jitter', () => {
  test('holds a question back, and closing lets it go to its end', async () => {
    const source = new ScriptedSource()
    const vantage = vantageOf(source, { jitterMs: 10_000 })
    const asked = vantage.ask(WWW)
    expect(source.asked).toEqual([])
    await vantage.close()
    expect(await asked).toMatchObject([{ failure: 'network' }])
  })

  test('lets an aborted question go unsent when its time comes', async () => {
    const source = new ScriptedSource()
    const vantage = vantageOf(source, { jitterMs: 20 })
    const controller = new AbortController()
    const asked = vantage.ask(WWW, controller.signal)
    controller.abort(new Error('round over'))
    await expect(asked).rejects.toThrow('round over')
    expect(source.asked).toEqual([])
    expect(vantage.status().asked).toBe(0)
  })
})

describe('spare turns', () => {
  const PTR: Question = { name: '1.2.0.192.in-addr.arpa', type: 'PTR' }

  test('go to the resolvers one after the other, and never to the direct vantage', async () => {
    const sources = [new ScriptedSource(), new ScriptedSource(), new ScriptedSource()]
    const protocols = ['udp', 'direct', 'dot'] as const
    const ask = spareAsker(
      sources.map((source, index) => vantageOf(source, { protocol: protocols[index]!, qps: 0.001 })),
    )
    expect(await ask?.(PTR)).toMatchObject([{ outcome: 'answer' }])
    expect(await ask?.(PTR)).toMatchObject([{ outcome: 'answer' }])
    expect(ask?.(PTR)).toBeNull()
    expect(sources.map((source) => source.asked.length)).toEqual([1, 0, 1])
  })

  test('are none while a question of a round has just been asked', async () => {
    const source = new ScriptedSource()
    const vantage = vantageOf(source, { qps: 0.001 })
    await vantage.ask(WWW)
    expect(vantage.askSpare(PTR)).toBeNull()
  })

  test('are none where there is no resolver', () => {
    expect(spareAsker([vantageOf(new ScriptedSource(), { protocol: 'direct' })])).toBeNull()
  })
})
