// Evasions by who asks: each region sees a slice of its own, as with a CDN (cdn-mimicry-flux), or one region is refused
// (geo-fenced-flux). Truth is single flux.
import { ipv4Number } from '../../core/net/address.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { LAB_REGIONS } from '../regions.ts'
import type { LabRegion } from '../regions.ts'
import { createRotation } from '../rotation.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { drawCampaign, drawHomes, largestFirst, tailWeights } from './flux-campaign.ts'
import type { AgentHomes } from './flux-campaign.ts'
import { drawFluxSet } from './flux-set.ts'
import type { MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { DAY, TWO_HOURS } from './watch-times.ts'

/**
 * Holz et al. (2008) and Knysz et al. (2011) foresaw sorted answers and CDN-like counts; nobody published numbers: all hand-set. One
 * agent of the slice is replaced every so many minutes.
 */
const MIMICRY: Readonly<Record<Split, { width: Range; minutes: Range; isps: Range; ttlSeconds: number[] }>> =
  {
    fit: { width: [2, 6], minutes: [15, 60], isps: [4, 20], ttlSeconds: [20, 60, 300] },
    report: { width: [2, 8], minutes: [20, 90], isps: [3, 25], ttlSeconds: [30, 60, 120] },
  }

export const cdnMimicryFlux: MemberGroup = {
  group: 'cdn-mimicry-flux',
  watchSeconds: DAY,
  draw(context) {
    const draws = drawsOf(context.dice)
    const { plan, dice, split } = context
    const range = MIMICRY[split]
    const width = draws.whole(range.width, 'width')
    const minutes = draws.spread(range.minutes, 'minutes')
    const isNear = draws.chance(0.5, 'near')
    const ttlSeconds = draws.oneOf(range.ttlSeconds, 'ttl')
    const homesOf = (region: LabRegion): AgentHomes => {
      const near = plan.systemsOf('consumer').filter((system) => isWholly(system, region))
      const systems = largestFirst(draws, near, draws.whole(range.isps, `isps ${region}`), `isp ${region}`)
      return { systems, weights: tailWeights(systems.length, 0.5), parameters: {} }
    }
    const anywhere = drawHomes(context, draws)
    const meanMs = minutes * 60_000
    const slices = Object.fromEntries(
      LAB_REGIONS.map((region) => {
        const homes = isNear ? homesOf(region) : anywhere
        const { pool } = drawCampaign(context, draws, homes, {
          name: region,
          alive: 300,
          turnoverPerHour: 10,
        })
        const rotation = createRotation({ minMs: 0.8 * meanMs, maxMs: 1.2 * meanMs }, dice, 'slice', region)
        return [region, { pool, rotation }]
      }),
    )
    return singleMember(
      context,
      draws,
      {
        addresses: 'slow-flux',
        ttlSeconds,
        show: (at, region) => {
          const { pool, rotation } = slices[region]!
          const { index } = rotation.termAt(at)
          const shown = Array.from({ length: width }, (_, back) =>
            pool.draw((index - back) * meanMs, 'slice', region, index - back),
          )
          return [...new Set(shown)].toSorted((a, b) => ipv4Number(a)! - ipv4Number(b)!)
        },
        parameters: { ttlSeconds, width, everyMinutes: minutes, slices: isNear ? 'near' : 'anywhere' },
      },
      true,
    )
  },
}

function isWholly(system: AutonomousSystem, region: LabRegion): boolean {
  return system.networks.every((network) => network.region === region)
}

export const geoFencedFlux: MemberGroup = {
  group: 'geo-fenced-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const fenced = draws.oneOf(LAB_REGIONS, 'fenced')
    const rcode = draws.oneOf(['SERVFAIL', 'NXDOMAIN'] as const, 'refusal')
    const member = singleMember(context, draws, drawFluxSet(context, draws), true)
    const { zone, host, parameters } = member
    return {
      ...member,
      zone: {
        ...zone,
        answer: (question, moment) =>
          moment.region === fenced && (question.name === host || question.name === zone.apex)
            ? { rcode, answer: [] }
            : zone.answer(question, moment),
      },
      parameters: { ...parameters, fenced, refusal: rcode },
    }
  },
}
