// The one form of every error (RFC 9457).
import { Type, type Static } from '@fastify/type-provider-typebox'
import { ERROR_CATALOGUE, type ErrorCode } from '../../core/errors.ts'
import { oneOf } from './described.ts'
import type { RejectedDomain } from './scan-schema.ts'

export const ErrorDetailSchema = Type.Object(
  {
    pointer: Type.String({
      description:
        'Where: a JSON pointer into the body (`/domains/3`), or `/query/…`, `/path/…`, `/header/…` for what is not in the body.',
      examples: ['/watch_for', '/query/limit'],
    }),
    code: Type.String({ description: 'What, for programs.', examples: ['unknown_field'] }),
    detail: Type.String({ description: 'What, for people.' }),
  },
  { $id: 'ErrorDetail', description: 'One thing that is wrong with the request.' },
)

export const ProblemSchema = Type.Object(
  {
    type: Type.String({
      description: 'URL of the page that explains the code.',
      examples: ['/docs/errors#FLUX_INVALID'],
    }),
    title: Type.String({ description: 'The code in words; the same for every problem of this code.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What happened this time.' }),
    instance: Type.String({ description: 'The id of this request, as in X-Request-Id and in the log.' }),
    code: oneOf(Object.keys(ERROR_CATALOGUE) as ErrorCode[], 'Stable; programs decide by it.'),
    errors: Type.Optional(
      Type.Array(Type.Ref('ErrorDetail'), { description: 'Every single thing that is wrong.' }),
    ),
    rejected: Type.Optional(
      Type.Array(Type.Ref('RejectedDomain'), {
        description: 'With FLUX_NO_VALID_DOMAIN: what was wrong with each.',
      }),
    ),
    rejected_total: Type.Optional(Type.Integer({ description: 'How many were rejected, listed or not.' })),
    scan: Type.Optional(
      Type.String({
        description: 'When an upload breaks off: the scan that holds what had been accepted until then.',
      }),
    ),
    accepted: Type.Optional(
      Type.Integer({ description: 'When an upload breaks off: how many domains were accepted.' }),
    ),
  },
  { $id: 'Problem', description: 'What went wrong (RFC 9457).' },
)

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: ErrorCode
  errors?: Static<typeof ErrorDetailSchema>[]
  rejected?: Static<typeof RejectedDomain>[]
  rejected_total?: number
  scan?: string
  accepted?: number
}
