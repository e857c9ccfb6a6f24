// Answers what is kept in pages in the form that the client accepts: one page as JSON, or everything from the cursor to the end
// as NDJSON or CSV. Every list of history goes out here, so that all of them end alike.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Page } from '../../core/model/watch.ts'
import { makeLinks, pageLinks } from '../presenters/links.ts'
import type { CsvTable } from '../presenters/csv.ts'
import { fromQuery } from '../problems/relocated-error.ts'
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE } from './media-types.ts'
import { announceEnd, csvStream, ndjsonStream } from './paged-stream.ts'

/** What a route that answers with `sendListing` produces. */
export const LISTING_TYPES: string[] = [JSON_TYPE, NDJSON_TYPE, CSV_TYPE]

export interface Listing<Item> {
  /** Null: the first page. What it complains of, it finds in the query. */
  readonly read: (cursor: string | null) => Promise<Page<Item>>
  /** An item on the wire: in a JSON page and as an NDJSON line. */
  readonly present: (item: Item) => unknown
  readonly table: CsvTable<Item>
}

/** What a JSON page says besides its items; streams have the items only. */
export interface ListingHead {
  readonly members?: Readonly<Record<string, unknown>>
  readonly links?: Readonly<Record<string, string>>
}

/** `cursor`: as the client sent it. The first page is read before anything is sent, so that its error is still a status. */
export async function sendListing<Item>(
  { request, reply, publicUrl }: { request: FastifyRequest; reply: FastifyReply; publicUrl: string },
  cursor: string | undefined,
  { read, present, table }: Listing<Item>,
  { members = {}, links = {} }: ListingHead = {},
): Promise<FastifyReply> {
  const pageFrom = (start: string | null): Promise<Page<Item>> => fromQuery(read(start))
  const first = await pageFrom(cursor ?? null)
  const pages = { first, after: pageFrom }
  if (request.accepted === NDJSON_TYPE) {
    return reply.type(NDJSON_TYPE).send(ndjsonStream(pages, present, request, publicUrl))
  }
  if (request.accepted === CSV_TYPE) {
    announceEnd(request, reply)
    return reply.type(`${CSV_TYPE}; charset=utf-8; header=present`).send(csvStream(pages, table))
  }
  return reply.send({
    ...members,
    items: first.items.map(present),
    next: first.next,
    links: { ...pageLinks(makeLinks(publicUrl), request.url, first.next), ...links },
  })
}
