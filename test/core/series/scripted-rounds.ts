// Rounds written as scripts: who answered what, when. Times are seconds after START.
import type { FailureKind, Outcome } from '../../../src/core/dns/reply.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Observation, ProbeRound } from '../../../src/core/model/observation.ts'
import type { DomainSeries } from '../../../src/core/series/domain-series.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { foldZoneRound, newZoneSeries } from '../../../src/core/series/zone-series.ts'
import type { ZoneSeries } from '../../../src/core/series/zone-series.ts'

export const START = Date.UTC(2026, 10, 22)

export interface Look {
  readonly at: number
  readonly vantage?: string
  /** Addresses; none makes the look a failure or NODATA, as `outcome` says. */
  readonly a?: readonly string[]
  readonly aaaa?: readonly string[]
  readonly ttl?: number
  readonly alias?: string
  readonly outcome?: Outcome
  readonly failure?: FailureKind
}

export function observe(name: string, look: Look): Observation {
  const type = look.aaaa === undefined ? 'A' : 'AAAA'
  const addresses = look.a ?? look.aaaa ?? []
  const owner = look.alias ?? name
  const outcome = look.outcome ?? (addresses.length > 0 ? 'answer' : 'nodata')
  return {
    at: START + look.at * 1000,
    vantage: look.vantage ?? 'v1',
    qname: name,
    qtype: type,
    outcome,
    ...(look.failure === undefined ? {} : { failure: look.failure }),
    rcode: outcome === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR',
    rttMs: 10,
    answer: [
      ...(look.alias === undefined ? [] : [{ name, type: 'CNAME', ttlSeconds: 300, data: look.alias }]),
      ...addresses.map((data) => ({ name: owner, type, ttlSeconds: look.ttl ?? 60, data })),
    ],
    authority: [],
    additional: [],
  }
}

export function hostRound(name: string, number: number, looks: readonly Look[]): ProbeRound {
  return {
    target: { kind: 'host', name },
    number,
    startedAt: START + looks[0]!.at * 1000,
    observations: looks.map((look) => observe(name, look)),
  }
}

/** A series of rounds, each a list of looks; numbered from 1. */
export function watchHost(name: string, rounds: readonly (readonly Look[])[]): HostSeries {
  return rounds.reduce<HostSeries>(
    (series, looks, index) => foldHostRound(series, hostRound(name, index + 1, looks)),
    newHostSeries(name),
  )
}

export function zoneRound(
  name: string,
  number: number,
  at: number,
  nameServers: readonly string[],
  soa?: string,
): ProbeRound {
  const base = { at: START + at * 1000, vantage: 'v1', qname: name, rcode: 'NOERROR', rttMs: 10 }
  const rest = { authority: [], additional: [] }
  const record = (type: string, data: string) => ({ name, type, ttlSeconds: 86_400, data })
  return {
    target: { kind: 'zone', name },
    number,
    startedAt: START + at * 1000,
    observations: [
      {
        ...base,
        ...rest,
        qtype: 'NS',
        outcome: nameServers.length > 0 ? 'answer' : 'nodata',
        answer: nameServers.map((data) => record('NS', data)),
      },
      ...(soa === undefined
        ? []
        : [{ ...base, ...rest, qtype: 'SOA', outcome: 'answer', answer: [record('SOA', soa)] } as const]),
    ],
  }
}

export function watchZone(
  name: string,
  rounds: readonly { at: number; nameServers: readonly string[]; soa?: string }[],
): ZoneSeries {
  return rounds.reduce<ZoneSeries>(
    (series, { at, nameServers, soa }, index) =>
      foldZoneRound(series, zoneRound(name, index + 1, at, nameServers, soa)),
    newZoneSeries(name),
  )
}

export function domainOf(host: HostSeries, nameServers: readonly HostSeries[] = []): DomainSeries {
  return { domain: host.name, host, zone: null, nameServers }
}

/** Every /16 is an AS of its own, a country per first octet; a name only where one is given. */
export function enrichmentBySlash16(organisation: (asn: number) => string | null = () => null): Enrichment {
  return {
    hasAsn: true,
    hasCountry: true,
    factsOf: (address) => {
      const [first = 0, second = 0] = address.split('.').map(Number)
      const asn = first * 256 + second
      return {
        asn,
        organisation: organisation(asn),
        country: String.fromCharCode(65 + (first % 26), 65 + (first % 20)),
      }
    },
  }
}

/** The n-th of many public addresses, each in a /16 of its own (n under 20 000). */
export function scattered(n: number): string {
  return `${60 + (n % 30)}.${Math.floor(n / 30) % 250}.${n % 200}.${1 + Math.floor(n / 7500)}`
}
