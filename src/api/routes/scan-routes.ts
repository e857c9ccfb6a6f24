// Following a scan and stopping it. Submitting one is submit-route.ts.
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { JSON_TYPE, NDJSON_TYPE } from '../http/media-types.ts'
import { ndjsonStream } from '../http/paged-stream.ts'
import { makeLinks, pageLinks } from '../presenters/links.ts'
import { presentScan } from '../presenters/scan-presenter.ts'
import { presentListedVerdict } from '../presenters/verdict-presenter.ts'
import { fromQuery } from '../problems/relocated-error.ts'
import { jsonAnswer, NO_CONTENT, ndjsonAnswer, problems } from '../schemas/described.ts'
import { DEFAULT_PAGE_LIMIT, NoQuery, ScanPath, ScanVerdictsQuery } from '../schemas/parameters.ts'

export function routeScans(app: ApiInstance, context: RouteContext): void {
  const { scans } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)

  app.get(
    '/v1/scans/:id',
    {
      config: { produces: [JSON_TYPE] },
      schema: {
        operationId: 'getScan',
        tags: ['scans'],
        summary: 'How far a scan is',
        params: ScanPath,
        querystring: NoQuery,
        response: { 200: jsonAnswer('Scan', 'The scan.'), ...problems('FLUX_SCAN_NOT_FOUND') },
      },
    },
    async (request) => {
      const scan = await scans.get(request.params.id)
      if (!scan) throw scanNotFound(request.params.id)
      return presentScan(scan, links)
    },
  )

  app.get(
    '/v1/scans/:id/verdicts',
    {
      config: { produces: [JSON_TYPE, NDJSON_TYPE] },
      schema: {
        operationId: 'listScanVerdicts',
        tags: ['scans'],
        summary: 'The verdicts of a scan',
        description:
          'In order of submission. As JSON a page; as NDJSON (`Accept: application/x-ndjson`) all of them, a verdict a line, from the cursor to the end.',
        params: ScanPath,
        querystring: ScanVerdictsQuery,
        response: {
          200: ndjsonAnswer('VerdictPage', 'Verdict', 'A page of verdicts, or all as a stream.'),
          ...problems('FLUX_SCAN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { verdict = null, cursor = null, limit = DEFAULT_PAGE_LIMIT } = request.query
      const pageFrom = async (from: string | null) => {
        const page = await fromQuery(scans.verdicts(id, { verdict, cursor: from, limit }))
        if (!page) throw scanNotFound(id)
        return page
      }
      const first = await pageFrom(cursor)
      if (request.accepted === NDJSON_TYPE) {
        reply.type(NDJSON_TYPE)
        return reply.send(
          ndjsonStream(
            { first, after: pageFrom },
            (each) => presentListedVerdict(each, links),
            request,
            publicUrl,
          ),
        )
      }
      return {
        items: first.items.map((each) => presentListedVerdict(each, links)),
        next: first.next,
        links: pageLinks(links, request.url, first.next),
      }
    },
  )

  app.delete(
    '/v1/scans/:id',
    {
      schema: {
        operationId: 'cancelScan',
        tags: ['scans'],
        summary: 'Stop a scan',
        description:
          'Stops watching its domains, except those that another scan watches. What was seen is kept.',
        params: ScanPath,
        querystring: NoQuery,
        response: { 204: NO_CONTENT, ...problems('FLUX_SCAN_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      if (!(await scans.cancel(request.params.id))) throw scanNotFound(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function scanNotFound(id: string): FluxError {
  return new FluxError('FLUX_SCAN_NOT_FOUND', `There is no scan "${id}".`)
}
