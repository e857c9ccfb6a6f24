// Replays the responses of one domain through the detector: each response is a look, each look is assessed at its time.
import { assess } from '../assess.ts'
import type { Enrichment } from '../model/address-facts.ts'
import type { Assessment } from '../model/assessment.ts'
import type { Observation, ProbeRound } from '../model/observation.ts'
import type { Target } from '../model/target.ts'
import { registrableDomain } from '../names/registrable-domain.ts'
import type { Policy } from '../policy.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import { foldHostRound, newHostSeries } from '../series/host-series.ts'
import type { HostSeries } from '../series/host-series.ts'
import { foldZoneRound, newZoneSeries } from '../series/zone-series.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import type { ReplayResponse } from './replay-line.ts'
import { inReplayOrder } from './replay-order.ts'
import { nameServerRecords, readResponse } from './response-rounds.ts'

export interface ReplayResult {
  readonly set: string | null
  readonly domain: string
  readonly responses: number
  /** How many responses it took to be `flux` for the first time; null when it never was. */
  readonly flaggedAfter: number | null
  readonly assessment: Assessment
  /** As it was when that was made. */
  readonly series: DomainSeries
}

/**
 * `responses`: all of one domain, at least one, in any order; they are replayed in order of time. A response that stands there twice
 * counts once, but for `responses`.
 */
export function replayDomain(
  responses: readonly ReplayResponse[],
  enrichment: Enrichment,
  policy: Policy,
): ReplayResult {
  const ordered = inReplayOrder(responses)
  const { domain, set } = ordered[0]!.response
  // Which names are name servers is a matter of reading; their addresses are seen only when their response comes.
  const known = new Set(
    responses.flatMap((response) => nameServerRecords(response).map((record) => record.data)),
  )
  let host = newHostSeries(domain)
  let zone: ZoneSeries | null = null
  const servers = new Map<string, HostSeries>()
  let assessment: Assessment | null = null
  let series: DomainSeries | null = null
  let flaggedAfter: number | null = null
  let replayed = 0

  for (const { response, isRepeated } of ordered) {
    if (isRepeated) continue
    replayed += 1
    const reading = readResponse(response, known)
    if (reading.host !== null) host = foldHostRound(host, roundOf(host, [reading.host], response.at))
    if (reading.zone !== null) {
      const held: ZoneSeries = zone ?? newZoneSeries(registrableDomain(domain) ?? domain)
      zone = foldZoneRound(held, roundOf(held, [reading.zone], response.at))
    }
    for (const [name, observations] of reading.nameServers) {
      const held = servers.get(name) ?? newHostSeries(name)
      servers.set(name, foldHostRound(held, roundOf(held, observations, response.at)))
    }
    series = { domain, host, zone, nameServers: [...servers.values()] }
    assessment = assess(series, enrichment, policy, response.at, assessment?.verdict ?? null)
    if (assessment.verdict === 'flux') flaggedAfter ??= replayed
  }
  return { set, domain, responses: ordered.length, flaggedAfter, assessment: assessment!, series: series! }
}

function roundOf(
  series: HostSeries | ZoneSeries,
  observations: readonly Observation[],
  startedAt: number,
): ProbeRound {
  const target: Target = { kind: series.kind, name: series.name }
  return { target, number: series.rounds + 1, startedAt, observations }
}
