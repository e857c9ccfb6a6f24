// Single flux that shows one agent at a time, as Storm and Kelihos did.
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { drawCampaign, drawHomes } from './flux-campaign.ts'
import type { MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { TWO_HOURS } from './watch-times.ts'

/**
 * Storm and Kelihos: one address, TTL 0, 300-500 different ones an hour (one each 7-12 s) out of 800-1,100 answers (Nazario and Holz
 * 2008). Those of newer ones that keep an address for minutes or hours (Xu and Wang 2013) are slow flux here. How many change with
 * every question is hand-set.
 */
const ONE_ADDRESS: Readonly<
  Record<
    Split,
    { alive: Range; turnover: Range; perQuery: number; periodSeconds: Range; ttlSeconds: readonly number[] }
  >
> = {
  fit: {
    alive: [300, 4000],
    turnover: [0.03, 0.2],
    perQuery: 0.6,
    periodSeconds: [3, 30],
    ttlSeconds: [0, 0, 0, 0, 1, 5],
  },
  report: {
    alive: [400, 5000],
    turnover: [0.02, 0.3],
    perQuery: 0.5,
    periodSeconds: [2, 25],
    ttlSeconds: [0, 0, 0, 2, 10],
  },
}

export const oneAddressFlux: MemberGroup = {
  group: 'one-address-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const range = ONE_ADDRESS[context.split]
    const alive = draws.spread(range.alive, 'alive')
    const turnoverPerHour = alive * draws.real(range.turnover, 'turnover')
    const homes = drawHomes(context, draws)
    const { pool, parameters } = drawCampaign(context, draws, homes, { alive, turnoverPerHour })
    const isPerQuery = draws.chance(range.perQuery, 'per-query')
    const isPerClient = draws.chance(0.5, 'per-client')
    const periodMs = isPerQuery ? 1 : 1000 * draws.spread(range.periodSeconds, 'period')
    const ttlSeconds = draws.oneOf(range.ttlSeconds, 'ttl')
    return singleMember(context, draws, {
      addresses: 'one-address-flux',
      ttlSeconds,
      show: (at, region) => {
        const since = Math.floor(at / periodMs) * periodMs
        return [pool.draw(since, 'one', since, isPerQuery || isPerClient ? region : '')]
      },
      parameters: {
        ...parameters,
        ttlSeconds,
        each: isPerQuery ? 'question' : `${periodMs / 1000} s`,
        perClient: isPerQuery || isPerClient ? 1 : 0,
      },
    })
  },
}
