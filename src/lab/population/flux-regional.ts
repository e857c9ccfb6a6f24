// Single flux within one or two countries and a handful of consumer ISPs: what defeats counting ASNs and countries.
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { largestFirst, rounded, tailWeights } from './flux-campaign.ts'
import type { AgentHomes } from './flux-campaign.ts'
import { drawFluxSet } from './flux-set.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { TWO_HOURS } from './watch-times.ts'

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
