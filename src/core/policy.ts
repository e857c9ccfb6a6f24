// Every threshold of the decision and of the schedule: unit, default, source. What the signs weigh is in the fitted model,
// detect/model/. A change of either bumps MODEL_VERSION.

/** Version of the fitted model and of the thresholds; in every assessment. */
export const MODEL_VERSION = '2026.2'

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
  /** Addresses that one vantage saw beyond those of its first answer: of the name, for NS flux of its name servers. */
  readonly moved: number
}

/** What the sequential decision is allowed to get wrong; its bounds follow (detect/bounds.ts). */
export interface ErrorRates {
  /** Share of the names without flux that may be called `flux`. */
  readonly falseAlarm: number
  /** Share of the fluxing names that may be called `no_flux_seen`. */
  readonly miss: number
}

/** How fast evidence of movement fades once nothing moves any more. */
export interface Fading {
  readonly graceSeconds: number
  readonly halfLifeSeconds: number
  /** Fresh answers since the last new address: who was not looked at did not stand still. */
  readonly leastAnswers: number
  readonly source: string
}

export interface Policy {
  readonly priors: Priors
  readonly errorRates: ErrorRates
  /** A name that was `flux` stays so down to this posterior: verdicts must not flap. */
  readonly fluxExitScore: number
  /** Posterior from which a name is `suspicious`. */
  readonly suspiciousScore: number
  /** A name that was `suspicious` stays so down to this posterior. */
  readonly suspiciousExitScore: number
  /** Share that double flux must have against single and against ns alone to be called double. Ratio. */
  readonly doubleAssurance: number
  /** Nats that neighbours which were flagged on their own, or their network, may add to a name that moves itself. */
  readonly neighbourNats: number
  /** Nats that what sensors saw may add to a name that moves itself. */
  readonly sensorCapNats: number
  /** A flagged name joins a network when it has this share of what the network's own names have in common. Ratio, 0…1. */
  readonly networkContainment: number
  /** A name, or a half of a network, that has less than this share leaves it. Ratio, at most `networkContainment`. */
  readonly networkStayContainment: number
  /** An agent that served a flagged name longer ago than this ties it to nobody any more. Seconds. */
  readonly networkLinkSeconds: number
  readonly addressFading: Fading
  readonly nameServerFading: Fading
  /** For single flux. */
  readonly fluxFloor: EvidenceFloor
  /** For NS and double flux. */
  readonly nameServerFluxFloor: EvidenceFloor
  /** For NS and double flux where nothing tells who owns the name servers' addresses: one renumbered server is no flux. */
  readonly nameServerFluxFloorOwnersUnknown: EvidenceFloor
  /** For all three without an ASN database. */
  readonly fluxFloorWithoutAsn: EvidenceFloor
  readonly noFluxFloor: EvidenceFloor
  /** `freshAnswers` is not asked for here: there are none. */
  readonly unresolvableFloor: EvidenceFloor
  /** Wanted by the user for the host; null: the scheduler decides. Seconds. */
  readonly intervalSeconds: number | null
  /** Never sooner than this after a round, but for the quick looks of the direct vantage. Seconds. */
  readonly minIntervalSeconds: number
  /** Ids of the vantages that ask the authorities themselves, so that no cache stands between. From the configuration. */
  readonly directVantages: readonly string[]
  /** Wait before each quick look of the direct vantages at a new name that is undecided. Seconds. */
  readonly directIntervalSeconds: number
  /** Quick looks in the first minute of a name. */
  readonly directQuickLooks: number
  /** Longest wait while a verdict is `pending` or `suspicious`. Seconds. */
  readonly undecidedMaxIntervalSeconds: number
  /** Longest wait otherwise. Seconds. */
  readonly maxIntervalSeconds: number
  /** By this factor the wait grows from round to round once a verdict is settled. */
  readonly settledGrowthFactor: number
  /** A shared host or zone waits this share of the time since its last change, a direct vantage of that since its first. Ratio. */
  readonly sharedWaitRatio: number
  /** And no longer than this many of its TTLs, though at least `undecidedMaxIntervalSeconds`. */
  readonly sharedWaitTtls: number
  /** Single or NS flux is the whole truth when the other half was watched this long without moving. Seconds. */
  readonly settledTypeSeconds: number
  /** A watch that nobody set a time for ends this long after the first `flux`, when its type is settled. Seconds. */
  readonly answeredFluxSeconds: number
  /** And a `no_flux_seen` this long after the last new address, an `unresolvable` this long after the last answer. Seconds. */
  readonly answeredQuietSeconds: number
  /** With at least so many fresh answers; for `no_flux_seen`. */
  readonly answeredFreshAnswers: number
}

export const DEFAULT_POLICY: Policy = {
  // Any flux 7.8 %: 387 of 4,961 suspect names (Passerini et al., DIMVA 2008). The split is hand-set, unvalidated: Konte et
  // al., PAM 2009, found A-only 5 %, NS-only 14 %, both 81 % in 2008; single flux is said to prevail today.
  priors: { none: 0.922, single: 0.03, ns: 0.02, double: 0.028 },
  // What Wald's bounds promise as long as the likelihood ratios are right: a posterior of 0.959 to flag, one of 0.0042 to clear.
  // Chosen on members of the `fit` population that the model had not seen: there 2 of 4,040 benign names whose owners were known
  // ever crossed the upper bound (0.05 %). docs/accuracy.md says what holds on the `report` population.
  errorRates: { falseAlarm: 0.0034, miss: 0.05 },
  // Hand-set: the way out is wide of the way in. A settled name is looked at seldom, and what moves between two looks far apart
  // resembles other things; what stops moving fades below this by itself.
  fluxExitScore: 0.2,
  suspiciousScore: 0.5,
  suspiciousExitScore: 0.35,
  doubleAssurance: 0.8,
  // Hand-set: a likelihood ratio of 4.5. No simulation of campaigns stands behind it.
  neighbourNats: 1.5,
  // Hand-set, unvalidated: a likelihood ratio of 7.4. From the prior it takes 5.6 nats to flag: two thirds are to be our own.
  sensorCapNats: 2,
  // Measured with bench/networks on lab worlds: at 0.4 two botnets with a tenth of their machines in common were taken for one in one
  // of five worlds, at 0.5 in none; at 0.6 names that each saw little of a large pool begin to be missed.
  networkContainment: 0.5,
  // Hand-set: the way out is wide of the way in, so that a name at the edge does not come and go.
  networkStayContainment: 0.25,
  // 30 days: as long as flagged names are noted at an address (queue/flagged-agents.ts).
  networkLinkSeconds: 2_592_000,
  addressFading: {
    graceSeconds: 86_400,
    halfLifeSeconds: 43_200,
    leastAnswers: 20,
    source:
      'Nazario & Holz, MALWARE 2008: a domain was dropped 24 h after its last new address; half-life hand-set',
  },
  nameServerFading: {
    graceSeconds: 216_000,
    halfLifeSeconds: 108_000,
    leastAnswers: 20,
    source:
      'Konte et al., PAM 2009, figure 2: 75 % of the fluxing name-server addresses change within 2.1 · 10^5 s; half-life hand-set',
  },
  // An address set has to be seen moving, however diverse it is: two looks, two new addresses.
  fluxFloor: { rounds: 2, freshAnswers: 3, observedSeconds: 0, moved: 2 },
  nameServerFluxFloor: { rounds: 2, freshAnswers: 3, observedSeconds: 0, moved: 1 },
  nameServerFluxFloorOwnersUnknown: { rounds: 2, freshAnswers: 3, observedSeconds: 0, moved: 2 },
  // Hand-set, unvalidated: a /16 is a poor witness.
  fluxFloorWithoutAsn: { rounds: 5, freshAnswers: 8, observedSeconds: 600, moved: 4 },
  // Ten minutes: the window of Caglayan et al., CATCH 2009. Rounds and answers hand-set, unvalidated.
  noFluxFloor: { rounds: 3, freshAnswers: 2, observedSeconds: 600, moved: 0 },
  unresolvableFloor: { rounds: 3, freshAnswers: 0, observedSeconds: 120, moved: 0 },
  intervalSeconds: null,
  // Hand-set: two questions × three vantages each half minute are no burden to anybody.
  minIntervalSeconds: 30,
  directVantages: [],
  // Hand-set. Exempt from the minimum, for that is kept for the resolvers' sake: here the name's own authorities are asked, no
  // cache is burdened, and it is four more looks in the life of a watch. Flux that answers each query anew shows in them.
  directIntervalSeconds: 3,
  directQuickLooks: 4,
  // Konte et al. and Holz et al. probed every 300 s, which is also the commonest TTL of flux (36 of 36 live names in 2011): room
  // for its expiry and for the spread, or each look would come just too early.
  undecidedMaxIntervalSeconds: 360,
  maxIntervalSeconds: 3600,
  settledGrowthFactor: 1.5,
  sharedWaitRatio: 0.15,
  // Hand-set, unvalidated.
  sharedWaitTtls: 10,
  // 60 h: by then 75 % of the fluxing name-server addresses have changed once (Konte et al., PAM 2009, figure 2).
  settledTypeSeconds: 216_000,
  // A day: the diurnal cycle of the bots once round (Nazario & Holz, MALWARE 2008).
  answeredFluxSeconds: 86_400,
  // Nazario & Holz dropped a domain after 24 h without a new address. Answers hand-set: what three vantages give in a day for a
  // TTL of a day.
  answeredQuietSeconds: 86_400,
  answeredFreshAnswers: 6,
}
