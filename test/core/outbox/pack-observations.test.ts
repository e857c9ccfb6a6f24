import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  storedObservations,
  type Observation,
  type StoredObservation,
} from '../../../src/core/model/observation.ts'
import { KNOWN_AFTER, KNOWN_WORDS, SEEN_AFTER } from '../../../src/core/outbox/known-words.ts'
import { packObservations } from '../../../src/core/outbox/pack-observations.ts'
import { OUTCOME_BITS, OUTCOMES } from '../../../src/core/outbox/row-shape.ts'
import { unpackObservations } from '../../../src/core/outbox/unpack-observations.ts'
import { arbitraryRows } from './arbitrary-rows.ts'

const START = 1_770_000_000_000

/** Three vantages, A with one address and AAAA without, as the service's own round of a stable name. */
function commonRound(host: string, number: number): StoredObservation[] {
  const observations = (['A', 'AAAA'] as const).flatMap((qtype) =>
    ['quad9', 'google', 'cloudflare'].map((vantage, place): Observation => ({
      at: START + 20 + place * 7,
      vantage,
      qname: host,
      qtype,
      outcome: qtype === 'A' ? 'answer' : 'nodata',
      rcode: 'NOERROR',
      rttMs: 20.123 + place * 7,
      answer: qtype === 'A' ? [{ name: host, type: 'A', ttlSeconds: 300 - place, data: '198.51.100.7' }] : [],
      authority: [],
      additional: [],
      authoritative: false,
      ...(qtype === 'A' ? { freshness: 'fresh' } : {}),
    })),
  )
  return storedObservations({ target: { kind: 'host', name: host }, number, startedAt: START, observations })
}

describe('packed observations', () => {
  it('stand byte for byte as the form says', () => {
    const [row] = storedObservations({
      target: { kind: 'host', name: 'a.example' },
      number: 3,
      startedAt: 36,
      observations: [
        {
          at: 38,
          vantage: 'v1',
          qname: 'a.example',
          qtype: 'A',
          outcome: 'answer',
          rcode: 'NOERROR',
          rttMs: 0.1,
          answer: [{ name: 'a.example', type: 'A', ttlSeconds: 60, data: '192.0.2.1' }],
          authority: [],
          additional: [],
          authoritative: false,
          freshness: 'fresh',
        },
      ],
    })
    expect(row!.id).toBe('host:a.example/3@10/v1/a.example/A')
    const bytes = packObservations([row!])
    const parts = [
      [1, 1], // version, rows
      [0b1011_0100, 1], // an answer, fresh, of a new round, not authoritative
      [1, 0, 9, ...Buffer.from('a.example')], // a host whose start is known; its name, in full: text 64
      [4, 37], // round 3, started at 36; each one more than it is
      [4], // 2 ms later, signed
      [0, 2, ...Buffer.from('v1')], // the vantage, in full: text 65
      [64, 4], // a.example, A
      [100], // µs
      [1, 64, 4, 61], // one record: a.example, A, TTL
      [2, 192, 0, 2, 1], // an IPv4 address, in full
    ]
    expect([...bytes]).toEqual(parts.flat())
    expect(unpackObservations(bytes)).toStrictEqual([row])
  })

  it('take less than a tenth of the JSON: 6 observations of one name in fewer than 150 bytes', () => {
    const rows = commonRound('www.shop-0815.example', 12)
    expect(JSON.stringify(rows).length).toBeGreaterThan(2000)
    expect(packObservations(rows).length).toBeLessThan(150)
    expect(unpackObservations(packObservations(rows))).toStrictEqual(rows)
  })

  it('of several targets share what repeats', () => {
    const rounds = ['a.example', 'b.example', 'c.example'].map((host, index) => commonRound(host, index + 1))
    const together = packObservations(rounds.flat())
    const alone = rounds.map((rows) => packObservations(rows).length)
    expect(together.length).toBeLessThan(alone.reduce((sum, length) => sum + length, 0) - 50)
    expect(unpackObservations(together)).toStrictEqual(rounds.flat())
  })

  it('come back equal, whatever is in them', () => {
    fc.assert(
      fc.property(arbitraryRows, (rows) => {
        expect(unpackObservations(packObservations(rows))).toStrictEqual(rows)
      }),
      { numRuns: 500 },
    )
  })

  it('keep ids of every form', () => {
    const [first, second] = commonRound('a.example', 1)
    const ids = [
      first!.id,
      `${first!.id}/2`,
      first!.id.replace('@', '@0'),
      first!.id.replace('/1@', '/2@'),
      `${first!.target}/1@`,
      `${first!.target}/1@/quad9/a.example/A`,
      `${first!.target}/1@zzzzzzzzzzzzzzzz/quad9/a.example/A`,
      `${first!.target}/1@NaN/quad9/a.example/A`,
      second!.id,
      '',
    ]
    const rows = ids.map((id) => ({ ...first!, id }))
    expect(unpackObservations(packObservations(rows))).toStrictEqual(rows)
  })

  it('do not depend on what lies behind them: a part of a larger memory is read', () => {
    const rows = commonRound('a.example', 1)
    const packed = packObservations(rows)
    const memory = new Uint8Array(packed.length + 20).fill(255)
    memory.set(packed, 7)
    expect(unpackObservations(memory.subarray(7, 7 + packed.length))).toStrictEqual(rows)
  })

  it('are refused with an Error when any bytes are missing at the end', () => {
    const whole = packObservations(commonRound('a.example', 1))
    const refusals = Array.from(whole, (_byte, length) => errorOrRows(whole.subarray(0, length)))
    expect(refusals).toEqual(refusals.map(() => new Error('The bytes end too soon')))
    expect(refusals).toHaveLength(whole.length)
    fc.assert(
      fc.property(arbitraryRows, fc.nat(), (rows, cut) => {
        const packed = packObservations(rows)
        const told = errorOrRows(packed.subarray(0, cut % packed.length))
        expect(told).toEqual(new Error('The bytes end too soon'))
      }),
      { numRuns: 300 },
    )
  })

  it('are refused when bytes are left over', () => {
    const packed = packObservations(commonRound('a.example', 1))
    expect(() => unpackObservations(Buffer.concat([packed, Buffer.of(0)]))).toThrow(
      'The observations end before the bytes do',
    )
  })

  it('that are damaged bring rows or an Error, and always an end', () => {
    const packed = packObservations(commonRound('a.example', 1))
    const damage = fc.array(fc.tuple(fc.nat({ max: packed.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Buffer.from(packed)
        for (const [at, byte] of changes) bytes[at] = byte
        expect(errorOrRows(bytes)).toSatisfy((told) => Array.isArray(told) || told instanceof Error)
      }),
      { numRuns: 1000 },
    )
    // A number that never ends.
    expect(errorOrRows(Buffer.alloc(400, 128).fill(1, 0, 1))).toBeInstanceOf(Error)
  })

  it('of another version are refused by name', () => {
    expect(() => unpackObservations(Buffer.of(2, 0))).toThrow('Expected observations of version 1, got 2')
  })
})

describe('the vocabulary of the form', () => {
  it('gives each outcome its own two bits', () => {
    expect(OUTCOMES.map((outcome) => OUTCOME_BITS[outcome])).toEqual([0, 1, 2, 3])
  })

  it('knows each word once, and no more words than there are numbers', () => {
    expect(new Set(KNOWN_WORDS).size).toBe(KNOWN_WORDS.length)
    expect(KNOWN_AFTER + KNOWN_WORDS.length).toBeLessThanOrEqual(SEEN_AFTER)
    expect(KNOWN_WORDS.slice(0, 3)).toEqual(['A', 'AAAA', 'NS'])
  })
})

function errorOrRows(bytes: Uint8Array): unknown {
  try {
    return unpackObservations(bytes)
  } catch (error) {
    return error
  }
}
