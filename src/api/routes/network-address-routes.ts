// How fast a network of flagged names gets new machines, from history.
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { LISTING_TYPES, sendListing } from '../http/listing.ts'
import { windowOf } from '../http/query-moments.ts'
import { makeLinks } from '../presenters/links.ts'
import { NEW_ADDRESSES_TABLE, presentNewAddresses } from '../presenters/record-presenter.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import { WindowQuery } from '../schemas/history-query.ts'
import { NetworkPath } from '../schemas/network-schema.ts'
import { DEFAULT_PAGE_LIMIT } from '../schemas/parameters.ts'
import { firstMembers } from './network-routes.ts'

export function routeNetworkAddresses(app: ApiInstance, context: RouteContext): void {
  const { networks, records } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)

  app.get(
    '/v1/networks/:id/new-addresses',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listNetworkNewAddresses',
        tags: ['networks'],
        summary: 'New addresses of a network, per hour',
        description:
          'How many distinct addresses came in each hour that none of its members had had before: of those that are members now, of the first 2,000 of them, as themselves and not as aliases. Hours without a new address are left out; a network that has ended has an empty page.',
        params: NetworkPath,
        querystring: WindowQuery,
        response: {
          200: listingAnswer(
            'NetworkNewAddressesPage',
            'NewAddresses',
            'A page of hours, or all as a stream.',
          ),
          ...problems('FLUX_NETWORK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const window = windowOf(request.query)
      if (!(await networks.get(id))) {
        throw new FluxError('FLUX_NETWORK_NOT_FOUND', `There is no network "${id}".`)
      }
      // What is merely listed brings nothing.
      const members = (await firstMembers(id, networks)).filter(({ standsAlone }) => standsAlone)
      const names = members.map(({ domain }) => domain)
      return sendListing(
        { request, reply, publicUrl },
        cursor,
        {
          read: (start) => records.newAddresses({ ...window, names, cursor: start, limit }),
          present: presentNewAddresses,
          table: NEW_ADDRESSES_TABLE,
        },
        { members: { looked_at: names.length }, links: { network: links.network(id) } },
      )
    },
  )
}
