// Single flux that replaces one agent now and then: too slow for windows of ten minutes.
import { createRotation } from '../rotation.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { drawCampaign, drawHomes } from './flux-campaign.ts'
import type { MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { DAY } from './watch-times.ts'

/** Newer networks change more slowly than look-alikes (Xu and Wang, Black Hat 2013); the pace is hand-set, TTLs are "wide". */
const SLOW: Readonly<Record<Split, { width: Range; minutes: Range; alive: Range; ttlSeconds: number[] }>> = {
  fit: { width: [1, 5], minutes: [20, 180], alive: [60, 500], ttlSeconds: [60, 300, 600, 1800] },
  report: { width: [1, 6], minutes: [30, 240], alive: [40, 700], ttlSeconds: [120, 300, 900, 1800] },
}

export const slowFlux: MemberGroup = {
  group: 'slow-flux',
  watchSeconds: DAY,
  draw(context) {
    const draws = drawsOf(context.dice)
    const range = SLOW[context.split]
    const width = draws.whole(range.width, 'width')
    const minutes = draws.spread(range.minutes, 'minutes')
    const alive = draws.spread(range.alive, 'alive')
    const homes = drawHomes(context, draws)
    const { pool, parameters } = drawCampaign(context, draws, homes, { alive, turnoverPerHour: 2 })
    const ttlSeconds = draws.oneOf(range.ttlSeconds, 'ttl')
    const meanMs = minutes * 60_000
    const rotation = createRotation({ minMs: 0.8 * meanMs, maxMs: 1.2 * meanMs }, context.dice, 'slow')
    return singleMember(context, draws, {
      addresses: 'slow-flux',
      ttlSeconds,
      // The n-th agent is shown during the terms n … n + width - 1. Drawn for the whole hours of its coming: an agent stays itself.
      show: (at) => {
        const { index } = rotation.termAt(at)
        const shown = Array.from({ length: width }, (_, back) =>
          pool.draw((index - back) * meanMs, 'slow', index - back),
        )
        return [...new Set(shown)]
      },
      parameters: { ...parameters, ttlSeconds, width, everyMinutes: minutes },
    })
  },
}
