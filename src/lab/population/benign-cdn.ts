// Content delivery networks of one operator: another set of addresses in every region, out of which an answer shows a few.
// Half of them keep their caches inside access providers near the client (Akamai's on-net caches sit in hundreds of ISP
// ASNs), so that the address owners are those of flux. Sources: top-2500 web pages of 2020: TTL 20 (Akamai), 60 (CloudFront),
// 30 (Fastly), 300 (Cloudflare), 2-8 records; the set saturates (Holz et al., NDSS 2008). Set sizes are assumed.
import type { AutonomousSystem } from '../autonomous-systems.ts'
import type { LabRegion } from '../regions.ts'
import { typed } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { TWO_HOURS, benignMember } from './benign-member.ts'
import { inventApex, inventHost } from './benign-names.ts'
import { addressNear, systemsNear, systemsWith } from './benign-networks.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'

interface CdnRanges {
  readonly ttls: readonly number[]
  readonly width: Range
  /** Addresses that one region is served from. */
  readonly perRegion: Range
  /** Access providers of a region that hold caches. */
  readonly hosts: Range
}

const RANGES: Readonly<Record<Split, CdnRanges>> = {
  fit: { ttls: [20, 30, 60, 60, 120, 300], width: [1, 8], perRegion: [6, 40], hosts: [1, 3] },
  report: { ttls: [20, 40, 60, 90, 180, 300], width: [2, 8], perRegion: [8, 60], hosts: [1, 5] },
}

/** Suffixes of alias chains, first to last; the last one's owner answers. On the product's context list. */
const LISTED_CHAINS: readonly (readonly string[])[] = [
  ['edgesuite.net', 'g.akamai.net'],
  ['edgekey.net', 'dscb.akamaiedge.net'],
  ['cloudfront.net'],
  ['map.fastly.net'],
  ['cdn.cloudflare.net'],
  ['azureedge.net', 'fb.t-msedge.net'],
  ['b-cdn.net'],
]

export const CDN: MemberGroup = {
  group: 'cdn',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const apex = inventApex(draws, 'site')
    const isOnNet = draws.chance(0.5, 'on net')
    const operator = draws.oneOf(systemsWith(context.plan, 'cdn'), 'operator')
    const edge = drawEdge(context, draws, isOnNet ? null : operator, 'edge')
    return benignMember(context, draws, {
      addresses: isOnNet ? 'on-net-cdn' : 'cdn',
      host: inventHost(draws, apex, ['www', 'cdn', 'static', 'img', 'assets']),
      apex,
      behaviour: edge.behaviour,
      aliases: drawAliases(draws),
      provider: operator,
      watchSeconds: TWO_HOURS,
      parameters: { onNet: isOnNet ? 'yes' : 'no', ...edge.parameters },
    })
  },
}

export interface Edge {
  readonly behaviour: NameBehaviour
  readonly parameters: Readonly<Record<string, string | number>>
}

/**
 * The edge of one CDN: in the operator's own networks, or (null) in access providers near the client. Each answer is another
 * draw from the region's set, or the same one for a while, as a mapping system gives it.
 */
export function drawEdge(
  { plan, split }: DrawContext,
  draws: Draws,
  operator: AutonomousSystem | null,
  label: string,
): Edge {
  const { dice } = draws
  const range = RANGES[split]
  const ttl = draws.oneOf(range.ttls, `${label} ttl`)
  const perRegion = draws.spread(range.perRegion, `${label} per region`)
  const width = Math.min(perRegion, draws.whole(range.width, `${label} width`))
  const setIn = (region: LabRegion, family: 4 | 6): readonly string[] => {
    const hosts = operator
      ? [operator]
      : draws.some(
          systemsNear(plan, 'consumer', region, family),
          draws.whole(range.hosts, `${label} hosts ${region}`),
          `${label} which ${region} ${family}`,
        )
    return Array.from({ length: perRegion }, (_, index) =>
      addressNear(hosts[index % hosts.length]!, { region, family }, dice, label, region, index),
    )
  }
  // Drawn when a region first asks: most members are asked from few, and of many CDNs only one serves.
  const drawn = new Map<string, readonly string[]>()
  const setOf = (region: LabRegion, family: 4 | 6): readonly string[] => {
    const set = drawn.get(region + family) ?? setIn(region, family)
    drawn.set(region + family, set)
    return set
  }
  const isDualStack = draws.chance(0.4, `${label} dual stack`)
  // How long the mapping stands; 0 for a draw with each answer.
  const mappingMs = draws.chance(0.5, `${label} mapped`)
    ? draws.spread([60, 3600], `${label} mapping`) * 1000
    : 0
  const shown = (set: readonly string[], type: string, region: LabRegion, at: number): string[] =>
    dice
      .distinct(set.length, width, label, type, region, mappingMs === 0 ? at : Math.floor(at / mappingMs))
      .map((index) => set[index]!)
  return {
    behaviour: ({ type }, { at, region }) => {
      if (type === 'AAAA')
        return isDualStack ? typed('AAAA', ttl, shown(setOf(region, 6), 'AAAA', region, at)) : []
      return typed('A', ttl, shown(setOf(region, 4), 'A', region, at))
    },
    parameters: { ttl, width, perRegion, mappingSeconds: mappingMs / 1000 },
  }
}

/** Half of them under names that the context list knows; one in ten without an alias. */
function drawAliases(draws: Draws): string[] {
  if (draws.chance(0.1, 'no alias')) return []
  if (draws.chance(0.5, 'listed')) return labelled(draws, draws.oneOf(LISTED_CHAINS, 'listed chain'))
  const depth = Number(draws.weighted({ '1': 0.7, '2': 0.22, '3': 0.08 }, 'alias depth'))
  return labelled(
    draws,
    Array.from({ length: depth }, (_, step) => `edge${step}.${inventApex(draws, `cdn ${step}`)}`),
  )
}

function labelled(draws: Draws, suffixes: readonly string[]): string[] {
  return suffixes.map((suffix, step) => `d${draws.whole([1000, 99_999], `alias ${step}`)}.${suffix}`)
}
