// Sites whose addresses stand still: one or two addresses, and round robin. TTLs: the modal ones of the top-2500 web pages of
// 2020 (300, 60, 600, 3600, 1800, 900, 21600, 20, 30, 120 s); a third of the Alexa 500 answered with more than one A, always
// the same ones (Holz et al., NDSS 2008). CNAME depth of those pages: 0 in 52 %, 1 in 34 %, 2 in 10 %.
import { addressesIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { fixedAddresses, typed } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { TWO_HOURS, benignMember } from './benign-member.ts'
import { inventApex, inventHost } from './benign-names.ts'
import { systemsWith } from './benign-networks.ts'
import type { MemberGroup, Split } from './member.ts'

interface StillRanges {
  readonly ttls: readonly number[]
  /** Addresses of a round robin. */
  readonly width: Range
  readonly dualStack: number
}

const RANGES: Readonly<Record<Split, StillRanges>> = {
  fit: { ttls: [300, 300, 60, 600, 3600, 1800, 900, 21_600, 20], width: [2, 10], dualStack: 0.4 },
  report: { ttls: [300, 300, 60, 3600, 120, 30, 7200, 900, 14_400, 86_400], width: [3, 13], dualStack: 0.5 },
}

const LABELS = ['www', 'shop', 'mail', 'api', 'static', 'blog']

export const STATIC: MemberGroup = {
  group: 'static',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    // A few stand at home, on a business line.
    const kind = draws.weighted(
      { hosting: 0.65, cloud: 0.15, cdn: 0.1, volunteer: 0.05, consumer: 0.05 },
      'kind',
    )
    const system = draws.oneOf(systemsWith(plan, kind), 'system')
    const width = draws.whole([1, 2], 'width')
    const ttl = draws.oneOf(range.ttls, 'ttl')
    const v4 = addressesIn(system, width, {}, dice, 'web')
    const v6 = draws.chance(range.dualStack, 'dual stack') ? v6In(system, width, draws) : []
    return benignMember(context, draws, {
      addresses: 'static',
      host: inventHost(draws, apex, LABELS),
      apex,
      behaviour: fixedAddresses(ttl, v4, v6),
      ...drawAliases(draws, system),
      steadyAddresses: v4,
      watchSeconds: TWO_HOURS,
      parameters: { kind, ttl, width, v6: v6.length },
    })
  },
}

export const ROUND_ROBIN: MemberGroup = {
  group: 'round-robin',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const kind = draws.weighted({ hosting: 0.7, cloud: 0.2, volunteer: 0.1 }, 'kind')
    const systems = draws.some(systemsWith(plan, kind), draws.whole([1, 2], 'systems'), 'which systems')
    const width = draws.whole(range.width, 'width')
    const ttl = draws.oneOf(range.ttls, 'ttl')
    const servers = systems.flatMap((system, index) =>
      addressesIn(system, Math.ceil((width - index) / systems.length), {}, dice, 'web', index),
    )
    const v6 = draws.chance(0.6 * range.dualStack, 'dual stack') ? v6In(systems[0]!, width, draws) : []
    const isCyclic = draws.chance(0.5, 'cyclic')
    return benignMember(context, draws, {
      addresses: 'round-robin',
      host: inventHost(draws, apex, LABELS),
      apex,
      behaviour: ({ type }, { at, region }) => {
        const set = type === 'AAAA' ? v6 : servers
        if (!isCyclic) return typed(type, ttl, dice.shuffled(set, 'order', type, region, at))
        const first = dice.below(set.length, 'order', type, region, at)
        return typed(type, ttl, [...set.slice(first), ...set.slice(0, first)])
      },
      ...drawAliases(draws, systems[0]!),
      steadyAddresses: servers,
      watchSeconds: TWO_HOURS,
      parameters: { kind, ttl, width, systems: systems.length },
    })
  },
}

/** Aliases within the hoster's own names. */
function drawAliases(
  draws: Draws,
  provider: AutonomousSystem,
): { aliases: string[]; provider: AutonomousSystem } {
  const depth = Number(draws.weighted({ '0': 0.54, '1': 0.35, '2': 0.11 }, 'alias depth'))
  const apex = inventApex(draws, 'platform')
  return {
    aliases: ['sites', 'farm']
      .slice(0, depth)
      .map((label) => `n${draws.whole([100, 9999], `alias ${label}`)}.${label}.${apex}`),
    provider,
  }
}

function v6In(system: AutonomousSystem, count: number, { dice }: Draws): string[] {
  return system.networks.some(({ family }) => family === 6)
    ? addressesIn(system, count, { family: 6 }, dice, 'web6')
    : []
}
