// The record of what was seen: what one vantage answered to one question at one time.
import { Type } from '@fastify/type-provider-typebox'
import type { FailureKind, Outcome } from '../../core/dns/reply.ts'
import type { QuestionType } from '../../core/dns/record.ts'
import { instant, Links, nullable, oneOf } from './described.ts'
import { Cursor, Limit } from './parameters.ts'

export const QUESTION_TYPES = [
  'A',
  'AAAA',
  'NS',
  'SOA',
  'CNAME',
  'PTR',
  'TXT',
] as const satisfies readonly QuestionType[]
const OUTCOMES = ['answer', 'nodata', 'nxdomain', 'failed'] as const satisfies readonly Outcome[]
const FAILURES = [
  'timeout',
  'servfail',
  'refused',
  'formerr',
  'notimp',
  'rcode_other',
  'malformed',
  'tcp_failed',
  'network',
  'vantage_down',
  'throttled',
] as const satisfies readonly FailureKind[]

const momentForms = 'ISO 8601 (`2026-11-22T12:00:00Z`; without a zone it is UTC) or Unix seconds'

export const ObservationQueryString = Type.Object(
  {
    from: Type.Optional(Type.String({ maxLength: 40, description: `From this time on: ${momentForms}.` })),
    to: Type.Optional(Type.String({ maxLength: 40, description: `Before this time: ${momentForms}.` })),
    vantage: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'Only what this vantage saw.' }),
    ),
    type: Type.Optional(oneOf(QUESTION_TYPES, 'Only questions of this type.')),
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

export const ResourceRecordSchema = Type.Object(
  {
    name: Type.String({ description: 'Owner, lower case, without the trailing dot.' }),
    type: Type.String({ examples: ['A'] }),
    ttl_s: Type.Integer({
      description: 'The TTL in the packet; through a resolver mostly counted down already.',
    }),
    data: Type.String({ description: 'Presentation form (RFC 1035, section 5.1).', examples: ['192.0.2.7'] }),
  },
  { $id: 'ResourceRecord', description: 'A resource record as a response carried it.' },
)

export const ObservationSchema = Type.Object(
  {
    id: Type.String(),
    at: instant('When the reply, or the time-out, was there.'),
    target: Type.String({ description: '`host:<name>` or `zone:<name>`: the series it belongs to.' }),
    round: Type.Integer({ description: 'Number of the probe round of the target.' }),
    vantage: Type.String({ examples: ['quad9'] }),
    qname: Type.String(),
    qtype: oneOf(QUESTION_TYPES, 'What was asked.'),
    outcome: oneOf(OUTCOMES, 'What came of it.'),
    failure: nullable(oneOf(FAILURES, 'Why.'), 'Why it failed; null when it did not.'),
    rcode: Type.String({ examples: ['NOERROR', 'TIMEOUT'] }),
    rtt_ms: Type.Number({ description: 'Milliseconds.' }),
    answer: Type.Array(Type.Ref('ResourceRecord')),
    authority: Type.Array(Type.Ref('ResourceRecord')),
    additional: Type.Array(Type.Ref('ResourceRecord')),
  },
  {
    $id: 'Observation',
    description: 'What one vantage answered to one question at one time; never a judgement.',
  },
)

export const ObservationPage = Type.Object(
  {
    items: Type.Array(Type.Ref('Observation')),
    next: nullable(Type.String(), 'The cursor of the next page; null on the last.'),
    links: Links,
  },
  { $id: 'ObservationPage', description: 'A page of observations, oldest first.' },
)
