// Name servers whose names stay and whose addresses move from agent to agent: when, and how many at a time. Which agent is next is
// the group's business.
import { createRotation } from '../rotation.ts'
import type { Term } from '../rotation.ts'
import { frameZone } from '../zones/zone-frame.ts'
import type { LabNameServer } from '../zones/zone.ts'
import type { Draws, Range } from './benign-draws.ts'
import { inventApex } from './benign-names.ts'
import { rounded } from './flux-campaign.ts'
import type { DrawContext, Split } from './member.ts'
import type { NameServerSet } from './name-server-set.ts'

/**
 * Mean seconds between changes of the name servers' addresses of a domain, as Konte et al. (2009, figure 2) measured over fluxing
 * domains: at most so many seconds for that share of them. The first point is the example that moved within 6 min.
 */
const INTERVALS: readonly (readonly [share: number, seconds: number])[] = [
  [0, 360],
  [0.1, 3300],
  [0.16, 5900],
  [0.38, 12_000],
  [0.4, 57_000],
  [0.5, 120_000],
  [0.75, 210_000],
]
/** Slower ones (a quarter of the measured) are drawn as slow as this: a watch of three days must see a change. */
const SLOWEST_SECONDS = 210_000
/** The shortest and the longest time between two changes, as a share of the mean. */
const TERM_SPREAD = [0.85, 1.15] as const

/**
 * NS count: four names a domain in the recorded campaigns and at Konte et al., 16 over 88 days at Caglayan et al. TTL of the set: more
 * than a day for almost all (Konte et al.). TTL of the addresses at the zone itself: from a minute to a day, hand-set.
 */
const RANGES: Readonly<
  Record<
    Split,
    { count: readonly number[]; pace: Range; addressTtl: number[]; nsTtl: number[]; sisterChance: number }
  >
> = {
  fit: {
    count: [2, 3, 4, 4, 5],
    pace: [0.85, 1.1],
    addressTtl: [60, 300, 600, 3600, 86_400],
    nsTtl: [172_800, 172_800, 86_400, 3600],
    sisterChance: 0.2,
  },
  report: {
    count: [2, 3, 4, 4, 5, 6],
    pace: [0.7, 1.2],
    addressTtl: [120, 300, 900, 7200, 43_200, 86_400],
    nsTtl: [172_800, 259_200, 90_000, 7200],
    sisterChance: 0.3,
  },
}
/** Below the 900 s of the ATLAS rule (Nazario and Holz 2008) for most. */
const SOA_RETRIES = [300, 600, 600, 1800, 7200]

/** `choose`: the address that a server has from the start of its term on. */
export function drawMovingServers(
  { split, dice }: DrawContext,
  draws: Draws,
  apex: string,
  choose: (server: number, term: Term) => string,
): NameServerSet {
  const range = RANGES[split]
  const count = draws.oneOf(range.count, 'name-servers')
  const pace = draws.real(range.pace, 'ns-pace')
  const measured = intervalAt(dice.ratio('ns-interval'))
  const seconds =
    measured >= SLOWEST_SECONDS ? SLOWEST_SECONDS : Math.min(SLOWEST_SECONDS, Math.round(measured * pace))
  const manner = draws.oneOf(['all-at-once', 'in-turn', 'in-turn'] as const, 'ns-manner')
  const rotation = createRotation(
    { minMs: seconds * 1000 * TERM_SPREAD[0], maxMs: seconds * 1000 * TERM_SPREAD[1] },
    dice,
    'name-servers',
  )
  const isTurnOf = (server: number, term: Term): boolean =>
    manner === 'all-at-once' || ((term.index % count) + count) % count === server
  const server = (index: number, name: string): LabNameServer => ({
    name,
    addressesAt(at) {
      let term = rotation.termAt(at)
      while (!isTurnOf(index, term)) term = rotation.termAt(term.startedAt - 1)
      return [choose(index, term)]
    },
    changesAfter(at) {
      let next = rotation.nextAfter(at)
      while (!isTurnOf(index, rotation.termAt(next))) next = rotation.nextAfter(next)
      return next
    },
  })
  const nsTtlSeconds = draws.oneOf(range.nsTtl, 'ns-ttl')
  const nsAddressTtlSeconds = draws.oneOf(range.addressTtl, 'ns-address-ttl')
  const hasSister = draws.chance(range.sisterChance, 'sister')
  const owner = hasSister ? inventApex(draws, 'sister') : apex
  const servers = Array.from({ length: count }, (_, index) => server(index, `ns${index + 1}.${owner}`))
  return {
    nameServers: 'moving-name-servers',
    servers,
    infrastructure: hasSister
      ? [frameZone({ apex: owner, nameServers: servers, names: {}, nsTtlSeconds, nsAddressTtlSeconds })]
      : [],
    nsTtlSeconds,
    nsAddressTtlSeconds,
    soaRetrySeconds: draws.oneOf(SOA_RETRIES, 'soa-retry'),
    parameters: {
      nameServers: count,
      nsIntervalSeconds: rounded(seconds),
      nsManner: manner,
      nsAddressTtlSeconds,
      nsNames: hasSister ? 'sister' : 'own',
    },
  }
}

/** Log-linear between the measured points. */
function intervalAt(share: number): number {
  const above = INTERVALS.findIndex(([upTo]) => upTo > share)
  const [toShare, to] = INTERVALS[above] ?? INTERVALS.at(-1)!
  const [fromShare, from] = INTERVALS[above - 1] ?? INTERVALS.at(-1)!
  if (toShare === fromShare) return to
  return from * (to / from) ** ((share - fromShare) / (toShare - fromShare))
}
