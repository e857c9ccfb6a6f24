// Observations of every kind that the types allow, and some beyond: for the properties of the packed form.
import * as fc from 'fast-check'
import type { ResourceRecord } from '../../../src/core/dns/record.ts'
import type { FailureKind, Outcome } from '../../../src/core/dns/reply.ts'
import {
  storedObservations,
  type Observation,
  type StoredObservation,
} from '../../../src/core/model/observation.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  // Halves of surrogate pairs, which UTF-8 cannot hold.
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
)
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('www.evil.example', 'ns1.evil.example', 'evil.example', '') },
  { weight: 1, arbitrary: anyText },
)
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom(
    '192.0.2.1',
    '2001:db8::1',
    '2001:DB8::1',
    '::ffff:192.0.2.1',
    '192.0.2.01',
    'fe80::1%eth0',
  ),
)
const anyNumber = fc.double()
const type = fc.constantFrom('A', 'AAAA', 'NS', 'SOA', 'CNAME', 'TXT', 'TYPE65', 'HTTPS', 'answer', '')

const record: fc.Arbitrary<ResourceRecord> = plainRecord({
  name,
  type,
  ttlSeconds: fc.oneof(fc.nat({ max: 0xffff_ffff }), anyNumber),
  data: fc.oneof(address, name, anyText),
})
const section = fc.array(record, { maxLength: 4 })

const required = {
  at: fc.oneof(
    fc.nat({ max: 2_000_000_000 }).map((ms) => 1_770_000_000_000 + ms),
    anyNumber,
  ),
  vantage: fc.oneof(fc.constantFrom('quad9', 'google', 'direct'), anyText),
  qname: name,
  qtype: fc.constantFrom('A', 'AAAA', 'NS', 'SOA', 'CNAME', 'PTR', 'TXT'),
  outcome: fc.constantFrom<Outcome>('answer', 'nodata', 'nxdomain', 'failed'),
  rcode: fc.constantFrom('NOERROR', 'NXDOMAIN', 'SERVFAIL', 'TIMEOUT', 'BADVERS', 'RCODE3841'),
  rttMs: fc.oneof(
    fc.nat({ max: 5_000_000 }).map((micros) => micros / 1000),
    anyNumber,
  ),
  answer: section,
  authority: section,
  additional: section,
} as const

const optional = {
  failure: fc.constantFrom<FailureKind>('timeout', 'servfail', 'lame', 'opted_out'),
  authoritative: fc.boolean(),
  clientSubnetScope: fc.nat({ max: 128 }),
  extendedErrors: fc.array(plainRecord({ code: fc.nat({ max: 65_535 }), text: anyText }), { maxLength: 3 }),
  server: plainRecord({ name, address: fc.oneof(address, anyText) }),
  side: fc.constantFrom('parent', 'child'),
  freshness: fc.constantFrom('fresh', 'cached'),
} as const

const observation: fc.Arbitrary<Observation> = fc.record(
  { ...required, ...optional },
  { requiredKeys: Object.keys(required) as (keyof typeof required)[], noNullPrototype: true },
)

/** Rows of one round as the probe leaves them; ids follow from the rest. */
const roundRows = fc
  .record({
    target: fc.record({ kind: fc.constantFrom('host', 'zone'), name }),
    number: fc.nat({ max: 100_000 }),
    startedAt: fc.oneof(
      fc.nat({ max: 2_000_000_000 }).map((ms) => 1_770_000_000_000 + ms),
      anyNumber,
    ),
    observations: fc.array(observation, { maxLength: 6 }),
  })
  .map(storedObservations)

/** Rows whose ids follow from nothing. */
const oddRows = fc.array(
  fc
    .tuple(observation, anyText, fc.constantFrom('host:www.evil.example', 'zone:evil.example'), fc.nat())
    .map(([seen, id, target, round]): StoredObservation => ({ ...seen, id, target, round })),
  { maxLength: 3 },
)

/** The rows of a batch: any number of rounds, in any order, some of them twice. */
export const arbitraryRows: fc.Arbitrary<StoredObservation[]> = fc
  .array(fc.oneof({ weight: 4, arbitrary: roundRows }, { weight: 1, arbitrary: oddRows }), { maxLength: 4 })
  .chain((rounds) =>
    fc.constantFrom(rounds.flat(), [...rounds, ...rounds].flat(), rounds.flat().toReversed()),
  )

function plainRecord<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true })
}
