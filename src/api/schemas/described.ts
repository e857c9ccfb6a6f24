// Small schema pieces that every resource uses, and the way a route says what it answers.
import { Type, type TProperties, type TSchema } from '@fastify/type-provider-typebox'
import { ERROR_CATALOGUE, type ErrorCode } from '../../core/errors.ts'
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE, PROBLEM_TYPE } from '../http/media-types.ts'

/** The schema of a time as the API writes it. */
export function instant(description: string) {
  return Type.String({ format: 'date-time', description, examples: ['2026-11-22T12:00:00.000Z'] })
}

export function nullable<T extends TSchema>(schema: T, description: string) {
  return Type.Union([schema, Type.Null()], { description })
}

export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })
}

export const Links = Type.Record(Type.String(), Type.String(), {
  description:
    'Where to go from here: name → URL (relative to this service unless a public URL is configured).',
})

/** A successful answer as JSON. `schema` is the id of a shared schema. */
export function jsonAnswer(schema: string, description: string, headers: Record<string, TSchema> = {}) {
  return {
    description,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    content: { [JSON_TYPE]: { schema: Type.Ref(schema) } },
  }
}

/** A page as JSON, or all of it as NDJSON. `page` and `item` are ids of shared schemas. */
export function ndjsonAnswer(
  page: string,
  item: string,
  description: string,
  more: Record<string, object> = {},
) {
  const answer = jsonAnswer(page, description)
  const lines = Type.String({
    description: `One \`${item}\` a line. The last line is \`{"end":true,"next":null}\`, or \`{"end":false,"next":"<cursor>","error":{…}}\` when the rest could not be read; a stream without such a line was cut.`,
  })
  return { ...answer, content: { ...answer.content, [NDJSON_TYPE]: { schema: lines }, ...more } }
}

/** The same with CSV besides: what `sendListing` answers. */
export function listingAnswer(page: string, item: string, description: string) {
  const csv = Type.String({
    description:
      "RFC 4180 with a header line; text that a spreadsheet would run as a formula has a `'` in front. All of it ends with the trailer field `x-stream-end: complete`; a connection that was cut before the last chunk, without it, was not all.",
  })
  return {
    ...ndjsonAnswer(page, item, description, { [CSV_TYPE]: { schema: csv } }),
    headers: {
      Trailer: Type.Optional(Type.String({ description: 'Of CSV: `x-stream-end`.' })),
    },
  }
}

/** A page of `item`, the id of a shared schema. `members`: what it says besides its items. */
export function pageSchema<T extends TProperties>(
  $id: string,
  item: string,
  description: string,
  members: T = {} as T,
) {
  return Type.Object(
    {
      ...members,
      items: Type.Array(Type.Ref(item)),
      next: nullable(Type.String(), 'The cursor of the next page; null on the last.'),
      links: Links,
    },
    { $id, description },
  )
}

export const NO_CONTENT = { description: 'Done; there is nothing to show.', type: 'null' } as const

export const NOT_MODIFIED = { description: 'The client has this state already.', type: 'null' } as const

/** What every call under /v1 can run into. */
const EVERYWHERE: readonly ErrorCode[] = [
  'FLUX_BAD_REQUEST',
  'FLUX_UNAUTHORIZED',
  'FLUX_NOT_ACCEPTABLE',
  'FLUX_INVALID',
  'FLUX_INTERNAL',
  'FLUX_STORE_UNAVAILABLE',
  'FLUX_OVERLOADED',
]

/** The problem answers of a route: what can happen everywhere and `codes`, grouped by status. */
export function problems(...codes: readonly ErrorCode[]): Record<number, object> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...codes, ...EVERYWHERE])) {
    const { status } = ERROR_CATALOGUE[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, each]) => [
      status,
      {
        description: each.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}.`).join(' '),
        ...(status === 503
          ? { headers: { 'Retry-After': Type.Integer({ description: 'Seconds to wait.' }) } }
          : {}),
        content: { [PROBLEM_TYPE]: { schema: Type.Ref('Problem') } },
      },
    ]),
  )
}
