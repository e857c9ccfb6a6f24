// Sites over several networks at once: a balancer that sends each question to one of two to four CDNs, and CDNs with caches
// at all carriers of one country (8 ASNs in one country, as multi-carrier CDNs have). The hardest for address diversity, since
// every vantage sees several owners; the pool is small and stands still. TTLs as of CDNs; shares and paces are assumed.
import { addressIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { LAB_REGIONS } from '../regions.ts'
import { alias, typed } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import type { Moment } from '../zones/zone.ts'
import { drawEdge } from './benign-cdn.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { TWO_HOURS, benignMember } from './benign-member.ts'
import type { DrawnMember } from './benign-member.ts'
import { inventApex, inventHost } from './benign-names.ts'
import { systemsByCountry, systemsWith } from './benign-networks.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'

interface MultiRanges {
  readonly cdns: Range
  readonly balancerTtls: readonly number[]
  readonly carriers: Range
  readonly cachesPerCarrier: Range
  readonly width: Range
  /** How long the choice by time stands, seconds. */
  readonly turn: Range
}

const RANGES: Readonly<Record<Split, MultiRanges>> = {
  fit: {
    cdns: [2, 3],
    balancerTtls: [20, 30, 60, 120],
    carriers: [3, 7],
    cachesPerCarrier: [1, 4],
    width: [2, 6],
    turn: [600, 7200],
  },
  report: {
    cdns: [2, 4],
    balancerTtls: [30, 60, 90, 300],
    carriers: [4, 8],
    cachesPerCarrier: [1, 6],
    width: [2, 8],
    turn: [300, 10_800],
  },
}

const LABELS = ['www', 'video', 'cdn', 'dl', 'img']

export const MULTI_CDN: MemberGroup = {
  group: 'multi-cdn',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    return draws.chance(0.35, 'carriers') ? multiCarrier(context, draws) : balanced(context, draws)
  },
}

function balanced(context: DrawContext, draws: Draws): DrawnMember {
  const { plan, split, dice } = context
  const range = RANGES[split]
  const apex = inventApex(draws, 'site')
  const balancer = `${draws.whole([100, 9999], 'balancer')}.${inventApex(draws, 'balancing')}`
  const operators = draws.some(systemsWith(plan, 'cdn'), draws.whole(range.cdns, 'cdns'), 'operators')
  const edges = operators.map((operator, index) => ({
    name: `e${index}.${inventApex(draws, `cdn ${index}`)}`,
    // At most one of them serves from access providers.
    ...drawEdge(context, draws, index === 0 && draws.chance(0.3, 'on net') ? null : operator, `cdn ${index}`),
  }))
  const by = draws.oneOf(['question', 'region', 'time'] as const, 'chosen by')
  const turnMs = draws.spread(range.turn, 'turn') * 1000
  const choose = ({ at, region }: Moment): number => {
    if (by === 'question') return dice.below(edges.length, 'choice', region, at)
    if (by === 'time') return dice.below(edges.length, 'choice', Math.floor(at / turnMs))
    return LAB_REGIONS.indexOf(region) % edges.length
  }
  const ttl = draws.oneOf(range.balancerTtls, 'ttl')
  const leadsOn: NameBehaviour = (question, moment) =>
    alias(ttl, edges[choose(moment)]!.name)(question, moment)
  return benignMember(context, draws, {
    addresses: 'multi-cdn',
    host: inventHost(draws, apex, LABELS),
    apex,
    behaviour: leadsOn,
    aliases: draws.chance(0.7, 'named balancer') ? [balancer] : [],
    provider: operators[0]!,
    providerNames: Object.fromEntries(edges.map(({ name, behaviour }) => [name, behaviour])),
    watchSeconds: TWO_HOURS,
    parameters: { ttl, cdns: edges.length, chosenBy: by, turnSeconds: turnMs / 1000 },
  })
}

function multiCarrier(context: DrawContext, draws: Draws): DrawnMember {
  const { plan, split, dice } = context
  const range = RANGES[split]
  const apex = inventApex(draws, 'site')
  const carriers = draws.some(
    draws.oneOf(systemsByCountry(plan, ['consumer', 'hosting'], range.carriers[0]), 'country'),
    draws.whole(range.carriers, 'carriers'),
    'which carriers',
  )
  const caches = carriers.flatMap((carrier, index) =>
    Array.from({ length: draws.whole(range.cachesPerCarrier, `caches ${index}`) }, (_, cache) =>
      addressIn(homeOf(carrier), {}, dice, 'cache', index, cache),
    ),
  )
  const ttl = draws.oneOf(range.balancerTtls, 'ttl')
  const width = Math.min(caches.length, draws.whole(range.width, 'width'))
  return benignMember(context, draws, {
    addresses: 'carrier-cdn',
    host: inventHost(draws, apex, LABELS),
    apex,
    behaviour: (_, { at, region }) =>
      typed(
        'A',
        ttl,
        dice.distinct(caches.length, width, 'shown', region, at).map((index) => caches[index]!),
      ),
    aliases: draws.chance(0.6, 'aliased')
      ? [`c${draws.whole([10, 999], 'edge')}.${inventApex(draws, 'cdn')}`]
      : [],
    provider: draws.oneOf(systemsWith(plan, 'cdn'), 'operator'),
    watchSeconds: TWO_HOURS,
    parameters: { ttl, width, carriers: carriers.length, caches: caches.length },
  })
}

/** The carrier with its first country's networks alone: a few work in two. */
function homeOf(carrier: AutonomousSystem): AutonomousSystem {
  const { country } = carrier.networks[0]!
  return { ...carrier, networks: carrier.networks.filter((network) => network.country === country) }
}
