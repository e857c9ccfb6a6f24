// The two content delivery networks: one with points of presence in its own AS, one with caches inside consumer ISPs.
// Both answer by the asker's region from a small set that a watcher soon knows whole.
import { addressesIn, addressIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { LAB_REGIONS } from '../regions.ts'
import type { LabRegion } from '../regions.ts'
import { alias, fixedAddresses, fixedNameServer, frameZone, typed } from './zone-frame.ts'
import type { AuthorityZone, Moment, ZoneContext, ZoneSet } from './zone.ts'

/** Akamai's modal TTL is 20 s, CloudFront's 60 s, Fastly's 30 s (top-2500 web pages of 2020). */
const OWN_AS = { site: 'cobalt-theatre.example', provider: 'latticework.qz', ttlSeconds: 60, perAnswer: 4 }
const ON_NET = { site: 'meridian-papers.zz', provider: 'halyard.example', ttlSeconds: 20, perAnswer: 2 }
/** Addresses that a region is served from. */
const OWN_AS_PER_REGION = 12
const ON_NET_PER_ISP = 6

export function cdn(context: ZoneContext): ZoneSet {
  const { dice, plan } = context
  const system = plan.systemsOf('cdn')[0]!
  const v4 = perRegion((region) => addressesIn(system, OWN_AS_PER_REGION, { region }, dice, 'pop', region))
  const v6 = perRegion((region) => addressesIn(system, 4, { family: 6 }, dice, 'pop', region))
  return build(context, OWN_AS, system, v4, v6, {
    class: 'cdn',
    summary: `Four of the region's ${OWN_AS_PER_REGION} addresses an answer, TTL 60, all in the CDN's one AS, behind a CNAME; the set saturates.`,
  })
}

/** Two consumer ISPs of each region hold caches, so that many ASNs show over all vantages and two at one of them. */
export function cdnOnNet(context: ZoneContext): ZoneSet {
  const { dice, plan } = context
  const v4 = perRegion((region) =>
    plan
      .systemsOf('consumer')
      .filter((system) => system.networks[0]?.region === region)
      .slice(0, 2)
      .flatMap((system) => addressesIn(system, ON_NET_PER_ISP, { region }, dice, 'on-net')),
  )
  return build(
    context,
    ON_NET,
    plan.systemsOf('cdn')[1]!,
    v4,
    perRegion(() => []),
    {
      class: 'cdn-onnet',
      summary:
        'Two of twelve caches an answer, TTL 20, inside two consumer ISPs of the region, behind a CNAME: six ASNs over three vantages, two at each.',
    },
  )
}

type Pops = Readonly<Record<LabRegion, readonly string[]>>

function build(
  { dice, plan, dnsHosts }: ZoneContext,
  names: { site: string; provider: string; ttlSeconds: number; perAnswer: number },
  system: AutonomousSystem,
  v4: Pops,
  v6: Pops,
  about: { class: 'cdn' | 'cdn-onnet'; summary: string },
): ZoneSet {
  const edge = `c17.edge.${names.provider}`
  const shown = (from: Pops, moment: Moment, type: string): string[] => {
    const pops = from[moment.region]
    const indexes = dice.distinct(
      pops.length,
      names.perAnswer,
      'edge',
      names.site,
      type,
      moment.region,
      moment.at,
    )
    return indexes.map((index) => pops[index]!)
  }
  const provider: AuthorityZone = frameZone({
    apex: names.provider,
    nameServers: [1, 2, 3, 4].map((number) =>
      fixedNameServer(`ns${number}.${names.provider}`, [addressIn(system, {}, dice, names.provider, number)]),
    ),
    names: {
      [edge]: (_, moment) => [
        ...typed('A', names.ttlSeconds, shown(v4, moment, 'A')),
        ...typed('AAAA', names.ttlSeconds, shown(v6, moment, 'AAAA')),
      ],
    },
  })
  const origin = plan.systemsOf('hosting')[6]!
  return {
    watched: [
      {
        ...frameZone({
          apex: names.site,
          nameServers: dnsHosts[1]!,
          names: {
            [names.site]: fixedAddresses(3600, [addressIn(origin, {}, dice, 'origin', names.site)]),
            [`www.${names.site}`]: alias(300, edge),
          },
        }),
        ...about,
        host: `www.${names.site}`,
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
    infrastructure: [provider],
  }
}

function perRegion(make: (region: LabRegion) => string[]): Pops {
  return Object.fromEntries(LAB_REGIONS.map((region) => [region, make(region)])) as Record<
    LabRegion,
    string[]
  >
}
