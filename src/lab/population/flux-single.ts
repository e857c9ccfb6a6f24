// Single flux: the addresses of the name move from agent to agent, its name servers stay. Many addresses an answer (single-flux), one
// (one-address-flux), all in one or two countries (regional-flux), one replaced now and then (slow-flux). What the first of them does
// in numbers is flux-set.ts's business.
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { createRotation } from '../rotation.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { drawCampaign, drawHomes, largestFirst, rounded, tailWeights } from './flux-campaign.ts'
import type { AgentHomes } from './flux-campaign.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from './flux-name.ts'
import type { Drawn } from './flux-name.ts'
import { drawFluxSet, showing } from './flux-set.ts'
import type { Show } from './flux-set.ts'
import type { DrawContext, MemberGroup, Split, Truth } from './member.ts'
import { drawStableServers } from './stable-servers.ts'
import { DAY, TWO_HOURS } from './watch-times.ts'

export const singleFlux: MemberGroup = {
  group: 'single-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    return singleMember(context, draws, drawFluxSet(context, draws))
  },
}

/** A member whose A set fluxes and whose name servers stay. */
export function singleMember(
  context: DrawContext,
  draws: Draws,
  shown: {
    readonly show: Show
    readonly ttlSeconds: number
    readonly addresses: Truth['addresses']
    readonly parameters: Readonly<Record<string, string | number>>
  },
  isEvasion = false,
): Drawn {
  const name = inventFluxName(draws)
  const servers = drawStableServers(context, draws, name.apex)
  return {
    isEvasion,
    truth: { fluxType: 'single', addresses: shown.addresses, nameServers: servers.nameServers },
    host: name.host,
    zone: frameFluxZone(name, showing(shown.show, shown.ttlSeconds), servers),
    infrastructure: servers.infrastructure,
    failureRatio: drawFailureRatio(draws),
    parameters: { form: shown.addresses, ...shown.parameters, ...servers.parameters },
  }
}

/**
 * Storm and Kelihos: one address, TTL 0, 300-500 different ones an hour out of 800-1,100 answers (Nazario and Holz 2008); "one IP at a
 * time" also of the newer ones (Xu and Wang 2013). How many of them keep the address for seconds or minutes is hand-set.
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
    periodSeconds: [3, 240],
    ttlSeconds: [0, 0, 0, 0, 1, 5],
  },
  report: {
    alive: [400, 5000],
    turnover: [0.02, 0.3],
    perQuery: 0.5,
    periodSeconds: [5, 300],
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

/**
 * DarkCloud: 77 % of the agents in one country and 15 % in the next (Proofpoint 2018), 84 % and 12 % (RiskAnalytics 2016). The rest
 * is anywhere.
 */
const REGIONAL: Readonly<Record<Split, { countries: number[]; isps: Range; inside: Range; first: Range }>> = {
  fit: { countries: [1, 2, 2], isps: [3, 7], inside: [0.82, 0.97], first: [0.65, 0.9] },
  report: { countries: [1, 1, 2], isps: [3, 8], inside: [0.8, 0.95], first: [0.55, 0.95] },
}
const LEAST_ISPS = 3

export const regionalFlux: MemberGroup = {
  group: 'regional-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const set = drawFluxSet(context, draws, { homes: regionalHomes(context, draws) })
    return singleMember(context, draws, { ...set, addresses: 'regional-flux' })
  },
}

function regionalHomes({ split, plan }: DrawContext, draws: Draws): AgentHomes {
  const range = REGIONAL[split]
  const byCountry = [...Map.groupBy(plan.systemsOf('consumer'), countryOf)].filter(
    ([, systems]) => systems.length >= LEAST_ISPS,
  )
  const countries = draws.some(byCountry, draws.oneOf(range.countries, 'countries'), 'country')
  const inside = draws.real(range.inside, 'inside')
  const first = countries.length === 1 ? 1 : draws.real(range.first, 'first')
  const isps = draws.whole(range.isps, 'regional-isps')
  const systems: AutonomousSystem[] = []
  const weights: number[] = []
  const add = (chosen: readonly AutonomousSystem[], share: number, tail: number): void => {
    const each = tailWeights(chosen.length, tail)
    const sum = each.reduce((total, weight) => total + weight, 0)
    systems.push(...chosen)
    weights.push(...each.map((weight) => (share * weight) / sum))
  }
  countries.forEach(([code, there], place) => {
    const share = inside * (place === 0 ? first : 1 - first)
    const wanted = place === 0 ? isps : Math.ceil(isps / 2)
    add(largestFirst(draws, there, Math.min(wanted, there.length), `isp ${code}`), share, 0.7)
  })
  add(largestFirst(draws, plan.systemsOf('consumer'), 30, 'elsewhere'), 1 - inside, 0.5)
  return {
    systems,
    weights,
    parameters: {
      countries: countries.map(([code]) => code).join('+'),
      regionalIsps: isps,
      inside: rounded(inside),
    },
  }
}

/** An ISP works in one country, but for few blocks of few of them. */
function countryOf(system: AutonomousSystem): string {
  return system.networks[0]!.country
}
