// The record of what was seen: what one vantage answered to one question at one time.
import { Type } from '@fastify/type-provider-typebox'
import type { FailureKind, Outcome } from '../../core/dns/reply.ts'
import type { QuestionType } from '../../core/dns/record.ts'
import type { Freshness } from '../../core/model/observation.ts'
import { instant, nullable, oneOf, pageSchema } from './described.ts'
import { Cursor, Limit, momentParameter } from './parameters.ts'

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
  'lame',
  'unreachable_zone',
  'network',
  'http_error',
  'vantage_down',
  'throttled',
  'opted_out',
] as const satisfies readonly FailureKind[]
const FRESHNESS = ['fresh', 'cached'] as const satisfies readonly Freshness[]
const SIDES = ['parent', 'child'] as const

export const ObservationQueryString = Type.Object(
  {
    from: momentParameter('From this time on'),
    to: momentParameter('Before this time'),
    vantage: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Only what this vantage, or this sensor (`sensor:<name>`), saw.',
      }),
    ),
    type: Type.Optional(oneOf(QUESTION_TYPES, 'Only questions of this type.')),
    every: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 31_622_400,
        description:
          'Thinned, for plotting: of each target the first round in each window of so many seconds. Windows begin at multiples of it since 1970 (`3600`: at each full hour, UTC).',
        examples: [3600],
      }),
    ),
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

export const ExtendedErrorSchema = Type.Object(
  {
    code: Type.Integer({ description: 'INFO-CODE.' }),
    text: Type.String({ description: 'EXTRA-TEXT; often empty.' }),
  },
  { $id: 'ExtendedError', description: 'An extended DNS error (RFC 8914) of a reply.' },
)

export const AuthorityServerSchema = Type.Object(
  {
    name: Type.String({ description: 'The server’s name, as the delegation lists it.' }),
    address: Type.String({ description: 'The address that was asked.' }),
  },
  { $id: 'AuthorityServer', description: 'An authority that the `direct` vantage asked.' },
)

export const ObservationSchema = Type.Object(
  {
    id: Type.String(),
    at: instant('When the reply, or the time-out, was there.'),
    target: Type.String({ description: '`host:<name>` or `zone:<name>`: the series it belongs to.' }),
    round: Type.Integer({ description: 'Number of the probe round of the target; 0 of a sensor.' }),
    vantage: Type.String({ examples: ['quad9', 'sensor:office'] }),
    qname: Type.String(),
    qtype: oneOf(QUESTION_TYPES, 'What was asked.'),
    outcome: oneOf(OUTCOMES, 'What came of it.'),
    failure: nullable(oneOf(FAILURES, 'Why.'), 'Why it failed; null when it did not.'),
    rcode: Type.String({ examples: ['NOERROR', 'TIMEOUT'] }),
    rtt_ms: Type.Number({ description: 'Milliseconds.' }),
    answer: Type.Array(Type.Ref('ResourceRecord')),
    authority: Type.Array(Type.Ref('ResourceRecord')),
    additional: Type.Array(Type.Ref('ResourceRecord')),
    freshness: nullable(
      oneOf(FRESHNESS, 'Fresh or cached.'),
      'Whether the answer can be a new one (`fresh`) or must be a copy out of the resolver’s cache that the vantage showed before (`cached`); null for failures and negative answers.',
    ),
    authoritative: nullable(Type.Boolean(), 'The AA bit of the reply; null when nothing came.'),
    client_subnet_scope: nullable(
      Type.Integer({ minimum: 0, maximum: 255 }),
      'SCOPE PREFIX-LENGTH of the client subnet in the reply (RFC 7871); null when none came back.',
    ),
    extended_errors: Type.Array(Type.Ref('ExtendedError')),
    server: nullable(
      Type.Ref('AuthorityServer'),
      'The authority that was asked; null for what a resolver answered.',
    ),
    side: nullable(
      oneOf(SIDES, 'The side of the zone cut.'),
      'On which side of the zone cut the authority answered: the `parent` that delegates the zone, or the zone itself (`child`); null for what a resolver answered.',
    ),
    told: nullable(
      Type.Object({
        first_seen: instant('The first of them; `at` is the last.'),
        count: Type.Integer({ description: 'How often.' }),
      }),
      'Only of a sensor that tells sums (passive-DNS COF): how often it had this answer, and since when.',
    ),
  },
  {
    $id: 'Observation',
    description: 'What one vantage answered to one question at one time; never a judgement.',
  },
)

export const ObservationPage = pageSchema(
  'ObservationPage',
  'Observation',
  'A page of observations, oldest first.',
)
