// Names that bring no address: taken out of the TLD, broken at their servers, or served by nobody.
import { frameZone } from './zone-frame.ts'
import type { AuthorityZone, LabClass, LabRcode, LabZone, ZoneContext, ZoneSet } from './zone.ts'

const UNRESOLVABLE = { verdict: ['unresolvable'], fluxType: null } as const

/** Not delegated: the TLD itself says NXDOMAIN, as after a take-down. The zone has no servers. */
export function nxdomain(): ZoneSet {
  const apex = 'paper-kestrel.example'
  return {
    watched: [
      {
        ...silencedZone(frameZone({ apex, nameServers: [], names: {} }), 'NXDOMAIN'),
        ...about(
          apex,
          'nxdomain',
          'The TLD does not know the name: NXDOMAIN with the SOA of the TLD.',
          false,
        ),
      },
    ],
  }
}

export function servfail({ dnsHosts }: ZoneContext): ZoneSet {
  const apex = 'velvet-anchor.qz'
  return {
    watched: [
      {
        ...silencedZone(frameZone({ apex, nameServers: dnsHosts[0]!, names: {} }), 'SERVFAIL'),
        ...about(
          apex,
          'servfail',
          'Delegated to a hosting company whose servers fail on it: SERVFAIL.',
          true,
        ),
      },
    ],
  }
}

export function timeout({ retiredServers }: ZoneContext): ZoneSet {
  const apex = 'hollow-signal.zz'
  return {
    watched: [
      {
        ...silencedZone(frameZone({ apex, nameServers: retiredServers, names: {} }), 'TIMEOUT'),
        ...about(apex, 'timeout', 'Delegated to servers that never say a word about it.', true),
      },
    ],
  }
}

function silencedZone(zone: AuthorityZone, rcode: LabRcode): AuthorityZone {
  return { ...zone, answer: () => ({ rcode, answer: [] }) }
}

function about(apex: string, labClass: LabClass, summary: string, delegated: boolean) {
  return {
    class: labClass,
    host: apex,
    summary,
    expect: UNRESOLVABLE,
    decidableAfterSeconds: 3600,
    delegated,
  } satisfies Partial<LabZone>
}
