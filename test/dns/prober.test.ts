import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { Question } from '../../src/core/dns/record.ts'
import { Prober } from '../../src/dns/prober.ts'
import { openVantages } from '../../src/dns/open-vantages.ts'
import { Vantage } from '../../src/dns/vantage.ts'
import { failed, reply, ScriptedSource } from './scripted-source.ts'
import {
  LoopbackServer,
  addressRecord,
  always,
  askedName,
  responseTo,
  silent,
  type Asked,
  type Behaviour,
} from './loopback-server.ts'

const WWW: Question = { name: 'www.example', type: 'A' }
const FTP: Question = { name: 'ftp.example', type: 'A' }

/** Stands still until a test moves it. */
class HandClock implements Clock {
  ms = 1_800_000_000_000
  now(): number {
    return this.ms
  }
  async sleep(): Promise<void> {}
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

interface Stage {
  readonly servers: LoopbackServer[]
  readonly prober: Prober
  readonly clock: HandClock
  readonly vantages: readonly Vantage[]
}

/** A vantage per behaviour: v0, v1, … */
async function stage(...behaviours: Behaviour[]): Promise<Stage> {
  const servers = await Promise.all(behaviours.map((behaviour) => LoopbackServer.start(behaviour)))
  const vantages = openVantages(
    servers.map((server, index) => ({
      id: `v${index}`,
      protocol: 'udp',
      server: server.text,
      qps: 10_000,
      timeoutMs: 60_000,
      jitterMs: 0,
    })),
  )
  open.push(...vantages, ...servers)
  const clock = new HandClock()
  return { servers, prober: new Prober({ vantages, clock }), clock, vantages }
}

function answer(asked: Asked, data: string): void {
  asked.send(responseTo(asked, { answers: [addressRecord(data, askedName(asked))] }))
}

describe('a round of questions', () => {
  test('brings an observation per question and vantage, whole and stamped by the clock', async () => {
    const { prober, clock } = await stage(
      always({ answers: [addressRecord('192.0.2.1')] }),
      always({ rcode: 2 }),
    )
    const [seen, refused, ...rest] = await prober.probe([WWW])
    expect(rest).toEqual([])
    const common = {
      at: clock.ms,
      qname: 'www.example',
      qtype: 'A',
      authoritative: false,
      authority: [],
      additional: [],
    }
    expect(seen).toEqual({
      ...common,
      vantage: 'v0',
      outcome: 'answer',
      rcode: 'NOERROR',
      rttMs: expect.any(Number) as number,
      answer: [{ name: 'www.example', type: 'A', ttlSeconds: 60, data: '192.0.2.1' }],
    })
    expect(refused).toEqual({
      ...common,
      vantage: 'v1',
      outcome: 'failed',
      failure: 'servfail',
      rcode: 'SERVFAIL',
      rttMs: expect.any(Number) as number,
      answer: [],
    })
  })

  test('is in the order of questions, then vantages, whatever the order of the replies', async () => {
    const { servers, prober } = await stage(silent, silent)
    const probing = prober.probe([WWW, FTP, { ...WWW, type: 'NS' }])
    await Promise.all(servers.map((server) => server.heard(3)))
    for (const server of servers.toReversed())
      for (const asked of server.asked.toReversed()) answer(asked, '192.0.2.1')
    const order = (await probing).map((one) => `${one.qname} ${one.qtype} ${one.vantage}`)
    expect(order).toEqual([
      'www.example A v0',
      'www.example A v1',
      'ftp.example A v0',
      'ftp.example A v1',
      'www.example NS v0',
      'www.example NS v1',
    ])
  })

  test('stamps each observation when its reply came', async () => {
    const { servers, prober, clock } = await stage(silent, always({}))
    const begun = clock.ms
    const probing = prober.probe([WWW])
    await Promise.all(servers.map((server) => server.heard(1)))
    // A second probe that is answered by v1 proves that v1's first answer was processed before it.
    await new Prober({ vantages: openAgain(servers[1]!), clock }).probe([WWW])
    clock.ms += 5000
    answer(servers[0]!.asked[0]!, '192.0.2.1')
    expect((await probing).map((one) => one.at - begun)).toEqual([5000, 0])
  })

  test('asks those vantages alone that are named, in their own order', async () => {
    const replies = always({ answers: [addressRecord('192.0.2.1')] })
    const { servers, prober } = await stage(replies, replies, replies)
    expect(prober.vantages).toEqual(['v0', 'v1', 'v2'])
    const seen = await prober.probe([WWW, FTP], undefined, ['v2', 'v0'])
    expect(seen.map(({ qname, vantage }) => [qname, vantage])).toEqual([
      [WWW.name, 'v0'],
      [WWW.name, 'v2'],
      [FTP.name, 'v0'],
      [FTP.name, 'v2'],
    ])
    expect(servers[1]!.asked).toEqual([])
  })

  test('of no questions is empty', async () => {
    const { servers, prober } = await stage(silent)
    expect(await prober.probe([])).toEqual([])
    expect(await prober.probe([WWW], undefined, ['nobody'])).toEqual([])
    expect(servers[0]?.asked).toEqual([])
  })

  test('with a name that cannot be written rejects, and drops the other questions', async () => {
    const { prober } = await stage(silent)
    await expect(prober.probe([WWW, { name: 'a..b', type: 'A' }])).rejects.toThrow(RangeError)
  })
})

function openAgain(server: LoopbackServer): ReturnType<typeof openVantages> {
  const vantages = openVantages([{ id: 'again', protocol: 'udp', server: server.text, jitterMs: 0 }])
  open.unshift(...vantages)
  return vantages
}

test('a question that rejects takes every round down that waits for it', async () => {
  const { prober } = await stage(silent)
  const bad: Question = { name: 'a..b', type: 'A' }
  const rounds = [prober.probe([bad]), prober.probe([WWW, bad]), prober.probe([bad])]
  for (const round of await Promise.allSettled(rounds))
    expect(round).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) as RangeError })
})

describe('a vantage that brings several replies', () => {
  test('gives an observation each, in its order, with who answered from which side', async () => {
    const parent = reply({
      outcome: 'nodata',
      authoritative: false,
      server: { name: 'a.gtld.example', address: '192.0.2.1' },
      side: 'parent',
    })
    const child = reply({
      authoritative: true,
      clientSubnetScope: 0,
      extendedErrors: [{ code: 3, text: 'stale' }],
      server: { name: 'ns.www.example', address: '192.0.2.2' },
      side: 'child',
    })
    const lame = failed('lame', { server: { name: 'ns2.www.example', address: '192.0.2.3' }, side: 'child' })
    const vantages = [
      new Vantage(new ScriptedSource(() => [parent, child, lame]), {
        id: 'direct',
        protocol: 'direct',
        server: 'root hints 192.0.2.9',
        qps: 1000,
      }),
      new Vantage(new ScriptedSource(), { id: 'stub', protocol: 'udp', server: '192.0.2.8:53', qps: 1000 }),
    ]
    const clock = new HandClock()
    const seen = await new Prober({ vantages, clock }).probe([{ ...WWW, type: 'NS' }])
    const common = {
      at: clock.ms,
      qname: 'www.example',
      qtype: 'NS',
      rcode: 'NOERROR',
      rttMs: 1,
      answer: [],
      authority: [],
      additional: [],
    }
    expect(seen).toEqual([
      {
        ...common,
        vantage: 'direct',
        outcome: 'nodata',
        authoritative: false,
        server: parent.server,
        side: 'parent',
      },
      {
        ...common,
        vantage: 'direct',
        outcome: 'answer',
        authoritative: true,
        clientSubnetScope: 0,
        extendedErrors: [{ code: 3, text: 'stale' }],
        server: child.server,
        side: 'child',
      },
      {
        ...common,
        vantage: 'direct',
        outcome: 'failed',
        failure: 'lame',
        rcode: 'TIMEOUT',
        server: lame.server,
        side: 'child',
      },
      { ...common, vantage: 'stub', outcome: 'answer' },
    ])
  })
})

describe('identical questions in flight', () => {
  test('are asked once per vantage, and all callers get the same reply and time', async () => {
    const { servers, prober, clock } = await stage(silent, silent)
    const rounds = [prober.probe([WWW, FTP]), prober.probe([FTP, WWW]), prober.probe([WWW, WWW])]
    await Promise.all(servers.map((server) => server.heard(2)))
    clock.ms += 77
    for (const server of servers) for (const asked of server.asked) answer(asked, '192.0.2.1')
    const [first, second, third] = await Promise.all(rounds)
    expect(servers.map((server) => server.asked.length)).toEqual([2, 2])
    expect(first?.slice(0, 2)).toEqual(second?.slice(2))
    expect(third).toEqual([...(first?.slice(0, 2) ?? []), ...(first?.slice(0, 2) ?? [])])
    expect(first?.every((one) => one.at === clock.ms)).toBe(true)
  })

  test('are asked anew once the reply is there', async () => {
    const { servers, prober } = await stage(always({}))
    await prober.probe([WWW])
    await prober.probe([WWW])
    expect(servers[0]?.asked).toHaveLength(2)
  })

  test('are asked anew once the reply is there, also while a round that had it still waits for others', async () => {
    const { servers, prober } = await stage((asked) => {
      if (askedName(asked) === WWW.name) answer(asked, '192.0.2.1')
    })
    const controller = new AbortController()
    const waiting = prober.probe([WWW, FTP], controller.signal)
    await servers[0]!.heard(2)
    // Answered after the first of its questions, so that one is there too.
    await prober.probe([{ ...WWW, type: 'NS' }])
    await prober.probe([WWW])
    expect(servers[0]?.asked).toHaveLength(4)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('are not joined once they are aborted', async () => {
    const { servers, prober } = await stage(silent)
    const controller = new AbortController()
    const leaving = prober.probe([WWW], controller.signal)
    await servers[0]!.heard(1)
    servers[0]!.behaviour = always({})
    controller.abort(new Error('enough'))
    const next = prober.probe([WWW])
    await expect(leaving).rejects.toThrow('enough')
    expect(await next).toMatchObject([{ outcome: 'nodata' }])
  })

  test('go on for the others when one caller is aborted', async () => {
    const { servers, prober } = await stage(silent)
    const controller = new AbortController()
    const leaving = prober.probe([WWW], controller.signal)
    const staying = prober.probe([WWW])
    await servers[0]!.heard(1)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    answer(servers[0]!.asked[0]!, '192.0.2.1')
    expect(await staying).toMatchObject([{ outcome: 'answer' }])
    expect(servers[0]?.asked).toHaveLength(1)
  })
})

describe('a prober whose rates are used up', () => {
  function slow(id: string, source: ScriptedSource, qps: number): Vantage {
    const limits = { qps, maxWaitMs: 1e9 }
    const vantage = new Vantage(source, { id, protocol: 'udp', server: '192.0.2.1:53', ...limits })
    open.push(vantage)
    return vantage
  }

  test('tells the wait at the vantage where it is longest', async () => {
    const vantages = [slow('fast', new ScriptedSource(), 1000), slow('slow', new ScriptedSource(), 0.1)]
    const prober = new Prober({ vantages, clock: new HandClock() })
    expect(prober.backlogMs()).toBe(0)
    await prober.probe([WWW])
    // A token is due in ten seconds, less what has passed since.
    expect(prober.backlogMs()).toBeGreaterThan(5000)
    expect(prober.backlogMs()).toBeLessThanOrEqual(10_000)
  })

  test('lets an urgent probe pass those that wait', async () => {
    const source = new ScriptedSource()
    const prober = new Prober({ vantages: [slow('v', source, 50)], clock: new HandClock() })
    const names = Array.from({ length: 7 }, (_, index) => `n${index}.example`)
    // A tenth of a second's worth leaves at once; the others wait.
    const ordinary = names.map((name) => prober.probe([{ name, type: 'A' }]))
    await prober.probe([WWW], undefined, undefined, { urgent: true })
    expect(source.asked.at(-1)).toEqual(WWW)
    await Promise.all(ordinary)
    expect(source.asked.map(({ name }) => name)).toEqual([...names.slice(0, 5), WWW.name, ...names.slice(5)])
  })

  test('drops what waits for its turn with an aborted probe alone, and keeps what another joined', async () => {
    const source = new ScriptedSource()
    const prober = new Prober({ vantages: [slow('v', source, 0.001)], clock: new HandClock() })
    await prober.probe([{ ...WWW, type: 'NS' }])
    const leaving = new AbortController()
    const both = prober.probe([WWW, FTP], leaving.signal)
    const joined = new AbortController()
    const one = prober.probe([FTP], joined.signal)
    const waits = prober.backlogMs()
    leaving.abort(new Error('first'))
    await expect(both).rejects.toThrow('first')
    // One turn of a thousand seconds fewer.
    expect(Math.round((waits - prober.backlogMs()) / 1_000_000)).toBe(1)
    joined.abort(new Error('second'))
    await expect(one).rejects.toThrow('second')
    expect(Math.round((waits - prober.backlogMs()) / 1_000_000)).toBe(2)
    expect(source.asked).toHaveLength(1)
  })
})

/** What keeps the process alive: the timers of questions, TCP connections. */
function holding(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'TCPSocketWrap')
}

describe('an aborted round', () => {
  test('rejects with the reason, and its questions are asked anew by the next', async () => {
    const { servers, prober } = await stage(silent, silent)
    const controller = new AbortController()
    const probing = prober.probe([WWW, FTP], controller.signal)
    await Promise.all(servers.map((server) => server.heard(2)))
    const reason = new Error('shutting down')
    controller.abort(reason)
    await expect(probing).rejects.toBe(reason)
    for (const server of servers) server.behaviour = always({})
    expect(await prober.probe([WWW])).toMatchObject([{ outcome: 'nodata' }, { outcome: 'nodata' }])
    expect(servers.map((server) => server.asked.length)).toEqual([3, 3])
  })

  test('ends with all the others that have the same signal, and with no round that has another', async () => {
    const { servers, prober } = await stage(silent)
    const shared = new AbortController()
    const other = new AbortController()
    const ending = [prober.probe([WWW], shared.signal), prober.probe([FTP], shared.signal)]
    const staying = prober.probe([{ ...WWW, type: 'NS' }], other.signal)
    await servers[0]!.heard(3)
    shared.abort(new Error('shutting down'))
    for (const round of await Promise.allSettled(ending)) expect(round.status).toBe('rejected')
    answer(servers[0]!.asked[2]!, '192.0.2.1')
    expect(await staying).toMatchObject([{ outcome: 'nodata' }])
  })

  test('that was aborted before asks nothing', async () => {
    const { servers, prober } = await stage(silent)
    const reason = new Error('too late')
    await expect(prober.probe([WWW], AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(servers[0]?.asked).toEqual([])
  })

  test('leaves no question in flight, and no timer and no socket that holds the process', async () => {
    const { servers, prober, vantages } = await stage(silent)
    const controller = new AbortController()
    const questions = Array.from({ length: 100 }, (_, index): Question => ({
      name: `n${index}.example`,
      type: 'A',
    }))
    const probing = prober.probe(questions, controller.signal)
    await servers[0]!.heard(100)
    // Both counts in one turn of the event loop: the test runner has timers of its own.
    const during = holding().length
    expect(vantages[0]?.status().inFlight).toBe(100)
    controller.abort(new Error('enough'))
    const after = holding().length
    const inFlight = vantages[0]?.status().inFlight
    await expect(probing).rejects.toThrow('enough')
    expect(inFlight).toBe(0)
    // All time-outs share one timer.
    expect(during - after).toBe(1)
  })
})
