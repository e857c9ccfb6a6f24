// Evasions by time: long TTLs (long-ttl-flux), and standing still for hours (intermittent-flux). Truth is single flux.
import { createRotation } from '../rotation.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { rounded } from './flux-campaign.ts'
import { drawFluxSet, rotatingShow } from './flux-set.ts'
import type { MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { DAY } from './watch-times.ts'

const HOUR_MS = 3_600_000

/** Above the cut of Holz et al. (TTL < 1800). The seats change as often as caches can show it, or up to half as often: hand-set. */
const LONG_TTLS: Readonly<Record<Split, { ttlSeconds: readonly number[]; termsPerTtl: Range }>> = {
  fit: { ttlSeconds: [1800, 3600, 7200], termsPerTtl: [0.5, 1.5] },
  report: { ttlSeconds: [1800, 2700, 5400, 7200], termsPerTtl: [0.4, 2] },
}

export const longTtlFlux: MemberGroup = {
  group: 'long-ttl-flux',
  watchSeconds: DAY,
  draw(context) {
    const draws = drawsOf(context.dice)
    const { ttlSeconds: ttls, termsPerTtl } = LONG_TTLS[context.split]
    const ttlSeconds = draws.oneOf(ttls, 'long-ttl')
    const set = drawFluxSet(context, draws, { ttlSeconds })
    if (set.addresses === 'drawing-flux') return singleMember(context, draws, set, true)
    const termMinutes = ttlSeconds / 60 / draws.real(termsPerTtl, 'terms-per-ttl')
    const seats = {
      count: draws.whole([4, 10], 'seats'),
      minMinutes: 0.8 * termMinutes,
      maxMinutes: 1.2 * termMinutes,
    }
    const show = rotatingShow(context, set.pool, seats)
    const parameters = {
      ...set.parameters,
      width: seats.count,
      minMinutes: rounded(seats.minMinutes),
      maxMinutes: rounded(seats.maxMinutes),
    }
    return singleMember(context, draws, { ...set, show, parameters }, true)
  },
}

/** Caglayan et al. (2009) saw flux for 74 % of the time; the lengths of the blocks are hand-set. */
const INTERMITTENT: Readonly<Record<Split, { activeShare: Range; cycleHours: Range }>> = {
  fit: { activeShare: [0.66, 0.82], cycleHours: [4, 12] },
  report: { activeShare: [0.64, 0.8], cycleHours: [5, 16] },
}

export const intermittentFlux: MemberGroup = {
  group: 'intermittent-flux',
  watchSeconds: DAY,
  draw(context) {
    const draws = drawsOf(context.dice)
    const range = INTERMITTENT[context.split]
    const set = drawFluxSet(context, draws)
    const activeShare = draws.real(range.activeShare, 'active-share')
    const cycleMs = HOUR_MS * draws.real(range.cycleHours, 'cycle')
    const cycles = createRotation({ minMs: 0.9 * cycleMs, maxMs: 1.1 * cycleMs }, context.dice, 'cycle')
    // Standing still is showing, to all alike, what was shown when the active part of the cycle ended.
    return singleMember(
      context,
      draws,
      {
        ...set,
        show: (at, region) => {
          const { startedAt } = cycles.termAt(at)
          const stillFrom = startedAt + Math.round(activeShare * cycleMs)
          return at < stillFrom ? set.show(at, region) : set.show(stillFrom, 'eu')
        },
        parameters: {
          ...set.parameters,
          activeShare: rounded(activeShare),
          cycleHours: rounded(cycleMs / HOUR_MS),
        },
      },
      true,
    )
  },
}
