// Networks of flagged names: the list of them, and one with its members and machines.
import { FluxError } from '../../core/errors.ts'
import type { NetworkMember, NetworkSummary } from '../../core/model/network.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { LISTING_TYPES, sendListing } from '../http/listing.ts'
import { JSON_TYPE } from '../http/media-types.ts'
import { makeLinks } from '../presenters/links.ts'
import {
  MEMBER_TABLE,
  NETWORK_TABLE,
  networkLinks,
  presentNetwork,
  presentNetworkHead,
  presentNetworkMember,
} from '../presenters/network-presenter.ts'
import type { Networks } from '../ports.ts'
import { listingAnswer, problems } from '../schemas/described.ts'
import { NetworkPath, NetworkQuery } from '../schemas/network-schema.ts'
import { DEFAULT_PAGE_LIMIT, PageQuery } from '../schemas/parameters.ts'

/** Members that are looked at for a network's machines: more take too long for one answer. */
const LOOKED_AT = 2_000
const READ_AT_ONCE = 500
/** What was made of them is good for so long while the network is of the same version; real time. */
const HEAD_KEPT_MS = 60_000
const HEADS_KEPT = 32

export function routeNetworks(app: ApiInstance, context: RouteContext): void {
  const { networks, addresses } = context.ports
  const { publicUrl } = context.config
  const links = makeLinks(publicUrl)
  const heads = new Map<string, { readonly version: number; readonly untilMs: number; readonly head: Head }>()
  type Head = ReturnType<typeof presentNetworkHead>

  async function headOf(network: NetworkSummary): Promise<Head> {
    const known = heads.get(network.id)
    if (known?.version === network.version && performance.now() < known.untilMs) return known.head
    const head = presentNetworkHead(
      network,
      await firstMembers(network.id, networks),
      (address) => addresses.factsOf(address),
      links,
    )
    heads.delete(network.id)
    heads.set(network.id, { version: network.version, untilMs: performance.now() + HEAD_KEPT_MS, head })
    const [oldest] = heads.keys()
    if (heads.size > HEADS_KEPT && oldest !== undefined) heads.delete(oldest)
    return head
  }

  app.get(
    '/v1/networks',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'listNetworks',
        tags: ['networks'],
        summary: 'Networks of flagged names',
        description:
          'The latest to form first; the order never changes. As JSON a page; as NDJSON or CSV all of them from the cursor to the end.',
        querystring: NetworkQuery,
        response: {
          200: listingAnswer('NetworkPage', 'Network', 'A page of networks, or all as a stream.'),
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const { active, cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const wanted = active === undefined ? null : active === 'true'
      return sendListing({ request, reply, publicUrl }, cursor, {
        read: (start) => networks.list({ active: wanted, cursor: start, limit }),
        present: (network) => presentNetwork(network, links),
        table: NETWORK_TABLE,
      })
    },
  )

  app.get(
    '/v1/networks/:id',
    {
      config: { produces: LISTING_TYPES },
      schema: {
        operationId: 'getNetwork',
        tags: ['networks'],
        summary: 'One network, its machines and its members',
        description:
          'As JSON the network with a page of its members; as NDJSON or CSV all members from the cursor to the end. A network that another one took in answers with `merged_into`. What is said of the machines may be a minute old.',
        params: NetworkPath,
        querystring: PageQuery,
        response: {
          200: listingAnswer('NetworkDetail', 'NetworkMember', 'The network, or its members as a stream.'),
          ...problems('FLUX_NETWORK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { cursor, limit = DEFAULT_PAGE_LIMIT } = request.query
      const network = await networks.get(id)
      if (!network) throw new FluxError('FLUX_NETWORK_NOT_FOUND', `There is no network "${id}".`)
      const head = request.accepted === JSON_TYPE ? await headOf(network) : {}
      return sendListing(
        { request, reply, publicUrl },
        cursor,
        {
          read: (start) => networks.members(id, { cursor: start, limit }),
          present: (member) => presentNetworkMember(member, links),
          table: MEMBER_TABLE,
        },
        {
          members: { ...head, ...summaryOf(network) },
          links: { ...networkLinks(network, links), new_addresses: `${links.network(id)}/new-addresses` },
        },
      )
    },
  )

  /** Never older than the members beside it. */
  function summaryOf(network: NetworkSummary) {
    const { links: _own, ...summary } = presentNetwork(network, links)
    return summary
  }
}

/** In the order in which they joined; of a large network the first 2,000. */
export async function firstMembers(id: string, networks: Networks): Promise<readonly NetworkMember[]> {
  const members: NetworkMember[] = []
  let cursor: string | null = null
  do {
    const page = await networks.members(id, { cursor, limit: READ_AT_ONCE })
    members.push(...page.items)
    cursor = page.next
  } while (cursor !== null && members.length < LOOKED_AT)
  return members
}
