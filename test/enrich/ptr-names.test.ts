import { once, EventEmitter } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { Question, ResourceRecord } from '../../src/core/dns/record.ts'
import type { Reply } from '../../src/core/dns/reply.ts'
import { PtrEnrichment } from '../../src/enrich/ptr-enrichment.ts'
import { PtrNames, type PtrOptions } from '../../src/enrich/ptr-names.ts'
import { ptrFinding } from '../../src/enrich/ptr-reply.ts'
import { reply } from '../dns/scripted-source.ts'

const HOUR_MS = 3_600_000

class HandClock implements Clock {
  ms = 1_800_000_000_000
  now(): number {
    return this.ms
  }
  async sleep(): Promise<void> {}
}

function ptr(data: string, ttlSeconds = 7200, name = '7.2.0.192.in-addr.arpa'): ResourceRecord {
  return { name, type: 'PTR', ttlSeconds, data }
}

/** A reverse DNS that answers what a test tells it, and says when it was asked. */
class ReverseDns {
  readonly asked: string[] = []
  readonly names = new Map<string, string>()
  readonly #events = new EventEmitter()
  /** What comes instead of the names. */
  instead: ((question: Question) => Promise<readonly Reply[]> | null) | null = null

  readonly ask = (question: Question): Promise<readonly Reply[]> | null => {
    const replies = this.instead === null ? this.#lookUp(question) : this.instead(question)
    this.asked.push(question.name)
    this.#events.emit('asked')
    return replies
  }

  /** Resolves once so many questions have come, and their replies are taken in. */
  async heard(count: number): Promise<void> {
    while (this.asked.length < count) await once(this.#events, 'asked')
    await new Promise((resolve) => setImmediate(resolve))
  }

  #lookUp({ name }: Question): Promise<readonly Reply[]> {
    const data = this.names.get(name)
    return Promise.resolve([
      data === undefined ? reply({ outcome: 'nxdomain', rcode: 'NXDOMAIN' }) : reply({ answer: [ptr(data)] }),
    ])
  }
}

const open: PtrNames[] = []
afterEach(() => {
  for (const names of open.splice(0)) names.close()
})

function stage(options: Partial<PtrOptions> = {}) {
  const dns = new ReverseDns()
  const clock = new HandClock()
  const names = new PtrNames({ ask: dns.ask, clock, qps: 1000, ...options })
  open.push(names)
  return { dns, clock, names }
}

describe('the name of an address', () => {
  test('is not known at first, is looked up behind, and is there the next time', async () => {
    const { dns, names } = stage()
    // The documentation prefixes are special-purpose, so the addresses here are ordinary ones.
    dns.names.set('7.7.31.93.in-addr.arpa', 'dsl-7.isp.example')
    expect(names.nameOf('93.31.7.7')).toBeUndefined()
    await dns.heard(1)
    expect(names.nameOf('93.31.7.7')).toBe('dsl-7.isp.example')
    expect(dns.asked).toEqual(['7.7.31.93.in-addr.arpa'])
    expect(names.status()).toEqual({ known: 1, wanted: 0, asked: 1, named: 1, failed: 0, dropped: 0 })
  })

  test('is null when there is none, and that is remembered too', async () => {
    const { dns, names } = stage()
    names.nameOf('2a00:1450::1')
    await dns.heard(1)
    expect([names.nameOf('2a00:1450::1'), names.nameOf('2a00:1450::1')]).toEqual([null, null])
    expect(dns.asked).toHaveLength(1)
  })

  test('is asked for once however often it is needed meanwhile', async () => {
    const answer = Promise.withResolvers<readonly Reply[]>()
    const { dns, names } = stage()
    dns.instead = () => answer.promise
    names.nameOf('93.31.7.7')
    names.nameOf('93.31.7.7')
    await dns.heard(1)
    names.nameOf('93.31.7.7')
    expect(names.status()).toMatchObject({ wanted: 0, asked: 1 })
    answer.resolve([reply({ answer: [ptr('a.example')] })])
    await answer.promise
    expect(names.nameOf('93.31.7.7')).toBe('a.example')
  })

  test('is looked up anew when its time is over, and the old one is told until then', async () => {
    const { dns, clock, names } = stage()
    dns.names.set('7.7.31.93.in-addr.arpa', 'old.example')
    names.nameOf('93.31.7.7')
    await dns.heard(1)
    dns.names.set('7.7.31.93.in-addr.arpa', 'new.example')
    clock.ms += 2 * HOUR_MS - 1
    expect(names.nameOf('93.31.7.7')).toBe('old.example')
    expect(names.status().wanted).toBe(0)
    clock.ms += 1
    expect(names.nameOf('93.31.7.7')).toBe('old.example')
    await dns.heard(2)
    expect(names.nameOf('93.31.7.7')).toBe('new.example')
  })

  test('stays what it was when a later look-up fails, and stays unknown when the first does', async () => {
    const { dns, clock, names } = stage()
    dns.names.set('7.7.31.93.in-addr.arpa', 'old.example')
    names.nameOf('93.31.7.7')
    await dns.heard(1)
    clock.ms += 3 * HOUR_MS
    dns.instead = async () => [reply({ outcome: 'failed', failure: 'servfail', rcode: 'SERVFAIL' })]
    names.nameOf('93.31.7.7')
    names.nameOf('93.31.7.8')
    await dns.heard(3)
    expect(names.nameOf('93.31.7.7')).toBe('old.example')
    expect(names.nameOf('93.31.7.8')).toBeUndefined()
    expect(names.status()).toMatchObject({ wanted: 0, failed: 2 })
  })

  test('of a look-up that rejects stays unknown, and the next one is asked', async () => {
    const { dns, names } = stage()
    dns.instead = async () => {
      throw new Error('closed')
    }
    names.nameOf('93.31.7.7')
    names.nameOf('93.31.7.8')
    await dns.heard(2)
    expect(names.nameOf('93.31.7.7')).toBeUndefined()
    expect(names.status()).toMatchObject({ asked: 2, failed: 2 })
  })
})

describe('what is never asked', () => {
  test.each(['10.0.0.1', '127.0.0.1', '192.0.2.7', 'fe80::1', '2001:db8::1', 'host.example', ''])(
    '%j, which nobody on the Internet has',
    (address) => {
      const { names } = stage()
      expect(names.nameOf(address)).toBeUndefined()
      expect(names.status().wanted).toBe(0)
    },
  )

  test('addresses that somebody asked us to leave alone', () => {
    const { names } = stage({ mayAsk: (address) => address !== '93.31.7.7' })
    names.nameOf('93.31.7.7')
    names.nameOf('93.31.7.8')
    expect(names.status().wanted).toBe(1)
  })

  test('an address that was left alone only while it waited', async () => {
    const leftAlone = new Set<string>()
    const { dns, names } = stage({ mayAsk: (address) => !leftAlone.has(address) })
    names.nameOf('93.31.7.7')
    names.nameOf('93.31.7.8')
    leftAlone.add('93.31.7.7')
    await dns.heard(1)
    expect(dns.asked).toEqual(['8.7.31.93.in-addr.arpa'])
    expect(names.status()).toMatchObject({ wanted: 0, asked: 1 })
  })

  test('anything after closing', async () => {
    const { dns, names } = stage()
    names.nameOf('93.31.7.7')
    names.close()
    names.nameOf('93.31.7.8')
    expect(names.status()).toMatchObject({ wanted: 0, asked: 0 })
    expect(dns.asked).toEqual([])
  })
})

describe('its bounds', () => {
  test('more than may wait are not taken in, and are counted', () => {
    const { names } = stage({ maxWanted: 2 })
    for (let last = 1; last <= 5; last++) names.nameOf(`93.31.7.${last}`)
    expect(names.status()).toMatchObject({ wanted: 2, dropped: 3 })
  })

  test('what was not needed for longest is forgotten first', async () => {
    const { dns, names } = stage({ maxKnown: 2 })
    names.nameOf('93.31.7.1')
    names.nameOf('93.31.7.2')
    await dns.heard(2)
    names.nameOf('93.31.7.1')
    names.nameOf('93.31.7.3')
    await dns.heard(3)
    expect(names.status().known).toBe(2)
    expect([names.nameOf('93.31.7.1'), names.nameOf('93.31.7.2')]).toEqual([null, undefined])
  })

  test('no more are in flight than may be, and a reply makes room', async () => {
    const replies: ((answer: readonly Reply[]) => void)[] = []
    const { dns, names } = stage({ maxInFlight: 2 })
    dns.instead = () => new Promise((resolve) => replies.push(resolve))
    for (let last = 1; last <= 3; last++) names.nameOf(`93.31.7.${last}`)
    await dns.heard(2)
    expect(names.status()).toMatchObject({ wanted: 1, asked: 2 })
    replies[0]?.([reply({ answer: [ptr('a.example')] })])
    await dns.heard(3)
    expect(names.status()).toMatchObject({ wanted: 0, asked: 3 })
  })

  test('while there is no room for it a question waits, and is not lost', async () => {
    const { dns, names } = stage()
    dns.instead = () => null
    names.nameOf('93.31.7.7')
    await dns.heard(3)
    expect(names.status()).toMatchObject({ wanted: 1, asked: 0 })
    dns.instead = null
    await dns.heard(4)
    expect(names.nameOf('93.31.7.7')).toBeNull()
    expect(new Set(dns.asked)).toEqual(new Set(['7.7.31.93.in-addr.arpa']))
  })
})

describe('what a reply says', () => {
  const SOA = 'ns.isp.example hostmaster.isp.example 1 7200 3600 1209600 86400'
  const soa = (ttlSeconds: number): ResourceRecord => ({
    name: '2.0.192.in-addr.arpa',
    type: 'SOA',
    ttlSeconds,
    data: SOA,
  })

  test.each<[string, Reply, string | null, number]>([
    ['one name', reply({ answer: [ptr('a.example', 10_000)] }), 'a.example', 10_000],
    [
      'several names: the first by alphabet, kept for the least TTL',
      reply({ answer: [ptr('b.example', 80_000), ptr('a.example', 9000)] }),
      'a.example',
      9000,
    ],
    [
      'a name behind a CNAME (RFC 2317)',
      reply({
        answer: [
          {
            name: '7.2.0.192.in-addr.arpa',
            type: 'CNAME',
            ttlSeconds: 1,
            data: '7.0-31.2.0.192.in-addr.arpa',
          },
          ptr('a.example', 9000, '7.0-31.2.0.192.in-addr.arpa'),
        ],
      }),
      'a.example',
      9000,
    ],
    [
      'a TTL of nought: kept for an hour all the same',
      reply({ answer: [ptr('a.example', 0)] }),
      'a.example',
      3600,
    ],
    ['a TTL of a week: a day', reply({ answer: [ptr('a.example', 604_800)] }), 'a.example', 86_400],
    ['the root as a name: none', reply({ answer: [ptr('')] }), null, 3600],
    ['NXDOMAIN with an SOA', reply({ outcome: 'nxdomain', authority: [soa(50_000)] }), null, 50_000],
    [
      'NODATA with an SOA whose minimum is less',
      reply({ outcome: 'nodata', authority: [soa(90_000)] }),
      null,
      86_400,
    ],
    ['NXDOMAIN without an SOA', reply({ outcome: 'nxdomain' }), null, 3600],
    ['SERVFAIL', reply({ outcome: 'failed', failure: 'servfail' }), null, 1800],
    ['a failure of our own', reply({ outcome: 'failed', failure: 'throttled' }), null, 60],
  ])('%s', (_, given, name, seconds) => {
    expect(ptrFinding(given)).toEqual({ name, keepMs: seconds * 1000 })
  })
})

describe('facts of an address', () => {
  const databases = {
    hasAsn: true,
    hasCountry: false,
    factsOf: () => ({ asn: 64_500, organisation: null, country: null }),
  }

  test('have the name as soon as it is known, and no field before', () => {
    const known = new Map<string, string | null>([
      ['93.31.7.7', 'a.example'],
      ['93.31.7.8', null],
    ])
    const enrichment = new PtrEnrichment(databases, { nameOf: (address) => known.get(address) })
    const facts = databases.factsOf()
    expect(enrichment.factsOf('93.31.7.7')).toEqual({ ...facts, ptr: 'a.example' })
    expect(enrichment.factsOf('93.31.7.8')).toEqual({ ...facts, ptr: null })
    expect(enrichment.factsOf('93.31.7.9')).toEqual(facts)
    expect([enrichment.hasAsn, enrichment.hasCountry]).toEqual([true, false])
  })
})
