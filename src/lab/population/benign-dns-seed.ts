// DNS seeds of peer-to-peer networks: very wide draws from the nodes that a crawler met, homes and data centres mixed. Sources:
// bitcoin-seeder: up to 32 A or AAAA, TTL 3600, NS TTL 40000, a random draw from its good nodes. The share of homes, smaller
// TTLs and slow refreshing are assumed.
import { LAB_REGIONS } from '../regions.ts'
import type { Moment } from '../zones/zone.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { ONE_DAY, benignMember } from './benign-member.ts'
import { listedOrInvented } from './benign-names.ts'
import { drawPools, inFamilies } from './benign-server-pool.ts'
import type { ServerPool } from './benign-server-pool.ts'
import type { MemberGroup, Split } from './member.ts'

interface SeedRanges {
  readonly servers: Range
  readonly width: readonly number[]
  readonly ttls: readonly number[]
  readonly consumerShare: Range
  /** How long one draw stands where it is not drawn with each answer. */
  readonly standsMinutes: Range
}

const RANGES: Readonly<Record<Split, SeedRanges>> = {
  fit: {
    servers: [200, 2500],
    width: [8, 12, 20, 25, 32],
    ttls: [60, 300, 600, 3600],
    // Wider than the other half: nobody has published the share, and it is what tells seeds from flux.
    consumerShare: [0.2, 0.72],
    standsMinutes: [5, 60],
  },
  report: {
    servers: [250, 3000],
    width: [10, 15, 23, 25, 30],
    ttls: [60, 120, 900, 3600],
    consumerShare: [0.25, 0.6],
    standsMinutes: [10, 120],
  },
}

/** Names on the product's context list, about one member in six. */
const LISTED_SHARE = 1 / 6
const LISTED = ['seed.bitcoin.sipa.be', 'dnsseed.emzy.de', 'seed.bitcoin.sprovoost.nl', 'dnsseed.bluematt.me']

export const DNS_SEED: MemberGroup = {
  group: 'dns-seed',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { dice, split } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const { apex, host } = listedOrInvented(draws, {
      listed: LISTED,
      share: LISTED_SHARE,
      labels: ['seed', 'dnsseed', 'bootstrap', 'peers'],
    })
    const consumerShare = draws.real(range.consumerShare, 'consumer share')
    const drawn = drawPools(context, draws, range.servers, {
      consumer: consumerShare,
      hosting: 0.65 * (1 - consumerShare),
      cloud: 0.35 * (1 - consumerShare),
    })
    const width = draws.oneOf(range.width, 'width')
    // Most are drawn with each answer, the same way for everybody; some are drawn anew now and then.
    const standsMs = draws.chance(0.35, 'stands')
      ? draws.spread(range.standsMinutes, 'stands minutes') * 60_000
      : 0
    const shown = (pool: ServerPool, type: string, { at, region }: Moment): string[] => {
      const labels = standsMs === 0 ? [type, region, at] : [type, Math.floor(at / standsMs)]
      return dice.distinct(drawn.servers, width, 'draw', ...labels).map((node) => nodeOf(pool, node))
    }
    const ttl = draws.oneOf(range.ttls, 'ttl')
    const onlyV6 = drawn.v6 !== null && draws.chance(0.25, 'only v6')
    return benignMember(context, draws, {
      addresses: standsMs === 0 ? 'dns-seed' : 'standing-seed',
      host,
      apex,
      behaviour: inFamilies(ttl, onlyV6 ? null : drawn.v4, drawn.v6, shown),
      watchSeconds: ONE_DAY,
      parameters: {
        ttl,
        width,
        servers: drawn.servers,
        consumerShare,
        standsSeconds: standsMs / 1000,
        families: onlyV6 ? '6' : drawn.v6 ? '4+6' : '4',
      },
    })
  },
}

/** The n-th node of a whole pool: its regions one after another. */
function nodeOf(pool: ServerPool, node: number): string {
  let left = node
  for (const region of LAB_REGIONS) {
    const size = pool.sizeOf(region)
    if (left < size) return pool.addressOf(region, left)
    left -= size
  }
  return pool.addressOf('eu', 0)
}
