// The names that bench/assess.ts assesses: what a few hundred rounds leave behind of a site that never changes, and of a network of
// 1,000 addresses.
import type { AddressFacts, Enrichment } from '../src/core/model/address-facts.ts'
import type { Observation } from '../src/core/model/observation.ts'
import type { DomainSeries } from '../src/core/series/domain-series.ts'
import { foldHostRound, newHostSeries } from '../src/core/series/host-series.ts'
import type { HostSeries } from '../src/core/series/host-series.ts'
import { foldZoneRound, newZoneSeries } from '../src/core/series/zone-series.ts'

export const START = Date.UTC(2026, 0, 1)
const TTL = 300

export interface BenchName {
  readonly title: string
  readonly series: DomainSeries
  /** ms since the epoch. */
  readonly now: number
}

const facts = new Map<string, AddressFacts>()

/** Many access networks and few hosters; each address is looked up once, as the service's databases keep what they read. */
export const enrichment: Enrichment = {
  hasAsn: true,
  hasCountry: true,
  factsOf: (address) => {
    let known = facts.get(address)
    if (known === undefined) facts.set(address, (known = look(address)))
    return known
  },
}

function look(address: string): AddressFacts {
  const first = Number(address.slice(0, address.indexOf('.')))
  return {
    asn: 64_512 + first,
    organisation: first < 120 ? `Broadband Provider ${first}` : `Example Hosting ${first % 4}`,
    country: String.fromCharCode(65 + (first % 26), 65 + (first % 7)),
  }
}

const agent = (n: number): string => `${24 + (n % 90)}.${(n * 7) % 250}.${(n * 13) % 250}.${1 + (n % 250)}`
const server = (n: number): string => `${130 + n}.10.20.${30 + n}`

export function benchNames(): readonly BenchName[] {
  const hosted = [
    watchHost('ns1.hoster.example', 100, 3, () => [server(1)]),
    watchHost('ns2.hoster.example', 100, 3, () => [server(2)]),
  ]
  const fluxing = [0, 1, 2, 3].map((seat) =>
    watchHost(`ns${seat}.flux.example`, 100, 3, (round) => [agent(Math.floor(round / 5) * 4 + seat)]),
  )
  // 100 rounds that replace their ten addresses, then 20 that repeat some: 1,000 addresses.
  const flux = (vantages: number): HostSeries =>
    watchHost('www.flux.example', 120, vantages, (round) =>
      Array.from({ length: 10 }, (_, seat) => agent((round % 100) * 10 + seat)),
    )
  return [
    {
      title: 'a stable name, 3 vantages',
      series: domainOf(
        watchHost('www.stable.example', 100, 3, () => [server(0)]),
        hosted,
      ),
      now: nowAfter(100),
    },
    {
      title: 'a network of 1,000 addresses, 3 vantages',
      series: domainOf(flux(3), fluxing),
      now: nowAfter(120),
    },
    {
      title: 'a network of 1,000 addresses, 10 vantages',
      series: domainOf(flux(10), fluxing),
      now: nowAfter(120),
    },
  ]
}

function nowAfter(rounds: number): number {
  return START + rounds * (TTL + 1) * 1000
}

function domainOf(host: HostSeries, nameServers: readonly HostSeries[]): DomainSeries {
  const zone = host.name.slice('www.'.length)
  const names = nameServers.map(({ name }) => name)
  const startedAt = START
  const observations = [
    ...vantagesOf(3).map((vantage) => observe(zone, 'NS', vantage, startedAt, names)),
    ...vantagesOf(3).map((vantage) =>
      observe(zone, 'SOA', vantage, startedAt, [`${names[0]} mail.${zone} 1 7200 900 1209600 300`]),
    ),
  ]
  return {
    domain: host.name,
    host,
    zone: foldZoneRound(newZoneSeries(zone), {
      target: { kind: 'zone', name: zone },
      number: 1,
      startedAt,
      observations,
    }),
    nameServers,
  }
}

function watchHost(
  name: string,
  rounds: number,
  vantages: number,
  answer: (round: number) => readonly string[],
): HostSeries {
  let series = newHostSeries(name)
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = START + round * (TTL + 1) * 1000
    const observations = vantagesOf(vantages).map((vantage) =>
      observe(name, 'A', vantage, startedAt, answer(round)),
    )
    series = foldHostRound(series, {
      target: { kind: 'host', name },
      number: round + 1,
      startedAt,
      observations,
    })
  }
  return series
}

function vantagesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `vantage-${index}`)
}

function observe(
  qname: string,
  qtype: 'A' | 'NS' | 'SOA',
  vantage: string,
  at: number,
  data: readonly string[],
): Observation {
  return {
    at,
    vantage,
    qname,
    qtype,
    outcome: 'answer',
    rcode: 'NOERROR',
    rttMs: 20,
    answer: data.map((one) => ({ name: qname, type: qtype, ttlSeconds: TTL, data: one })),
    authority: [],
    additional: [],
  }
}
