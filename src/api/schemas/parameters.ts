// Path and query parameters that several routes share.
import { Type } from '@fastify/type-provider-typebox'
import { VERDICT_NAMES } from '../../core/model/assessment.ts'
import { oneOf } from './described.ts'

export const DEFAULT_PAGE_LIMIT = 100

export const Limit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: DEFAULT_PAGE_LIMIT,
    description: 'Items on a page. A stream sends all pages and reads so many at a time.',
  }),
)

export const Cursor = Type.Optional(
  Type.String({ minLength: 1, maxLength: 2048, description: '`next` of the page before; opaque.' }),
)

/** A point in time in a query; momentOf reads it. */
export function momentParameter(meaning: string) {
  return Type.Optional(
    Type.String({
      maxLength: 40,
      description: `${meaning}: ISO 8601 (\`2026-11-22T12:00:00Z\`; without a zone it is UTC) or Unix seconds.`,
      examples: ['2026-11-22T12:00:00Z'],
    }),
  )
}

export const PageQuery = Type.Object({ cursor: Cursor, limit: Limit }, { additionalProperties: false })

export const ScanVerdictsQuery = Type.Object(
  {
    verdict: Type.Optional(oneOf(VERDICT_NAMES, 'Only domains with this verdict.')),
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

export const NoQuery = Type.Object({}, { additionalProperties: false })

export const ScanPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: 'The `id` that POST /v1/scans answered.' }),
})

export const DomainPath = Type.Object({
  domain: Type.String({
    minLength: 1,
    maxLength: 1024,
    description: 'A domain name in any form that POST /v1/scans takes.',
    examples: ['bad.example'],
  }),
})

export const WebhookPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: 'The id of the webhook.' }),
})

export const DeliveryPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: 'The id of the webhook.' }),
  delivery: Type.String({ minLength: 1, maxLength: 128, description: 'The id of the delivery.' }),
})
