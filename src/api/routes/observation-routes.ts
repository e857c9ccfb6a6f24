// The time series of a domain: everything that its assessment reads, as it was answered.
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { domainOfPath } from '../http/domain-of-path.ts'
import { CSV_TYPE, JSON_TYPE, NDJSON_TYPE } from '../http/media-types.ts'
import { parseMoment } from '../http/moment.ts'
import { ndjsonStream, rowStream } from '../http/paged-stream.ts'
import { makeLinks, pageLinks } from '../presenters/links.ts'
import { CSV_HEADER, csvRowsOf } from '../presenters/observation-csv.ts'
import { presentObservation } from '../presenters/observation-presenter.ts'
import { invalid } from '../problems/problem-error.ts'
import { fromQuery } from '../problems/relocated-error.ts'
import { csvContent, ndjsonAnswer, problems } from '../schemas/described.ts'
import { ObservationQueryString } from '../schemas/observation-schema.ts'
import { DEFAULT_PAGE_LIMIT, DomainPath } from '../schemas/parameters.ts'
import { domainNotFound } from './domain-routes.ts'

export function routeObservations(app: ApiInstance, context: RouteContext): void {
  const { domains, history } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)

  app.get(
    '/v1/domains/:domain/observations',
    {
      config: { produces: [JSON_TYPE, NDJSON_TYPE, CSV_TYPE] },
      schema: {
        operationId: 'listObservations',
        tags: ['domains'],
        summary: 'What was seen of a domain',
        description:
          "The observations of its host, of its zone and of the zone’s name servers, oldest first. As JSON a page; as NDJSON or CSV all of them from the cursor to the end. A CSV that was cut ends without the last chunk of the transfer coding; in CSV, text that a spreadsheet would run as a formula has a `'` in front.",
        params: DomainPath,
        querystring: ObservationQueryString,
        response: {
          200: ndjsonAnswer(
            'ObservationPage',
            'Observation',
            'A page of observations, or all as a stream.',
            csvContent(),
          ),
          ...problems('FLUX_DOMAIN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const domain = domainOfPath(request.params.domain)
      const { vantage = null, type = null, cursor = null, limit = DEFAULT_PAGE_LIMIT } = request.query
      const from = momentOf('from', request.query.from)
      const to = momentOf('to', request.query.to)
      if (from !== null && to !== null && from >= to) {
        throw invalid('/query/from', 'order', '"from" must be before "to".')
      }
      if (!(await domains.get(domain))) throw domainNotFound(domain)
      const targets = await domains.targetsOf(domain)
      const pageFrom = (start: string | null) =>
        fromQuery(
          history.observations({ targets, from, to, vantage, type, everyMs: null, cursor: start, limit }),
        )
      const pages = { first: await pageFrom(cursor), after: pageFrom }

      if (request.accepted === NDJSON_TYPE) {
        reply.type(NDJSON_TYPE)
        return reply.send(ndjsonStream(pages, presentObservation, request, publicUrl))
      }
      if (request.accepted === CSV_TYPE) {
        reply.type(`${CSV_TYPE}; charset=utf-8; header=present`)
        return reply.send(rowStream(pages, CSV_HEADER, csvRowsOf))
      }
      return {
        items: pages.first.items.map(presentObservation),
        next: pages.first.next,
        links: pageLinks(links, request.url, pages.first.next),
      }
    },
  )
}

function momentOf(parameter: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const ms = parseMoment(text)
  if (ms === null) {
    throw invalid(`/query/${parameter}`, 'moment', `"${parameter}" must be an ISO 8601 time or Unix seconds.`)
  }
  return ms
}
