// Sites that change hands or houses: parked names that pass among a few parkers' addresses, and sites that move to another
// hoster or behind a CDN once. Sources: one address serves up to 392 names after parking (Nazario and Holz, MALWARE 2008);
// 12.6 % of the Alexa 500 changed something in four weeks (Konte et al., PAM 2009), A and name servers in some of them. The
// paces are assumed.
import { addressesIn } from '../address-plan.ts'
import { createRotation } from '../rotation.ts'
import { typed } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { ONE_DAY, benignMember } from './benign-member.ts'
import { inventApex, inventHost } from './benign-names.ts'
import { systemsWith } from './benign-networks.ts'
import type { MemberGroup, Split } from './member.ts'

interface ChangingRanges {
  readonly parkers: Range
  /** Seconds that a parked name stays with one parker. */
  readonly stay: Range
  readonly parkingTtls: readonly number[]
  readonly siteTtls: readonly number[]
  /** When a site moves, share of the watch. */
  readonly moves: Range
  /** Minutes in which both homes answer. */
  readonly overlap: Range
}

const RANGES: Readonly<Record<Split, ChangingRanges>> = {
  fit: {
    parkers: [2, 5],
    stay: [2400, 43_200],
    parkingTtls: [60, 300, 600, 3600],
    siteTtls: [60, 300, 600, 3600],
    moves: [0.03, 0.5],
    overlap: [5, 60],
  },
  report: {
    parkers: [2, 6],
    stay: [3600, 86_400],
    parkingTtls: [120, 300, 900, 1800],
    siteTtls: [30, 300, 900, 7200],
    moves: [0.02, 0.7],
    overlap: [10, 90],
  },
}

export const PARKING: MemberGroup = {
  group: 'parking',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const width = draws.whole([1, 3], 'width')
    const parkers = draws.some(
      [...systemsWith(plan, 'hosting'), ...systemsWith(plan, 'cloud')],
      draws.whole(range.parkers, 'parkers'),
      'which parkers',
    )
    const sets = parkers.map((parker, index) => addressesIn(parker, width, {}, dice, 'parker', index))
    const staySeconds = draws.spread(range.stay, 'stay')
    const stays = createRotation({ minMs: 500 * staySeconds, maxMs: 1500 * staySeconds }, dice, 'stay')
    const ttl = draws.oneOf(range.parkingTtls, 'ttl')
    return benignMember(context, draws, {
      addresses: 'parking',
      host: inventHost(draws, apex, ['www']),
      apex,
      behaviour: (_, { at }) =>
        typed('A', ttl, sets[dice.below(sets.length, 'parker', stays.termAt(at).index)]!),
      watchSeconds: ONE_DAY,
      parameters: { ttl, width, parkers: parkers.length, staySeconds },
    })
  },
}

export const MIGRATION: MemberGroup = {
  group: 'migration',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { plan, split, dice, startAt } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const from = draws.oneOf(systemsWith(plan, 'hosting'), 'from')
    const targets = systemsWith(plan, draws.weighted({ hosting: 0.5, cloud: 0.25, cdn: 0.25 }, 'to kind'))
    const to = draws.oneOf(
      targets.filter(({ asn }) => asn !== from.asn),
      'to',
    )
    const before = addressesIn(from, draws.whole([1, 4], 'before'), {}, dice, 'before')
    const after = addressesIn(to, draws.whole([1, 4], 'after'), {}, dice, 'after')
    const movesAt = startAt + draws.real(range.moves, 'moves') * ONE_DAY * 1000
    const what = draws.weighted({ addresses: 0.5, both: 0.4, 'name servers': 0.1 }, 'what moves')
    const movesAddresses = what !== 'name servers'
    // For a while, some of its servers have the new zone already and some have not.
    const overlapMs = draws.chance(0.25, 'overlaps') ? draws.spread(range.overlap, 'overlap') * 60_000 : 0
    const isNew = (at: number, region: string): boolean => {
      if (!movesAddresses || at < movesAt) return false
      return at >= movesAt + overlapMs || dice.ratio('either', region, at) < (at - movesAt) / overlapMs
    }
    const ttl = draws.oneOf(range.siteTtls, 'ttl')
    return benignMember(context, draws, {
      addresses: movesAddresses ? 'migration' : 'static',
      host: inventHost(draws, apex, ['www', 'shop', 'mail']),
      apex,
      behaviour: (_, { at, region }) => typed('A', ttl, isNew(at, region) ? after : before),
      ...(what === 'addresses' ? {} : { nameServers: 'moved-once' as const, movesAt }),
      watchSeconds: ONE_DAY,
      parameters: {
        ttl,
        moves: what,
        afterSeconds: Math.round((movesAt - startAt) / 1000),
        overlapSeconds: overlapMs / 1000,
      },
    })
  },
}
