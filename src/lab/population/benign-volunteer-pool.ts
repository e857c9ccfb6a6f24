// Pools of volunteers' servers, as NTP has: another region-weighted draw with each answer. In the address set alone it is
// flux; only its servers' kind, its stable name servers and a list say otherwise. Sources: NTP pool: 4 A, TTL 150
// (DnsRoot.pm: default_ttl 150, max_hosts 4), 3,126 IPv4 and 1,534 IPv6 servers in 2022, ASN/IP near 1. A third of them slide:
// one server after the other is replaced. Whose the servers are, and how they slide, is assumed.
import { createRotation } from '../rotation.ts'
import { LAB_REGIONS } from '../regions.ts'
import type { Moment } from '../zones/zone.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { ONE_DAY, benignMember } from './benign-member.ts'
import { listedOrInvented } from './benign-names.ts'
import { drawPools, inFamilies } from './benign-server-pool.ts'
import type { ServerPool } from './benign-server-pool.ts'
import type { MemberGroup, Split } from './member.ts'

interface VolunteerRanges {
  readonly servers: Range
  readonly width: readonly number[]
  readonly ttls: readonly number[]
  readonly consumerShare: Range
  /** Share of an answer that comes from the asker's region. */
  readonly near: Range
  /** Minutes that a server stays in a sliding answer. */
  readonly slideMinutes: Range
}

const RANGES: Readonly<Record<Split, VolunteerRanges>> = {
  fit: {
    servers: [60, 1500],
    width: [4, 4, 4, 4, 2, 3, 6],
    ttls: [150, 150, 150, 60, 120, 300],
    consumerShare: [0.05, 0.4],
    near: [0.7, 1],
    slideMinutes: [8, 40],
  },
  report: {
    servers: [80, 2000],
    width: [4, 4, 4, 4, 3, 5, 8],
    ttls: [150, 150, 150, 90, 180, 240],
    consumerShare: [0.08, 0.45],
    near: [0.5, 0.95],
    slideMinutes: [10, 60],
  },
}

/** Names on the product's context list, about one member in six. */
const LISTED_SHARE = 1 / 6
const LISTED = ['pool.ntp.org', '2.europe.pool.ntp.org', '0.debian.pool.ntp.org', 'de.pool.ntp.org']

export const VOLUNTEER_POOL: MemberGroup = {
  group: 'volunteer-pool',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { dice, split } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const { apex, host } = listedOrInvented(draws, {
      listed: LISTED,
      share: LISTED_SHARE,
      labels: ['pool', 'time', 'ntp', '1.pool'],
    })
    const consumerShare = draws.real(range.consumerShare, 'consumer share')
    const drawn = drawPools(context, draws, range.servers, {
      consumer: consumerShare,
      hosting: 0.65 * (1 - consumerShare),
      volunteer: 0.35 * (1 - consumerShare),
    })
    const width = draws.oneOf(range.width, 'width')
    const near = draws.real(range.near, 'near')
    const slides = draws.chance(1 / 3, 'slides')
    const minutes = draws.spread(range.slideMinutes, 'slide minutes')
    const seats = Array.from({ length: width }, (_, seat) =>
      createRotation({ minMs: 0.8 * minutes * 60_000, maxMs: 1.2 * minutes * 60_000 }, dice, 'seat', seat),
    )
    const serverAt = (pool: ServerPool, type: string, seat: number, { at, region }: Moment): string => {
      const turn = slides ? seats[seat]!.termAt(at).index : at
      const isNear = dice.ratio('near', type, region, turn, seat) < near
      const from = isNear
        ? region
        : LAB_REGIONS[dice.below(LAB_REGIONS.length, 'far', type, region, turn, seat)]!
      return pool.addressOf(from, dice.below(pool.sizeOf(from), 'server', type, region, turn, seat))
    }
    const shown = (pool: ServerPool, type: string, moment: Moment): string[] => [
      ...new Set(Array.from({ length: width }, (_, seat) => serverAt(pool, type, seat, moment))),
    ]
    const ttl = draws.oneOf(range.ttls, 'ttl')
    return benignMember(context, draws, {
      addresses: slides ? 'sliding-pool' : 'volunteer-pool',
      host,
      apex,
      behaviour: inFamilies(ttl, drawn.v4, drawn.v6, shown),
      watchSeconds: ONE_DAY,
      parameters: {
        ttl,
        width,
        servers: drawn.servers,
        consumerShare,
        near,
        slideMinutes: slides ? minutes : 0,
        v6: drawn.v6 ? 'yes' : 'no',
      },
    })
  },
}
