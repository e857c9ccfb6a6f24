// Every threshold of the decision and of the schedule: unit, default, source. The weights of single pieces of evidence
// stand with their rules in detect/evidence/. A change of either bumps MODEL_VERSION.

/** Version of weights and thresholds; in every assessment. */
export const MODEL_VERSION = '2026.1'

/** Prior probability of each way a submitted name can be; the four sum to 1. */
export interface Priors {
  readonly none: number
  readonly single: number
  readonly ns: number
  readonly double: number
}

/** What must have been seen before a verdict may leave `pending`. */
export interface EvidenceFloor {
  readonly rounds: number
  /** Fresh answers with addresses, all vantages together. */
  readonly freshAnswers: number
  readonly observedSeconds: number
}

export interface Policy {
  readonly priors: Priors
  /** Posterior from which a name is `flux`. */
  readonly fluxScore: number
  /** The same without an ASN database. */
  readonly fluxScoreWithoutAsn: number
  /** A name that was `flux` stays so down to this posterior: verdicts must not flap. */
  readonly fluxExitScore: number
  /** Posterior from which a name is `suspicious`. */
  readonly suspiciousScore: number
  /** A name that was `suspicious` stays so down to this posterior. */
  readonly suspiciousExitScore: number
  /** Share that double flux must have against single and against ns alone to be called double. Ratio. */
  readonly doubleAssurance: number
  /** A set that still replaces addresses over this many unrelated networks, and is on no list, is never `no_flux_seen`. */
  readonly unsettledNetworks: number
  /** For single flux: an address set has to be seen moving. */
  readonly fluxFloor: EvidenceFloor
  /** For NS and double flux: caches hold name servers' addresses for days, so two copies of different age show the past. */
  readonly nameServerFluxFloor: EvidenceFloor
  /** For all three without an ASN database. */
  readonly fluxFloorWithoutAsn: EvidenceFloor
  readonly noFluxFloor: EvidenceFloor
  /** `freshAnswers` is not asked for here: there are none. */
  readonly unresolvableFloor: EvidenceFloor
  /** Wanted by the user for the host; null: the scheduler decides. Seconds. */
  readonly intervalSeconds: number | null
  /** Never sooner than this after a round. Seconds. */
  readonly minIntervalSeconds: number
  /** Longest wait while a verdict is `pending` or `suspicious`. Seconds. */
  readonly undecidedMaxIntervalSeconds: number
  /** Longest wait otherwise. Seconds. */
  readonly maxIntervalSeconds: number
  /** By this factor the wait grows from round to round once a verdict is settled. */
  readonly settledGrowthFactor: number
  /** A shared host or zone waits this share of the time since its last change. Ratio. */
  readonly sharedWaitRatio: number
}

export const DEFAULT_POLICY: Policy = {
  // Any flux 7.8 %: 387 of 4,961 suspect names (Passerini et al., DIMVA 2008). The split is hand-set, unvalidated: Konte et
  // al., PAM 2009, found A-only 5 %, NS-only 14 %, both 81 % in 2008; single flux is said to prevail today.
  priors: { none: 0.922, single: 0.03, ns: 0.02, double: 0.028 },
  // Hand-set, unvalidated.
  fluxScore: 0.95,
  fluxScoreWithoutAsn: 0.98,
  fluxExitScore: 0.8,
  suspiciousScore: 0.5,
  suspiciousExitScore: 0.35,
  doubleAssurance: 0.8,
  unsettledNetworks: 3,
  // Hand-set, unvalidated. Holz et al. decide after two look-ups; three are asked for here, and a minute.
  fluxFloor: { rounds: 3, freshAnswers: 3, observedSeconds: 60 },
  nameServerFluxFloor: { rounds: 3, freshAnswers: 3, observedSeconds: 0 },
  fluxFloorWithoutAsn: { rounds: 5, freshAnswers: 8, observedSeconds: 600 },
  // Ten minutes: the window of Caglayan et al., CATCH 2009. Rounds and answers hand-set, unvalidated.
  noFluxFloor: { rounds: 3, freshAnswers: 2, observedSeconds: 600 },
  unresolvableFloor: { rounds: 3, freshAnswers: 0, observedSeconds: 120 },
  intervalSeconds: null,
  // Hand-set: two questions × three vantages each half minute are no burden to anybody.
  minIntervalSeconds: 30,
  // Konte et al. and Holz et al. probed every 300 s.
  undecidedMaxIntervalSeconds: 300,
  maxIntervalSeconds: 3600,
  settledGrowthFactor: 1.5,
  sharedWaitRatio: 0.15,
}
