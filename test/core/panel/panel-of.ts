// What a detector of the panel makes of a scripted series.
import { measureFeatures } from '../../../src/core/features/catalogue.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { PanelOpinion } from '../../../src/core/model/assessment.ts'
import { askPanel } from '../../../src/core/panel/catalogue.ts'
import type { PanelDetector } from '../../../src/core/panel/panel-detector.ts'
import type { DomainSeries } from '../../../src/core/series/domain-series.ts'
import { domainOf, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

export const NAME = 'www.example'

/** `countries` by first octet; every /16 is an ASN of its own. */
export function enrichmentOf(countries: Readonly<Record<string, string>> = {}): Enrichment {
  return {
    hasAsn: true,
    hasCountry: true,
    factsOf: (address) => {
      const [first = '', second = ''] = address.split('.')
      const asn = Number(first) * 256 + Number(second)
      return { asn, organisation: null, country: countries[first] ?? null }
    },
  }
}

export function opinionsOn(
  series: DomainSeries,
  enrichment: Enrichment = enrichmentOf(),
): readonly PanelOpinion[] {
  const view = viewDomain(series, enrichment, START)
  return askPanel(view, new FeatureTable(measureFeatures(view)))
}

export function opinionOn(
  { detector }: PanelDetector,
  series: DomainSeries,
  enrichment?: Enrichment,
): PanelOpinion {
  return opinionsOn(series, enrichment).find((opinion) => opinion.detector === detector)!
}

/** A name alone, without zone and name servers: one round a look. */
export function hostAlone(looks: readonly Look[]): DomainSeries {
  return domainOf(
    watchHost(
      NAME,
      looks.map((look) => [look]),
    ),
  )
}
