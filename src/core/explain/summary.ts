// The verdict in one or two sentences.
import { percentOf } from '../detect/prose-number.ts'
import { countOf } from '../detect/signs/sign.ts'
import type { Assessment, FluxType } from '../model/assessment.ts'
import { instantText, scoreText } from './prose.ts'

const FLUXES: Readonly<Record<FluxType, string>> = {
  single: 'its addresses flux (single flux)',
  ns: 'its name servers flux (NS flux)',
  double: 'its addresses and its name servers flux (double flux)',
}

export function summarise(assessment: Assessment): string {
  const { domain, score, rounds, observedForSeconds, evidence } = assessment
  const basis = `score ${scoreText(score)} after ${countOf(rounds, 'round')} in ${observedForSeconds} s`
  const heaviest = evidence[0]
  const most = heaviest === undefined ? '' : ` What weighs most: ${heaviest.text}`
  return `${domain}: ${said(assessment)}; ${basis}.${resembles(assessment)}${quiet(assessment)}${most}`
}

/** What the name resembles among all that is benign; where it fluxes that is beside the point. */
function resembles({ verdict, innocent }: Assessment): string {
  // An assessment that an older version stored does not say.
  const kind = verdict === 'flux' || verdict === 'unresolvable' ? null : (innocent?.addresses ?? null)
  if (kind === null) return ''
  return ` Of all that is benign its addresses behave most like: ${kind.kind} (${percentOf(kind.share)}).`
}

function quiet({ quietSince }: Assessment): string {
  if (typeof quietSince !== 'number') return ''
  return ` What moved before has stood still since ${instantText(quietSince)}.`
}

function said({ verdict, fluxType }: Assessment): string {
  switch (verdict) {
    case 'flux':
      return fluxType === null ? 'it fluxes' : FLUXES[fluxType]
    case 'suspicious':
      return 'it leans to flux, not far enough to call it'
    case 'no_flux_seen':
      return 'no flux was seen, which does not make it harmless'
    case 'unresolvable':
      return 'it cannot be resolved, which is no sign of flux'
    case 'pending':
      return 'it is not decided yet'
  }
}
