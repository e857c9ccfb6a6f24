// From where something is to the names that were seen there: an address, a prefix, an autonomous system, a country, a name server.
import type { TObject } from '@fastify/type-provider-typebox'
import type { Pivot } from '../../core/model/seen-record.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { domainOfPath } from '../http/domain-of-path.ts'
import { LISTING_TYPES, sendListing, type ListingHead } from '../http/listing.ts'
import { JSON_TYPE } from '../http/media-types.ts'
import { addressOfPath, asnOfPath, countryOfPath, prefixOfPath } from '../http/pivot-of-path.ts'
import { momentOf } from '../http/query-moments.ts'
import { addressLinks, presentAddress } from '../presenters/address-presenter.ts'
import { makeLinks } from '../presenters/links.ts'
import { presentSeenRecord, RECORD_TABLE } from '../presenters/record-presenter.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import {
  AddressPath,
  AsnPath,
  CountryPath,
  NameServerPath,
  PivotQuery,
  PrefixPath,
} from '../schemas/history-query.ts'
import { DEFAULT_PAGE_LIMIT } from '../schemas/parameters.ts'

interface PivotCall<P extends Pivot> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly params: TObject
  /** Id of the schema of its page. */
  readonly page: string
  readonly pivotOf: (path: Readonly<Record<string, string>>) => P
  /** What a JSON page says of the pivot itself. */
  readonly headOf: (pivot: P) => Promise<ListingHead>
}

const EMPTY = 'Where nothing was seen the page is empty.'
const PLACED =
  'An address counts where it was when it was first placed; one that no database knows, or that was seen a moment ago and is not placed yet, is in none.'

export function routePivots(app: ApiInstance, context: RouteContext): void {
  const { records } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)

  routePivot({
    path: '/v1/ips/:ip',
    operationId: 'getAddress',
    summary: 'The life of an address, and what it served',
    description:
      'Where it is, when it was seen and when it was idle, and the records that lead to it: in the page, or all of them as NDJSON or CSV. An address that was never seen is answered with nulls and an empty page: that nothing was seen is an answer.',
    params: AddressPath,
    page: 'AddressPage',
    pivotOf: ({ ip = '' }) => ({ kind: 'address', address: addressOfPath(ip, 'ip') }),
    headOf: async ({ address }) => {
      const life = await records.life(address)
      return { members: presentAddress(address, life), links: addressLinks(address, life, links) }
    },
  })

  routePivot({
    path: '/v1/prefixes/:address/:length',
    operationId: 'getPrefix',
    summary: 'What was seen in a prefix',
    description: `The records whose address is in it. Bits after the prefix are refused. ${EMPTY}`,
    params: PrefixPath,
    page: 'PrefixPage',
    pivotOf: ({ address = '', length = '' }) => ({ kind: 'prefix', prefix: prefixOfPath(address, length) }),
    headOf: itself,
  })

  routePivot({
    path: '/v1/asns/:asn',
    operationId: 'getAsn',
    summary: 'What was seen in an autonomous system',
    description: `The records whose address is in it. ${PLACED} ${EMPTY}`,
    params: AsnPath,
    page: 'AsnPage',
    pivotOf: ({ asn = '' }) => ({ kind: 'asn', asn: asnOfPath(asn) }),
    headOf: itself,
  })

  routePivot({
    path: '/v1/countries/:country',
    operationId: 'getCountry',
    summary: 'What was seen in a country',
    description: `The records whose address is in it. ${PLACED} ${EMPTY}`,
    params: CountryPath,
    page: 'CountryPage',
    pivotOf: ({ country = '' }) => ({ kind: 'country', country: countryOfPath(country) }),
    headOf: itself,
  })

  routePivot({
    path: '/v1/nameservers/:host',
    operationId: 'getNameServer',
    summary: 'What a name server serves',
    description: `The NS records that name it, and with them the zones. Its own addresses are records of its name (\`/v1/domains/{domain}/rrsets\`). ${EMPTY}`,
    params: NameServerPath,
    page: 'NameServerPage',
    pivotOf: ({ host = '' }) => ({ kind: 'name_server', host: domainOfPath(host, 'host') }),
    headOf: async ({ host }) => ({ members: { host }, links: { rrsets: links.history(host).rrsets } }),
  })

  function routePivot<P extends Pivot>(call: PivotCall<P>): void {
    const { path, operationId, summary, description, params, page } = call
    app.get(
      path,
      {
        config: { produces: LISTING_TYPES },
        schema: {
          operationId,
          tags: ['history'],
          summary,
          description,
          params,
          querystring: PivotQuery,
          response: {
            200: listingAnswer(page, 'SeenRecord', 'A page of records, or all of them as a stream.'),
            ...problems(),
          },
        },
      },
      async (request, reply) => {
        const pivot = call.pivotOf(request.params as Record<string, string>)
        const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
        const seenSince = momentOf('seen_since', request.query.seen_since)
        return sendListing(
          { request, reply, publicUrl },
          cursor,
          {
            read: (start) => records.recordsAt({ pivot, seenSince, cursor: start, limit }),
            present: presentSeenRecord,
            table: RECORD_TABLE,
          },
          request.accepted === JSON_TYPE ? await call.headOf(pivot) : {},
        )
      },
    )
  }
}

/** A page that says what was asked for, as it was understood. */
async function itself(pivot: Pivot): Promise<ListingHead> {
  return { members: Object.fromEntries(Object.entries(pivot).filter(([name]) => name !== 'kind')) }
}
