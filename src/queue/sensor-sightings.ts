// What a round asks of sensors before the assessment: where they saw the name lead. What it says is decided in core/.
import { withSensors, type Enrichment } from '../core/model/address-facts.ts'
import type { DomainSeries } from '../core/series/domain-series.ts'
import type { RoundParts } from './round-ports.ts'

/** The enrichment, with what sensors saw of the domain in the last month; the same one where they saw nothing. */
export async function withSightings(
  { domain }: DomainSeries,
  enrichment: Enrichment,
  { sensors }: Pick<RoundParts, 'sensors'>,
  now: number,
): Promise<Enrichment> {
  const seen = (await sensors?.of(domain, now)) ?? null
  return seen === null ? enrichment : withSensors(enrichment, seen)
}
