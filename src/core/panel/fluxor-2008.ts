// FluXOR (Passerini, Paleari, Martignoni, Bruschi, DIMVA 2008): a Gaussian naive Bayes classifier with the means and standard
// deviations that its paper prints for the model after three hours. Features that we have not are left out, which the paper's
// classifier allows: age and registrar (no registration data), and those whose standard deviations we do not have.
import type { PanelDetector } from './panel-detector.ts'

interface Gaussian {
  readonly mean: number
  readonly sd: number
}

interface ClassConditional {
  readonly benign: Gaussian
  readonly flux: Gaussian
}

/** F3 distinct A records, F4 TTL (s), F5 distinct networks, F6 distinct ASNs. */
export interface FluxorFeatures {
  readonly addresses: number | null
  readonly ttlSeconds: number | null
  readonly networks: number | null
  readonly asns: number | null
}

const MODEL: { readonly [feature in keyof FluxorFeatures]: ClassConditional } = {
  addresses: { benign: { mean: 2.86, sd: 3.89 }, flux: { mean: 98.1, sd: 37.3 } },
  ttlSeconds: { benign: { mean: 4592, sd: 7669 }, flux: { mean: 261, sd: 60 } },
  networks: { benign: { mean: 1.27, sd: 0.65 }, flux: { mean: 63.8, sd: 23.9 } },
  asns: { benign: { mean: 1.11, sd: 0.36 }, flux: { mean: 38.4, sd: 12.3 } },
}
const FEATURES = Object.keys(MODEL) as readonly (keyof FluxorFeatures)[]
/** 75 flux and 50 benign names in the training set. */
const PRIOR_LOG_ODDS = Math.log(75 / 50)

/** Posterior probability of flux, 0…1. A feature that is null says nothing. */
export function fluxorProbability(features: FluxorFeatures): number {
  let logOdds = PRIOR_LOG_ODDS
  for (const feature of FEATURES) {
    const value = features[feature]
    if (value === null) continue
    logOdds += logDensity(value, MODEL[feature].flux) - logDensity(value, MODEL[feature].benign)
  }
  return 1 / (1 + Math.exp(-logOdds))
}

/** Without the constant −½·log 2π, which falls out of every ratio. */
function logDensity(value: number, { mean, sd }: Gaussian): number {
  return -Math.log(sd) - (value - mean) ** 2 / (2 * sd * sd)
}

export const fluxor2008: PanelDetector = {
  detector: 'fluxor-2008',
  computes: 'The naive Bayes probability of flux by counts and TTL',
  threshold: 0.5,
  meaning:
    'Posterior probability of flux from the number of A addresses, their networks and ASNs, and the TTL, with the Gaussians of the paper’s three-hour model and the class sizes of its training set. Flags above 0.5. Networks are /16s here, registered networks there; the TTL is the largest of a fresh answer.',
  source: 'Passerini, Paleari, Martignoni, Bruschi: FluXOR, DIMVA 2008',
  blindSpot:
    'The benign model knows one or two networks: two or three ASNs outweigh everything. Neither change nor name servers count, and a TTL far from 261 s weighs heavily against flux.',
  leftOut:
    'F1 domain age and F2 registrar (no registration data); F7 domains in PTR names, F8 network names, F9 organisations, whose standard deviations we do not have. The models after one and two hours.',
  measure({ table }) {
    const addresses = table.count('a_addresses')
    if (addresses === 0) return null
    return fluxorProbability({
      addresses,
      ttlSeconds: table.value('a_ttl_max'),
      networks: table.value('a_slash16s'),
      asns: table.value('a_asns'),
    })
  },
}
