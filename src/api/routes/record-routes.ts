// What history knows of the records of a name: each with its times and its witnesses, what changed, how fast addresses came.
// None of it needs a watch.
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { withAliasTargets } from '../history/alias-targets.ts'
import { confirmGone } from '../history/gone-records.ts'
import { domainOfPath } from '../http/domain-of-path.ts'
import { LISTING_TYPES, sendListing } from '../http/listing.ts'
import { momentOf, windowOf } from '../http/query-moments.ts'
import { pagesInWindow, recentWindow } from '../http/recent-window.ts'
import { presentInstant } from '../presenters/instant.ts'
import { makeLinks } from '../presenters/links.ts'
import {
  CHANGE_TABLE,
  NEW_ADDRESSES_TABLE,
  presentChange,
  presentNewAddresses,
  presentSeenRecord,
  RECORD_TABLE,
} from '../presenters/record-presenter.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import { ChangesQuery, RecordsQuery, WindowQuery } from '../schemas/history-query.ts'
import { DEFAULT_PAGE_LIMIT, DomainPath } from '../schemas/parameters.ts'

export function routeRecords(app: ApiInstance, context: RouteContext): void {
  const { records, history, clock } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)

  app.get(
    '/v1/domains/:domain/rrsets',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listRecords',
        tags: ['history'],
        summary: 'Every record of a name',
        description:
          'Each with first seen, last seen, count and vantages, in order of type and data: addresses, aliases, name servers. Of the name itself; what it is an alias of is asked for by that name. A name of which no record was seen has an empty page.',
        params: DomainPath,
        querystring: RecordsQuery,
        response: {
          200: listingAnswer('SeenRecordPage', 'SeenRecord', 'A page of records, or all as a stream.'),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const name = domainOfPath(request.params.domain)
      const { type = null, cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const seenSince = momentOf('seen_since', request.query.seen_since)
      return sendListing(
        { request, reply, publicUrl },
        cursor,
        {
          read: (start) => records.records({ name, type, seenSince, cursor: start, limit }),
          present: presentSeenRecord,
          table: RECORD_TABLE,
        },
        { links: links.history(name) },
      )
    },
  )

  app.get(
    '/v1/domains/:domain/changes',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listChanges',
        tags: ['history'],
        summary: 'What changed of a name between two times',
        description:
          'Records of the name that were seen for the first time in the window, or for the last time, in order of type and data. `gone` only where the name was answered again more than ten minutes later: what is merely not asked for any more is not gone. Without `from` and `to` the last 24 hours; later pages keep the window of the first, and a page may hold fewer than `limit` though there is a next one. Nothing changed, or nothing is known: an empty page.',
        params: DomainPath,
        querystring: ChangesQuery,
        response: {
          200: listingAnswer('RecordChangePage', 'RecordChange', 'A page of changes, or all as a stream.'),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const name = domainOfPath(request.params.domain)
      const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const window = recentWindow(request.query, clock.now())
      return sendListing(
        { request, reply, publicUrl },
        cursor,
        {
          read: pagesInWindow(window, async (start) => {
            const { items, next } = await records.changes({ ...window, name, cursor: start, limit })
            return { items: await confirmGone(name, items, { records, history }), next }
          }),
          present: presentChange,
          table: CHANGE_TABLE,
        },
        {
          members: { from: presentInstant(window.from), to: presentInstant(window.to) },
          links: links.history(name),
        },
      )
    },
  )

  app.get(
    '/v1/domains/:domain/new-addresses',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listNewAddresses',
        tags: ['history'],
        summary: 'New addresses of a name, per hour',
        description:
          'How many distinct addresses came in each hour that the name had not had before. Addresses of its alias targets count too: of at most 8 names that its CNAME records lead to, seen in the window or after it; `names` lists them. Hours without a new address are left out; a name without addresses has an empty page.',
        params: DomainPath,
        querystring: WindowQuery,
        response: {
          200: listingAnswer('NewAddressesPage', 'NewAddresses', 'A page of hours, or all as a stream.'),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const name = domainOfPath(request.params.domain)
      const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const window = windowOf(request.query)
      const names = await withAliasTargets(records, name, window.from)
      return sendListing(
        { request, reply, publicUrl },
        cursor,
        {
          read: (start) => records.newAddresses({ ...window, names, cursor: start, limit }),
          present: presentNewAddresses,
          table: NEW_ADDRESSES_TABLE,
        },
        { members: { names }, links: links.history(name) },
      )
    },
  )
}
