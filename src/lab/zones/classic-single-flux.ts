// Single flux as of 2007-2011: many addresses an answer, agents that come and go, name servers that stay where they are.
import { createAgentPool, longTailWeights } from '../agent-pool.ts'
import { createSeats } from './flux-seats.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { LabZone, ZoneContext, ZoneSet } from './zone.ts'

/**
 * Widths and TTLs: 8 (Konte 2009) and 10 (26 of 36 live domains of 2011), TTL 180 to 600 (FluXOR: 261 ± 60).
 * Pace: FluXOR saw 98 ± 37 addresses in 3 h; ten seats of 15-25 min show about 10 + 30 an hour, eight of 18-28 min 8 + 21.
 */
const DOMAINS = [
  { apex: 'amber-orchard.example', width: 10, ttlSeconds: 300, minMinutes: 15, maxMinutes: 25, dnsHost: 2 },
  { apex: 'tidewater-notes.qz', width: 8, ttlSeconds: 180, minMinutes: 18, maxMinutes: 28, dnsHost: 1 },
] as const

export function classicSingleFlux({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer')
  // One campaign: both names draw from the same agents, as domains of one botnet do (81 % overlap in FluXOR).
  const pool = createAgentPool(
    {
      name: 'classic-single',
      systems,
      weights: longTailWeights(systems.length),
      alive: 600,
      turnoverPerHour: 30,
    },
    dice,
  )
  return { watched: DOMAINS.map(build) }

  function build(domain: (typeof DOMAINS)[number]): LabZone {
    const seats = createSeats(
      { pool, count: domain.width, minMinutes: domain.minMinutes, maxMinutes: domain.maxMinutes },
      dice,
      domain.apex,
    )
    const host = (_: unknown, { at }: { at: number }) =>
      typed('A', domain.ttlSeconds, dice.shuffled(seats.occupantsAt(at), 'order', domain.apex, at))
    return {
      ...frameZone({
        apex: domain.apex,
        nameServers: dnsHosts[domain.dnsHost]!,
        names: { [domain.apex]: host, [`www.${domain.apex}`]: host },
      }),
      class: 'classic-single-flux',
      host: domain.apex,
      summary: `${domain.width} agents an answer, TTL ${domain.ttlSeconds}, each shown for ${domain.minMinutes}-${domain.maxMinutes} min; name servers stay in a hosting AS.`,
      expect: { verdict: ['flux'], fluxType: 'single' },
      decidableAfterSeconds: 3600,
      delegated: true,
    }
  }
}
