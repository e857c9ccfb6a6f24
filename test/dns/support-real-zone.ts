// The zone that every real server serves, and what fluxwatch must see of it, whoever serves it and over whatever.
import type { Question, QuestionType } from '../../src/core/dns/record.ts'

export const ORIGIN = 'real.example'

/** 2.8 kB: never in a datagram. BIND takes no more records of one type. */
const MANY = Array.from({ length: 100 }, (_, index) => `2001:db8::${(index + 1).toString(16)}`)

export const ZONE_TEXT = `${[
  `$ORIGIN ${ORIGIN}.`,
  '$TTL 300',
  '@ IN SOA ns1 admin 1 3600 600 86400 60',
  '@ IN NS ns1',
  '@ IN NS ns2',
  'ns1 IN A 192.0.2.53',
  'ns2 IN AAAA 2001:db8::53',
  'host IN A 192.0.2.1',
  'host IN A 192.0.2.2',
  'host IN AAAA 2001:db8:0:0:1::1',
  'alias IN CNAME host',
  'away IN CNAME www.elsewhere.example.',
  'ptr IN PTR host',
  'text IN TXT "one" "two \\"quoted\\" \\009"',
  '*.wild IN A 192.0.2.7',
  'a.ent IN A 192.0.2.9',
  ...MANY.map((address) => `many IN AAAA ${address}`),
].join('\n')}\n`

/** Relative name, type, and the outcome with the data of the answer in alphabetical order. */
const EXPECTED: readonly (readonly [string, QuestionType, string])[] = [
  ['host', 'A', 'answer A 192.0.2.1, A 192.0.2.2'],
  ['host', 'AAAA', 'answer AAAA 2001:db8::1:0:0:1'],
  ['alias', 'A', `answer A 192.0.2.1, A 192.0.2.2, CNAME host.${ORIGIN}`],
  ['away', 'CNAME', 'answer CNAME www.elsewhere.example'],
  ['', 'NS', `answer NS ns1.${ORIGIN}, NS ns2.${ORIGIN}`],
  ['', 'SOA', `answer SOA ns1.${ORIGIN} admin.${ORIGIN} 1 3600 600 86400 60`],
  ['ptr', 'PTR', `answer PTR host.${ORIGIN}`],
  ['text', 'TXT', String.raw`answer TXT "one" "two \"quoted\" \009"`],
  ['any.wild', 'A', 'answer A 192.0.2.7'],
  [
    'many',
    'AAAA',
    `answer ${MANY.map((address) => `AAAA ${address}`)
      .toSorted()
      .join(', ')}`,
  ],
  ['none', 'A', 'nxdomain'],
  ['host', 'TXT', 'nodata'],
  ['ent', 'A', 'nodata'],
]

export const QUESTIONS: readonly Question[] = EXPECTED.map(([name, type]) => ({
  name: name === '' ? ORIGIN : `${name}.${ORIGIN}`,
  type,
}))

/** By question, in order. */
export const RIGHT: readonly string[] = EXPECTED.map(([, , told]) => told)
