// Sentences that say what a verdict does not rest on: what was not looked at, and what was assumed in its place.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { Enrichment } from '../model/address-facts.ts'

/** Konte et al., PAM 2009: even after an hour nine in ten moving name servers have not moved. Seconds. */
const SHORT_WATCH_SECONDS = 3600

export function limitsOf(
  series: DomainSeries,
  features: FeatureTable,
  enrichment: Enrichment,
): readonly string[] {
  const notes: string[] = []
  if (!enrichment.hasAsn) {
    notes.push(
      'No ASN database is loaded: /16 networks stand in for operators, and more evidence is asked for.',
    )
  }
  if (features.count('own_failures') > 0) {
    notes.push(`${features.count('own_failures')} questions failed on our side and were left out.`)
  }
  const watched = features.value('ns_watched')
  if (features.value('ns_addresses') === null || features.count('ns_addresses') === 0) {
    notes.push('No address of a name server was seen, so NS flux and double flux cannot show.')
  } else if (features.count('ns_new_addresses') === 0 && (watched ?? 0) < SHORT_WATCH_SECONDS) {
    notes.push(`The name servers were watched for ${watched ?? 0} s; NS flux can take hours to days to show.`)
  }
  const { lastAnswerAt, lastAt } = series.host
  if (lastAnswerAt !== null && lastAt !== null && lastAnswerAt < lastAt - SHORT_WATCH_SECONDS * 1000) {
    notes.push('The name has brought no address for over an hour; the verdict rests on what was seen before.')
  }
  return notes
}
