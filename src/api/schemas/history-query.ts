// What can be asked of history: the query strings and paths of its calls.
import { Type } from '@fastify/type-provider-typebox'
import { COUNTED_TYPES } from '../../core/history/seen-records.ts'
import { oneOf } from './described.ts'
import { Cursor, Limit, momentParameter } from './parameters.ts'

const SeenSince = momentParameter('Only records that were seen at or after this time')

export const RecordsQuery = Type.Object(
  {
    type: Type.Optional(oneOf(COUNTED_TYPES, 'Only records of this type.')),
    seen_since: SeenSince,
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

export const PivotQuery = Type.Object(
  { seen_since: SeenSince, cursor: Cursor, limit: Limit },
  { additionalProperties: false },
)

export const ChangesQuery = Type.Object(
  {
    from: momentParameter('From this time on; without it 24 hours before `to`'),
    to: momentParameter('Before this time; without it now'),
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

/** Without an end everything that is kept. */
export const WindowQuery = Type.Object(
  {
    from: momentParameter('From this time on'),
    to: momentParameter('Before this time'),
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

const text = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 1024, description, examples: [example] })

export const AddressPath = Type.Object({ ip: text('An IPv4 or IPv6 address in any spelling.', '192.0.2.7') })

export const PrefixPath = Type.Object({
  address: text('The first address of the prefix.', '192.0.2.0'),
  length: text('Its length in bits.', '24'),
})

export const AsnPath = Type.Object({ asn: text('`64500` or `AS64500`.', 'AS64500') })

export const CountryPath = Type.Object({ country: text('ISO 3166-1 alpha-2.', 'DE') })

export const NameServerPath = Type.Object({
  host: text('The name of the server, in any form that POST /v1/scans takes.', 'ns1.bad.example'),
})
