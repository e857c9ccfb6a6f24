// The time series of a domain: everything that its assessment reads, as it was answered.
import { zoneOf } from '../../core/schedule/zone-of.ts'
import { targetId, type TargetId } from '../../core/model/target.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { domainOfPath } from '../http/domain-of-path.ts'
import { LISTING_TYPES, sendListing } from '../http/listing.ts'
import { windowOf } from '../http/query-moments.ts'
import { OBSERVATION_TABLE } from '../presenters/observation-csv.ts'
import { presentObservation } from '../presenters/observation-presenter.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import { ObservationQueryString } from '../schemas/observation-schema.ts'
import { DEFAULT_PAGE_LIMIT, DomainPath } from '../schemas/parameters.ts'
import { domainNotFound } from './domain-routes.ts'

export function routeObservations(app: ApiInstance, context: RouteContext): void {
  const { domains, history } = context.ports
  const { publicUrl } = context.config

  app.get(
    '/v1/domains/:domain/observations',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listObservations',
        tags: ['domains'],
        summary: 'What was seen of a domain',
        description:
          'The observations of its host, of its zone and of the zone’s name servers, oldest first. As JSON a page; as NDJSON or CSV all of them from the cursor to the end. A domain that was never submitted is answered from history: its host and its zone, as sensors or an earlier watch brought them; 404 only when there is nothing of it either.',
        params: DomainPath,
        querystring: ObservationQueryString,
        response: {
          200: listingAnswer('ObservationPage', 'Observation', 'A page of observations, or all as a stream.'),
          ...problems('FLUX_DOMAIN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const domain = domainOfPath(request.params.domain)
      const { vantage = null, type = null, every, cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const everyMs = every === undefined ? null : every * 1000
      const window = windowOf(request.query)
      const targets = await targetsOf(domain)
      if (targets === null) throw domainNotFound(domain)
      return sendListing({ request, reply, publicUrl }, cursor, {
        read: (start) =>
          history.observations({ ...window, targets, vantage, type, everyMs, cursor: start, limit }),
        present: presentObservation,
        table: OBSERVATION_TABLE,
      })
    },
  )

  /** Null when it was never submitted and history has nothing of it. */
  async function targetsOf(domain: string): Promise<readonly TargetId[] | null> {
    const names = new Set([domain, zoneOf(domain)])
    const own = [targetId({ kind: 'host', name: domain }), ...[...names].map(zoneTarget)]
    if (await domains.get(domain)) return [...new Set([...(await domains.targetsOf(domain)), ...own])]
    const anything = await history.observations({ ...ANY, targets: own })
    return anything.items.length > 0 ? own : null
  }
}

const ANY = {
  from: null,
  to: null,
  vantage: null,
  type: null,
  everyMs: null,
  cursor: null,
  limit: 1,
} as const

function zoneTarget(name: string): TargetId {
  return targetId({ kind: 'zone', name })
}
