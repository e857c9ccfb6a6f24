// Ordinary web sites: one address of each family that never changes.
import { addressIn } from '../address-plan.ts'
import { fixedAddresses, fixedNameServer, frameZone } from './zone-frame.ts'
import type { LabZone, ZoneContext, ZoneSet } from './zone.ts'

/** 300 and 3600 are among the three most frequent TTLs of the web pages of 2020. One of the sites runs its own servers. */
const SITES = [
  { apex: 'quiet-meadow.example', ttlSeconds: 3600, ownServers: false },
  { apex: 'fern-bakery.qz', ttlSeconds: 300, ownServers: true },
] as const

export function staticSites({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  return { watched: SITES.map(build) }

  function build({ apex, ttlSeconds, ownServers }: (typeof SITES)[number]): LabZone {
    const hosting = plan.systemsOf('hosting')[5]!
    const web = fixedAddresses(
      ttlSeconds,
      [addressIn(hosting, {}, dice, apex)],
      [addressIn(hosting, { family: 6 }, dice, apex)],
    )
    const nameServers = ownServers
      ? [1, 2].map((number) =>
          fixedNameServer(`ns${number}.${apex}`, [addressIn(hosting, {}, dice, 'ns', apex, number)]),
        )
      : dnsHosts[0]!
    return {
      ...frameZone({ apex, nameServers, names: { [apex]: web, [`www.${apex}`]: web } }),
      class: 'static',
      host: apex,
      summary: `One A and one AAAA of a hosting AS, TTL ${ttlSeconds}, for ever.`,
      expect: { verdict: ['no_flux_seen'], fluxType: null },
      decidableAfterSeconds: ttlSeconds === 3600 ? 7200 : 3600,
      delegated: true,
    }
  }
}
