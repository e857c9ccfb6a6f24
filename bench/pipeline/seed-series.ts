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
import { enrichment as OWNERS_KNOWN } from '../assess-names.ts'
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

/** Of a settled name: enough for `no_flux_seen`, and for the longest wait. */
const SETTLED: Pace = { rounds: 6, everyMs: 3_600_000 }
/** Of a fluxing one, whose answers hold five addresses and are others each time, to each vantage. */
const FLUXING: Pace = { rounds: 36, everyMs: 301_000 }
const AGENTS_AN_ANSWER = 5

interface Pace {
  readonly rounds: number
  readonly everyMs: number
}

/** As in a service without address databases. */
export const NO_ENRICHMENT: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

type Answers = Readonly<Partial<Record<QuestionType, readonly string[]>>>

/** `until`: the latest round is so much before it that the next is due then; ms since the epoch. */
export function settledHost(index: number, until: number): HostSeries {
  return hostSeries(nameOf(index), until, SETTLED, () => ({ A: [ipv4Of(index)], AAAA: [ipv6Of(index)] }))
}

/** New addresses in each answer: enough for `flux` where somebody tells who owns them. */
export function fluxingHost(index: number, until: number): HostSeries {
  return hostSeries(nameOf(index), until, FLUXING, (round, vantage) => ({
    A: Array.from({ length: AGENTS_AN_ANSWER }, (_, seat) =>
      agentOf(index * 1_000 + (round * VANTAGES.length + vantage) * AGENTS_AN_ANSWER + seat),
    ),
  }))
}

export function nameServerHost(hoster: number, server: number, until: number): HostSeries {
  const [a, aaaa] = nameServerAddresses(hoster, server)
  return hostSeries(nameServersOf(hoster)[server]!, until, SETTLED, () => ({ A: [a], AAAA: [aaaa] }))
}

export function zoneSeries(index: number, until: number): ZoneSeries {
  const name = nameOf(index)
  const answers: Answers = { NS: nameServersOf(hosterOf(index)), SOA: [soaOf(index)] }
  let series = newZoneSeries(name)
  for (const [round, startedAt] of roundTimes(until, SETTLED))
    series = foldZoneRound(series, {
      target: { kind: 'zone', name },
      number: round,
      startedAt,
      observations: observe(name, () => answers, startedAt),
    })
  return series
}

/**
 * The verdict of a name whose name servers are the hoster's. A fluxing one is assessed with address databases, without which much
 * more would have to be seen; a settled one without, as the service of the bench has none.
 */
export function assessSeeded(
  kind: 'settled' | 'fluxing',
  host: HostSeries,
  zone: ZoneSeries,
  nameServers: readonly HostSeries[],
): Assessment {
  const domain = { domain: host.name, host, zone, nameServers }
  const facts = kind === 'fluxing' ? OWNERS_KNOWN : NO_ENRICHMENT
  return assess(domain, facts, DEFAULT_POLICY, (host.lastAt ?? 0) + 1, null)
}

function agentOf(n: number): string {
  return `${24 + (n % 90)}.${(n * 7) % 250}.${(n * 13) % 250}.${1 + (n % 250)}`
}

function hostSeries(
  name: string,
  until: number,
  pace: Pace,
  answersOf: (round: number, vantage: number) => Answers,
): HostSeries {
  let series = newHostSeries(name)
  for (const [round, startedAt] of roundTimes(until, pace))
    series = foldHostRound(series, {
      target: { kind: 'host', name },
      number: round,
      startedAt,
      observations: observe(name, (vantage) => answersOf(round, vantage), startedAt),
    })
  return series
}

function roundTimes(
  until: number,
  { rounds, everyMs }: Pace,
): readonly (readonly [number: number, startedAt: number])[] {
  return Array.from(
    { length: rounds },
    (_, index) => [index + 1, until - (rounds - index) * everyMs] as const,
  )
}

function observe(qname: string, answersOf: (vantage: number) => Answers, at: number): Observation[] {
  return VANTAGES.flatMap((vantage, place) =>
    (Object.entries(answersOf(place)) as [QuestionType, readonly string[]][]).map(([qtype, data]) => ({
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
