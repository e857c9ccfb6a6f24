import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { NO_ENRICHMENT, parseEnrichmentCsv } from '../../../src/core/replay/enrichment-csv.ts'
import { replayResponses, ResponseGrouping } from '../../../src/core/replay/replay.ts'
import type { ReplayInput } from '../../../src/core/replay/replay.ts'
import { replayLine } from '../../../src/core/replay/replay-line.ts'
import { delegatesDomain, readResponse } from '../../../src/core/replay/response-rounds.ts'
import type { ReplayResponse } from '../../../src/core/replay/replay-line.ts'

interface RawRecord {
  name: string
  type: string
  ttl: number
  data: string
}
const a = (name: string, data: string, ttl = 180): RawRecord => ({ name, type: 'A', ttl, data })
const ns = (name: string, data: string): RawRecord => ({ name, type: 'NS', ttl: 86_400, data })
const alias = (name: string, data: string): RawRecord => ({ name, type: 'CNAME', ttl: 180, data })

function raw(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    domain: 'shop.example',
    at: '2026-11-22T00:00:00Z',
    vantage: '192.0.2.53',
    qname: 'shop.example',
    qtype: 'A',
    rcode: 'NOERROR',
    answer: [],
    authority: [],
    additional: [],
    ...changes,
  }
}
function read(changes: Record<string, unknown> = {}): ReplayResponse {
  const line = replayLine(JSON.stringify(raw(changes)), 1)
  if (line === null || !line.ok) throw new Error(`bad line: ${line?.reason}`)
  return line.response
}
const minute = (count: number) => new Date(Date.UTC(2026, 10, 22, 0, count)).toISOString()

describe('a line of the replay format', () => {
  it('is read with names in lower case, without the last dot, and canonical addresses', () => {
    const response = read({
      qname: 'WWW.Shop.Example.',
      answer: [
        alias('www.shop.example.', 'Shop.Example.'),
        { name: 'shop.example', type: 'aaaa', ttl: 1, data: '2A00:0::1' },
      ],
    })
    expect(response.qname).toBe('www.shop.example')
    expect(response.answer.map((record) => [record.type, record.data])).toEqual([
      ['CNAME', 'shop.example'],
      ['AAAA', '2a00::1'],
    ])
  })

  it('may carry other keys and records, and lack empty sections', () => {
    const { answer: _, authority: __, additional: ___, ...bare } = raw({ extra: { deep: 1 } })
    expect(replayLine(JSON.stringify(bare), 1)).toMatchObject({ ok: true })
    expect(read({ answer: [{ name: 'x', type: 'TXT', ttl: 1, data: 'v' }] }).answer).toHaveLength(1)
  })

  it.each([
    ['not JSON', '{"domain":'],
    ['not a JSON object', '[]'],
    ['`domain` is missing or no text', JSON.stringify(raw({ domain: 7 }))],
    ['`at` is no ISO 8601 time', JSON.stringify(raw({ at: 'yesterday' }))],
    ['`answer` is no list', JSON.stringify(raw({ answer: {} }))],
    ['`answer[0].ttl` is no number of seconds', JSON.stringify(raw({ answer: [a('x', '192.0.2.1', -1)] }))],
    ['`answer[0].data` is no address', JSON.stringify(raw({ answer: [a('x', '192.0.2.256')] }))],
    ['`additional[0]` is no record', JSON.stringify(raw({ additional: [null] }))],
  ])('is refused with its number and a reason: %s', (reason, text) => {
    expect(replayLine(text, 12)).toEqual({ ok: false, line: 12, reason })
  })

  it('is nothing when it is empty', () => {
    expect(replayLine('  ', 1)).toBeNull()
  })
})

const known = new Set(['ns1.dns.example'])
const zoneOfOwner = (owner: string) =>
  readResponse(read({ authority: [ns(owner, 'ns1.dns.example')] }), known).zone

describe('what a response says', () => {
  it('is about the domain also when a label under a wildcard was asked', () => {
    const reading = readResponse(
      read({
        qname: 'kwn.shop.example',
        answer: [alias('kwn.shop.example', 'shop.example'), a('shop.example', '61.1.0.1')],
      }),
      known,
    )
    expect(reading.host!.outcome).toBe('answer')
  })

  it.each([
    ['NXDOMAIN', 'nxdomain', undefined],
    ['SERVFAIL', 'failed', 'servfail'],
    ['TIMEOUT', 'failed', 'timeout'],
    ['YXRRSET', 'failed', 'rcode_other'],
    ['NOERROR', 'nodata', undefined],
  ])('is, without records and with %s, %s', (rcode, outcome, failure) => {
    const { host } = readResponse(read({ rcode }), known)
    expect([host!.outcome, host!.failure]).toEqual([outcome, failure])
  })

  it('holds the name servers of its own zone, not those of a CDN at the end of the alias, nor of the TLD', () => {
    expect(zoneOfOwner('shop.example')!.answer.map((record) => record.data)).toEqual(['ns1.dns.example'])
    expect(zoneOfOwner('l.cdn.example')).toBeNull()
    expect(zoneOfOwner('example')).toBeNull()
    expect(delegatesDomain('example.co.uk', 'www.example.co.uk')).toBe(true)
    expect(delegatesDomain('co.uk', 'www.example.co.uk')).toBe(false)
  })

  it('holds glue for known name servers only', () => {
    const reading = readResponse(
      read({ additional: [a('ns1.dns.example', '71.1.0.1'), a('other.example', '72.1.0.1')] }),
      known,
    )
    expect([...reading.nameServers.keys()]).toEqual(['ns1.dns.example'])
  })

  it('is about a name server when its name was asked', () => {
    const reading = readResponse(
      read({ qname: 'ns1.dns.example', answer: [a('ns1.dns.example', '71.1.0.1')] }),
      known,
    )
    expect(reading.host).toBeNull()
    expect(reading.nameServers.get('ns1.dns.example')!).toHaveLength(1)
  })
})

describe('the enrichment CSV', () => {
  it('maps addresses; an empty field is unknown', () => {
    const facts = parseEnrichmentCsv('ip,asn,country\r\n61.1.0.1,64500,us\n62.1.0.1,,\n2A00::1,64501,DE\n')
    expect(facts.factsOf('61.1.0.1')).toEqual({ asn: 64500, organisation: null, country: 'US' })
    expect(facts.factsOf('62.1.0.1')).toEqual({ asn: null, organisation: null, country: null })
    expect(facts.factsOf('2a00::1').asn).toBe(64501)
    expect(facts.factsOf('9.9.9.9').asn).toBeNull()
    expect([facts.hasAsn, facts.hasCountry]).toEqual([true, true])
    expect(parseEnrichmentCsv('ip,asn,country\n61.1.0.1,,US\n').hasAsn).toBe(false)
  })

  it.each([
    ['line 1: expected the header', 'address,asn\n'],
    ['line 2: `61.1.0` is no address', 'ip,asn,country\n61.1.0,1,US\n'],
    ['line 3: `AS1` is no AS number', 'ip,asn,country\n\n61.1.0.1,AS1,US\n'],
    ['line 2: `USA` is no country code', 'ip,asn,country\n61.1.0.1,1,USA\n'],
    ['line 2: more than three fields', 'ip,asn,country\n61.1.0.1,1,US,x\n'],
  ])('names the line that it cannot read: %s', (message, text) => {
    expect(() => parseEnrichmentCsv(text)).toThrow(message)
  })
})

/** 26 minutes of double flux: eight agents an answer, three of them replaced each five minutes, glue from the same pool. */
function doubleFlux(set?: string): string[] {
  return Array.from({ length: 26 }, (_, index) => {
    const step = Math.floor(index / 5) * 3
    const agent = (seat: number) => `${60 + ((step + seat) % 90)}.${step + seat}.0.9`
    return JSON.stringify(
      raw({
        ...(set === undefined ? {} : { set }),
        at: minute(index),
        answer: Array.from({ length: 8 }, (__, seat) => a('shop.example', agent(seat))),
        authority: [1, 2, 3, 4].map((server) => ns('shop.example', `ns${server}.dns.example`)),
        additional: [1, 2, 3, 4].map((server) => a(`ns${server}.dns.example`, agent(server * 2), 172_000)),
      }),
    )
  })
}
function csvFor(lines: readonly string[]): string {
  const addresses = new Set(lines.flatMap((line) => line.match(/\d+\.\d+\.0\.9/g) ?? []))
  return ['ip,asn,country', ...[...addresses].map((ip) => `${ip},${ip.split('.')[1]},US`)].join('\n')
}
function group(lines: readonly string[]): ReplayInput {
  const grouping = new ResponseGrouping()
  for (const line of lines) grouping.add(line)
  return grouping.finish()
}
function run(lines: readonly string[], enrichment = NO_ENRICHMENT): Record<string, unknown>[] {
  return [...replayResponses(group(lines), enrichment, DEFAULT_POLICY)].map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  )
}

describe('a replay', () => {
  const lines = doubleFlux()
  const facts = parseEnrichmentCsv(csvFor(lines))

  it('finds double flux and says after how many responses', () => {
    const [result] = run(lines, facts)
    expect(result).toMatchObject({
      domain: 'shop.example',
      verdict: 'flux',
      flux_type: 'double',
      responses: 26,
    })
    expect(result!['flagged_after']).toBeGreaterThanOrEqual(3)
    expect(result!['flagged_after']).toBeLessThanOrEqual(16)
    expect(Object.keys(result!).slice(0, 8)).toEqual([
      'domain',
      'verdict',
      'flux_type',
      'score',
      'responses',
      'flagged_after',
      'evidence',
      'context',
    ])
  })

  it('gives the same final line whatever the order of the lines', () => {
    const everyLine = fc.shuffledSubarray(lines, { minLength: lines.length })
    fc.assert(
      fc.property(everyLine, (shuffled) => {
        expect(run(shuffled, facts)).toEqual(run(lines, facts))
      }),
      { numRuns: 20 },
    )
  })

  it('counts a line that stands there again among the responses, and for nothing else', () => {
    const [{ responses: _, ...once }] = run(lines, facts) as [Record<string, unknown>]
    fc.assert(
      fc.property(fc.subarray(lines, { minLength: 1 }), (again) => {
        const [{ responses, ...twice }] = run([...again, ...lines], facts) as [Record<string, unknown>]
        expect(responses).toBe(lines.length + again.length)
        expect(twice).toEqual(once)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps the same domain of two recordings apart, and hands their names back', () => {
    const results = run([...doubleFlux('one'), ...doubleFlux('two').slice(0, 1)], facts)
    expect(results.map((one) => [one['set'], one['responses'], one['verdict']])).toEqual([
      ['one', 26, 'flux'],
      ['two', 1, 'pending'],
    ])
    expect(run(lines, facts)[0]).not.toHaveProperty('set')
  })

  it('of one response is pending, and of time-outs alone never flux', () => {
    expect(run(lines.slice(0, 1), facts)[0]).toMatchObject({ verdict: 'pending', flagged_after: null })
    const silent = Array.from({ length: 90 }, (_, index) =>
      JSON.stringify(raw({ at: minute(index), rcode: 'TIMEOUT' })),
    )
    expect(run(silent, facts)[0]).toMatchObject({
      verdict: 'unresolvable',
      flux_type: null,
      flagged_after: null,
    })
  })

  it('reports bad lines by number and goes on', () => {
    const input = group(['nonsense', lines[0]!, '', '{}'])
    expect(input.badLines.map((bad) => bad.line)).toEqual([1, 4])
    expect(input.domains).toHaveLength(1)
  })
})
