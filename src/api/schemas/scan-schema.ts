// Submitting domains and following a scan.
import { Type, type Static } from '@fastify/type-provider-typebox'
import { VERDICT_NAMES, type VerdictName } from '../../core/model/assessment.ts'
import { ALL_EVENT_TYPES } from '../../core/model/event.ts'
import { instant, Links, nullable, oneOf } from './described.ts'

export const DEFAULT_WATCH_FOR_SECONDS = 86_400

export const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 16,
  description: 'Labels of your own, kept with the scan and its domains.',
  examples: [['phishing-feed']],
})

const watchForOptions = {
  minimum: 60,
  maximum: 2_592_000,
  default: DEFAULT_WATCH_FOR_SECONDS,
  description: 'How long to watch the domains, in seconds. Default a day, at most 30 days.',
}

const intervalDescription =
  'Seconds between two probe rounds of a domain, at least the minimum of the service (30 unless configured): the scan shows what is kept. Null or absent: the scheduler decides, which finds most with fewest queries.'

const EventNames = Type.Array(oneOf(ALL_EVENT_TYPES, 'An event type.'), {
  minItems: 1,
  maxItems: ALL_EVENT_TYPES.length,
  uniqueItems: true,
  description:
    'Which events to send. Default: all; of a scan’s webhook all but `network.changed`, which concerns no scan and is sent to webhooks for everything only. A test is sent whether `endpoint.test` is among them or not.',
})

export const WebhookRequest = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: 2048,
      description:
        'Where to POST events. Addresses inside of private networks are refused unless configured.',
      examples: ['https://soc.example/hooks/fluxwatch'],
    }),
    secret: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: '`whsec_` + base64 of 24–64 bytes. Default: one is made.',
      }),
    ),
    events: Type.Optional(EventNames),
  },
  { $id: 'WebhookRequest', additionalProperties: false, description: 'Where to send which events.' },
)

/** The body of a JSON submission. `maxDomains` is configurable; the contract's number is 10 000. */
export function scanRequest(maxDomains: number) {
  return Type.Object(
    {
      domains: Type.Array(
        // No `type` for the validator: one bad item must not fail the batch. The contract says string, see openapi.ts.
        Type.Unknown({ description: 'Unicode or A-labels, any case; refanged forms are understood.' }),
        {
          minItems: 1,
          maxItems: maxDomains,
          description: 'The domains to watch.',
          examples: [['bad.example']],
        },
      ),
      tags: Type.Optional(Tags),
      watch_for: Type.Optional(Type.Integer(watchForOptions)),
      interval: Type.Optional(
        Type.Unsafe<number | null>({
          type: ['integer', 'null'],
          minimum: 10,
          maximum: 86_400,
          description: intervalDescription,
        }),
      ),
      webhook: Type.Optional(Type.Ref('WebhookRequest')),
    },
    { $id: 'ScanRequest', additionalProperties: false, description: 'Domains to watch, and how.' },
  )
}

export interface ScanRequestBody {
  readonly domains: readonly unknown[]
  readonly tags?: readonly string[]
  readonly watch_for?: number
  readonly interval?: number | null
  readonly webhook?: Static<typeof WebhookRequest>
}

/** The same options for bodies that have no place for them. */
export const ScanQuery = Type.Object(
  {
    tags: Type.Optional(Tags),
    // Without the default: whether it was given must be seen.
    watch_for: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 2_592_000, description: watchForOptions.description }),
    ),
    interval: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400, description: intervalDescription })),
  },
  { additionalProperties: false },
)

export const RejectedDomain = Type.Object(
  {
    index: Type.Integer({ description: 'Which: place in `domains`, or line of the upload; the first is 0.' }),
    input: Type.String({ description: 'What was sent, cut at 256 characters.' }),
    code: Type.String({ description: 'Why, for programs.', examples: ['ip_address'] }),
    reason: Type.String({ description: 'Why, for people.' }),
  },
  { $id: 'RejectedDomain', description: 'An item that cannot be watched.' },
)

export const RefangedDomain = Type.Object(
  {
    index: Type.Integer({ description: 'Which: place in `domains`, or line of the upload; the first is 0.' }),
    input: Type.String({
      description: 'What was sent, cut at 256 characters.',
      examples: ['hxxp://bad[.]example/x'],
    }),
    domain: Type.String({ description: 'What is watched.', examples: ['bad.example'] }),
  },
  { $id: 'RefangedDomain', description: 'An item that was not written as a plain domain name.' },
)

export const ScanAccepted = Type.Object(
  {
    id: Type.String({ description: 'The id of the scan.' }),
    accepted: Type.Integer({ description: 'Distinct domains in the scan.' }),
    duplicates: Type.Integer({ description: 'Items that repeat a domain of the same request.' }),
    rejected: Type.Array(Type.Ref('RejectedDomain'), {
      description: 'Items that cannot be watched. Of an NDJSON upload the first 1000.',
    }),
    rejected_total: Type.Integer({ description: 'How many were rejected, listed or not.' }),
    refanged: Type.Array(Type.Ref('RefangedDomain'), {
      description: 'Items that were refanged. Of an NDJSON upload the first 1000.',
    }),
    webhook: Type.Optional(
      Type.Object({
        id: Type.String({ description: 'The id of the webhook.' }),
        secret: Type.String({ description: 'Signs the events. Shown here and never again.' }),
      }),
    ),
    links: Links,
  },
  { $id: 'ScanAccepted', description: 'What became of a submission.' },
)

export const ScanSchema = Type.Object(
  {
    id: Type.String({ description: 'The id of the scan.' }),
    state: oneOf(
      ['running', 'completed', 'cancelled'] as const,
      'Completed: every domain has a verdict or is past its watch.',
    ),
    created_at: instant('When it was submitted.'),
    ended_at: nullable(instant('A time.'), 'When it was completed or cancelled.'),
    tags: Type.Array(Type.String()),
    watch_for: Type.Integer({ description: 'Seconds.' }),
    interval: nullable(Type.Integer(), 'Seconds; null: the scheduler decides.'),
    domains: Type.Integer({ description: 'Domains in the scan.' }),
    verdicts: Type.Unsafe<Record<VerdictName, number>>(
      Type.Object(Object.fromEntries(VERDICT_NAMES.map((name) => [name, Type.Integer()])), {
        description: 'Domains by verdict.',
      }),
    ),
    progress: Type.Object(
      {
        settled: Type.Integer({
          description:
            'Domains that have had a verdict other than `pending` (one that became `pending` again counts), or whose watch is over.',
        }),
        total: Type.Integer({ description: 'Domains in the scan.' }),
        ratio: Type.Number({ minimum: 0, maximum: 1, description: '`settled` / `total`.' }),
      },
      { description: 'How far it is.' },
    ),
    poll_after_ms: nullable(
      Type.Integer(),
      'When asking again makes sense, in milliseconds; null when it has ended.',
    ),
    links: Links,
  },
  { $id: 'Scan', description: 'A submission and how far it is.' },
)
