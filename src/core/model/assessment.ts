// What `assess()` answers: the verdict and everything that explains it. The HTTP form (snake case) is made in api/.
import type { MatchedBy } from '../detect/context/context-list.ts'
import type { BenignAddressClass } from '../detect/model/classes.ts'

/** Never "benign": a stable phishing site is not benign. */
export type VerdictName = 'pending' | 'no_flux_seen' | 'suspicious' | 'flux' | 'unresolvable'
export const VERDICT_NAMES = [
  'pending',
  'no_flux_seen',
  'suspicious',
  'flux',
  'unresolvable',
] as const satisfies readonly VerdictName[]

/** `single`: the A/AAAA set fluxes · `ns`: the name servers or their addresses do · `double`: both. */
export type FluxType = 'single' | 'ns' | 'double'

/** A number with a name, a unit, and how many observations it rests on. `value` is null when it is undefined, never 0 instead. */
export interface Feature {
  readonly id: string
  readonly value: number | null
  readonly unit: string
  /** Observations (or addresses, as the feature's docstring says) that the value rests on. */
  readonly support: number
}

/** A feature turned into weight for or against flux. */
export interface Evidence {
  readonly id: string
  readonly pointsTo: 'flux' | 'no_flux'
  /** Which hypothesis it speaks about: the address set of the name or its name servers. */
  readonly about: 'addresses' | 'name_servers'
  /** Log-likelihood ratio in nats; positive points to flux, negative away from it. */
  readonly weight: number
  readonly value: number
  readonly unit: string
  /** One sentence an analyst can paste; every number in it is in the assessment. */
  readonly text: string
  readonly source: string
  /** `sensor:<name>` of the sensors whose imported data it rests on. Absent: on our own vantages alone. */
  readonly restsOn?: readonly string[]
}

/** A published detector's second opinion; never decisive. */
export interface PanelOpinion {
  readonly detector: string
  /** Null when the detector is not defined on what was seen. */
  readonly value: number | null
  readonly threshold: number
  readonly flags: boolean
  /** One sentence why. Absent where the detector gives none. */
  readonly text?: string
}

export interface ContextMatch {
  readonly list: string
  readonly entry: string
  /** Nats added to the decision; negative lowers confidence in flux. */
  readonly effect: number
  /** Where it matched. Absent in an assessment of an older model. */
  readonly matched?: MatchedBy
  /** The kind of benign address set that it speaks for. Absent as above. */
  readonly explains?: BenignAddressClass
}

/** A benign kind of behaviour, and its share of the probability of all benign kinds together, 0…1. */
export interface InnocentKind {
  readonly kind: string
  readonly share: number
}

export interface Assessment {
  readonly domain: string
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  /** Posterior probability that the name fluxes in any of the three ways, 0…1. */
  readonly score: number
  readonly asOf: number
  readonly rounds: number
  readonly observedForSeconds: number
  /** In order of |weight|, heaviest first. */
  readonly evidence: readonly Evidence[]
  readonly context: readonly ContextMatch[]
  /** What the name resembles most among all that is benign; null where nothing was read. Absent as in `ContextMatch`. */
  readonly innocent?: { readonly addresses: InnocentKind | null; readonly nameServers: InnocentKind | null }
  /** When what has stopped moving moved last; null while nothing has faded. ms since the epoch. Absent as above. */
  readonly quietSince?: number | null
  readonly features: readonly Feature[]
  readonly panel: readonly PanelOpinion[]
  /** Plain sentences: why the verdict is not further, e.g. which evidence floor is not reached, or no ASN database. */
  readonly notes: readonly string[]
  /** Version of weights and thresholds. */
  readonly model: string
  /** When the next round of the host is worth most; ms since the epoch. */
  readonly nextProbeAt: number
}
