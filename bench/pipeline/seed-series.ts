// What a few hours of watching leave behind of a settled name, of a fluxing one, of a zone and of a name server: folded and
// assessed by core, round by round, as the service does it. Pure.
import { assess } from '../../src/core/assess.ts'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { QuestionType } from '../../src/core/dns/record.ts'
import type { Assessment } from '../../src/core/model/assessment.ts'
import type { Observation } from '../../src/core/model/observation.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { foldHostRound, newHostSeries, type HostSeries } from '../../src/core/series/host-series.ts'
import { foldZoneRound, newZoneSeries, type ZoneSeries } from '../../src/core/series/zone-series.ts'
import {
  hosterOf,
  ipv4Of,
  ipv6Of,
  nameOf,
  nameServerAddresses,
  nameServersOf,
  soaOf,
  TTL_SECONDS,
  VANTAGES,
} from './watched-names.ts'

/** Rounds of an hour each: enough for `no_flux_seen`, and for the longest wait. */
export const SEED_ROUNDS = 6
const ROUND_MS = 3_600_000
/** A fluxing name shows so many addresses a round. */
const AGENTS_A_ROUND = 10

/** As in a service without address databases. */
export const NO_ENRICHMENT: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

type Answers = Readonly<Partial<Record<QuestionType, readonly string[]>>>

/** `until`: the latest round is so much before it that the next is due then; ms since the epoch. */
export function settledHost(index: number, until: number): HostSeries {
  return hostSeries(nameOf(index), until, () => ({ A: [ipv4Of(index)], AAAA: [ipv6Of(index)] }))
}

/** New addresses in each round: enough for `flux`. */
export function fluxingHost(index: number, until: number): HostSeries {
  return hostSeries(nameOf(index), until, (round) => ({
    A: Array.from({ length: AGENTS_A_ROUND }, (_, seat) =>
      agentOf(index * 1000 + round * AGENTS_A_ROUND + seat),
    ),
  }))
}

export function nameServerHost(hoster: number, server: number, until: number): HostSeries {
  const [a, aaaa] = nameServerAddresses(hoster, server)
  return hostSeries(nameServersOf(hoster)[server]!, until, () => ({ A: [a], AAAA: [aaaa] }))
}

export function zoneSeries(index: number, until: number): ZoneSeries {
  const name = nameOf(index)
  const answers: Answers = { NS: nameServersOf(hosterOf(index)), SOA: [soaOf(index)] }
  let series = newZoneSeries(name)
  for (const [round, startedAt] of roundTimes(until))
    series = foldZoneRound(series, {
      target: { kind: 'zone', name },
      number: round,
      startedAt,
      observations: observe(name, answers, startedAt),
    })
  return series
}

/** The verdict of a name whose name servers are the hoster's. */
export function assessSeeded(
  index: number,
  host: HostSeries,
  zone: ZoneSeries,
  servers: readonly HostSeries[],
): Assessment {
  const domain = { domain: nameOf(index), host, zone, nameServers: servers }
  return assess(domain, NO_ENRICHMENT, DEFAULT_POLICY, (host.lastAt ?? 0) + 1, null)
}

function agentOf(n: number): string {
  return `${24 + (n % 90)}.${(n * 7) % 250}.${(n * 13) % 250}.${1 + (n % 250)}`
}

function hostSeries(name: string, until: number, answersOf: (round: number) => Answers): HostSeries {
  let series = newHostSeries(name)
  for (const [round, startedAt] of roundTimes(until))
    series = foldHostRound(series, {
      target: { kind: 'host', name },
      number: round,
      startedAt,
      observations: observe(name, answersOf(round), startedAt),
    })
  return series
}

function roundTimes(until: number): readonly (readonly [number: number, startedAt: number])[] {
  return Array.from(
    { length: SEED_ROUNDS },
    (_, index) => [index + 1, until - (SEED_ROUNDS - index) * ROUND_MS] as const,
  )
}

function observe(qname: string, answers: Answers, at: number): Observation[] {
  return (Object.entries(answers) as [QuestionType, readonly string[]][]).flatMap(([qtype, data]) =>
    VANTAGES.map((vantage) => ({
      at,
      vantage,
      qname,
      qtype,
      outcome: 'answer' as const,
      rcode: 'NOERROR',
      rttMs: 1,
      answer: data.map((one) => ({ name: qname, type: qtype, ttlSeconds: TTL_SECONDS, data: one })),
      authority: [],
      additional: [],
    })),
  )
}
