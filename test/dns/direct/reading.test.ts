// One reply each, and what it means when a server of the zone site.com gives it to a question for www.sub.site.com A.
import { describe, expect, it } from 'vitest'
import type { Reply } from '../../../src/core/dns/reply.ts'
import { readReply } from '../../../src/dns/direct/reading.ts'
import { recordOf } from './scripted-internet.ts'

const QUESTION = { name: 'www.sub.site.com', type: 'A' } as const
const SOA = 'hostmaster 1 2 3 4 5'

interface Said {
  readonly aa?: boolean
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  readonly nxdomain?: boolean
  readonly failure?: Reply['failure']
  readonly rcode?: string
}

function read(said: Said) {
  const { aa = false, answer = [], authority = [], additional = [], nxdomain = false, failure } = said
  const reply: Reply = {
    outcome: failure ? 'failed' : nxdomain ? 'nxdomain' : answer.length > 0 ? 'answer' : 'nodata',
    ...(failure && { failure }),
    rcode: said.rcode ?? (nxdomain ? 'NXDOMAIN' : 'NOERROR'),
    rttMs: 1,
    transport: 'udp',
    attempts: 1,
    answer: answer.map(recordOf),
    authority: authority.map(recordOf),
    additional: additional.map(recordOf),
    authoritative: aa,
  }
  return readReply(reply, QUESTION, 'site.com')
}

describe('a referral', () => {
  const referral = { authority: ['sub.site.com 60 NS ns.sub.site.com'] }
  const toSub = {
    kind: 'referral',
    delegation: {
      zone: 'sub.site.com',
      nameServers: [{ name: 'ns.sub.site.com', ttlSeconds: 60, glue: [] }],
    },
  }

  it.each<[string, Said]>([
    ['to a zone on the way to the name', referral],
    ['with the AA bit, which some servers set', { ...referral, aa: true }],
    [
      'with the glue in the answer, without authority',
      { ...referral, answer: ['www.sub.site.com 60 A 192.0.2.1'] },
    ],
  ])('is one %s', (_what, said) => {
    expect(read(said)).toEqual(toSub)
  })

  it.each<[string, Said]>([
    ['to the root', { authority: ['. 60 NS a.root-servers.net'] }],
    ['to the zone above', { authority: ['com 60 NS a.nic.com'] }],
    ['to the zone that was asked', { authority: ['site.com 60 NS ns1.site.com'] }],
    ['to another branch', { authority: ['mail.site.com 60 NS ns1.site.com'] }],
    ['to a name below the question', { authority: ['x.www.sub.site.com 60 NS ns1.site.com'] }],
  ])('is lame %s', (_where, said) => {
    expect(read(said)).toEqual({ kind: 'lame', reason: 'misdirected_referral' })
  })

  it('is lame upward with the AA bit too', () => {
    expect(read({ aa: true, authority: ['. 60 NS a.root-servers.net'] })).toEqual({
      kind: 'lame',
      reason: 'other_zone',
    })
  })
})

describe("a zone's own data", () => {
  it.each<[string, Said, object]>([
    [
      'an address',
      { aa: true, answer: ['www.sub.site.com 60 A 192.0.2.1'] },
      { kind: 'answer', deeperApex: null },
    ],
    [
      'an alias',
      { aa: true, answer: ['www.sub.site.com 60 CNAME x.org'] },
      { kind: 'answer', deeperApex: null },
    ],
    [
      'no such type',
      { aa: true, authority: [`site.com 60 SOA ${SOA}`] },
      { kind: 'nodata', deeperApex: null },
    ],
    [
      'no such name',
      { aa: true, nxdomain: true, authority: [`site.com 60 SOA ${SOA}`] },
      { kind: 'nxdomain', deeperApex: null },
    ],
    [
      'no such type, out of a zone below',
      { aa: true, authority: [`sub.site.com 60 SOA ${SOA}`] },
      { kind: 'nodata', deeperApex: 'sub.site.com' },
    ],
    [
      'an address out of a zone below',
      {
        aa: true,
        answer: ['www.sub.site.com 60 A 192.0.2.1'],
        authority: ['sub.site.com 60 NS ns.site.com'],
      },
      { kind: 'answer', deeperApex: 'sub.site.com' },
    ],
  ])('is read as such: %s', (_what, said, reading) => {
    expect(read(said)).toEqual(reading)
  })

  it.each<[string, Said, string]>([
    ['an answer without authority', { answer: ['www.sub.site.com 60 A 192.0.2.1'] }, 'not_authoritative'],
    ['NXDOMAIN without authority', { nxdomain: true }, 'not_authoritative'],
    ['nothing at all', {}, 'not_authoritative'],
    [
      'NXDOMAIN by the zone above',
      { aa: true, nxdomain: true, authority: [`com 60 SOA ${SOA}`] },
      'other_zone',
    ],
    ['no data by the root', { aa: true, authority: [`. 60 SOA ${SOA}`] }, 'other_zone'],
    ['REFUSED', { failure: 'refused', rcode: 'REFUSED' }, 'refused'],
    ['SERVFAIL', { failure: 'servfail', rcode: 'SERVFAIL' }, 'servfail'],
    ['NOTAUTH', { failure: 'rcode_other', rcode: 'NOTAUTH' }, 'notauth'],
  ])('is not what a lame server gives: %s', (_what, said, reason) => {
    expect(read(said)).toEqual({ kind: 'lame', reason })
  })

  it.each(['timeout', 'formerr', 'notimp', 'malformed', 'network', 'throttled', 'opted_out'] as const)(
    'is not there after %s, which makes nobody lame',
    (failure) => {
      expect(read({ failure })).toEqual({ kind: 'failed', failure })
    },
  )
})
