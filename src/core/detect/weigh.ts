// From features to log-odds and evidence, both halves of the question: the fitted model, what the context lists explain, what
// neighbours and sensors add, and what has faded. No threshold stands here; the verdict is decide.ts.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { ContextMatch, Evidence, InnocentKind } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import { leanOfAddresses } from './address-leaning.ts'
import type { ContextFinding } from './context/find-context.ts'
import { fade, QUIET_ADDRESSES, QUIET_NAME_SERVERS } from './fading.ts'
import type { Faded } from './fading.ts'
import { lean } from './likelihood.ts'
import type { Leaning, WeighedSign } from './likelihood.ts'
import { neighbourEvidence } from './neighbours.ts'
import { sensorEvidence } from './sensors.ts'
import type { Model } from './model/model-file.ts'
import { nameServerRegime } from './model/regime.ts'
import type { LogOdds } from './posterior.ts'
import { NAME_SERVER_SIGNS } from './signs/catalogue.ts'

export interface Weighing {
  readonly odds: LogOdds
  /** In order of |weight|, heaviest first. */
  readonly evidence: readonly Evidence[]
  readonly context: readonly ContextMatch[]
  /** The benign behaviour that each half resembles most; null where nothing was read. */
  readonly innocent: { readonly addresses: InnocentKind | null; readonly nameServers: InnocentKind | null }
  /** When the half of the evidence that has faded moved last; null while none has. ms since the epoch. */
  readonly quietSince: number | null
}

/** Under this a weight is noise and the sentence would only be in the way. Nats. */
const LEAST_WEIGHT = 0.05

/** `sensors`: names of those whose sightings the features count, sorted. */
export function weigh(
  model: Model,
  features: FeatureTable,
  findings: readonly ContextFinding[],
  policy: Policy,
  now: number,
  sensors: readonly string[] = [],
): Weighing {
  const addresses = leanOfAddresses(model.addresses, features, findings)
  const nameServers = lean(model.nameServers, nameServerRegime(features), NAME_SERVER_SIGNS, features)
  const others = [
    ...neighbourEvidence(features, policy.neighbourNats),
    ...sensorEvidence(features, sensors, findings.length > 0, policy.sensorCapNats),
  ]
  const movedAddresses = fade(
    addresses.odds + weightAbout('addresses', others),
    QUIET_ADDRESSES,
    features,
    policy.addressFading,
    now,
  )
  const movedServers = fade(
    nameServers.odds + weightAbout('name_servers', others),
    QUIET_NAME_SERVERS,
    features,
    policy.nameServerFading,
    now,
  )
  const evidence = [...others]
  addEvidence(evidence, addresses.signs, features)
  addEvidence(evidence, nameServers.signs, features)
  for (const faded of [movedAddresses.evidence, movedServers.evidence]) {
    if (faded !== null) evidence.push({ ...faded, weight: toCents(faded.weight) })
  }
  return {
    odds: { addresses: movedAddresses.odds, nameServers: movedServers.odds },
    evidence: evidence.toSorted(heaviestFirst),
    context: contextOf(model, features, findings, addresses),
    innocent: { addresses: addresses.innocent, nameServers: nameServers.innocent },
    quietSince: lastMove(movedAddresses, movedServers),
  }
}

function weightAbout(about: Evidence['about'], pieces: readonly Evidence[]): number {
  let sum = 0
  for (const piece of pieces) if (piece.about === about) sum += piece.weight
  return sum
}

function addEvidence(evidence: Evidence[], signs: readonly WeighedSign[], features: FeatureTable): void {
  for (const { sign, value, weight } of signs) {
    if (Math.abs(weight) < LEAST_WEIGHT) continue
    evidence.push({
      id: sign.id,
      pointsTo: weight > 0 ? 'flux' : 'no_flux',
      about: sign.about,
      weight: toCents(weight),
      value,
      unit: sign.unit,
      text: sign.text(features),
      source: sign.source,
    })
  }
}

/** What each finding took from the log-odds of the addresses, in the order in which they are given. */
function contextOf(
  model: Model,
  features: FeatureTable,
  findings: readonly ContextFinding[],
  withAll: Leaning,
): ContextMatch[] {
  if (findings.length === 0) return []
  let before = leanOfAddresses(model.addresses, features, []).odds
  return findings.map(({ list, entry, matched, explains }, index) => {
    const last = index === findings.length - 1
    const after = last
      ? withAll.odds
      : leanOfAddresses(model.addresses, features, findings.slice(0, index + 1)).odds
    // Never minus zero.
    const effect = toCents(after - before) + 0
    before = after
    return { list, entry, matched, explains, effect }
  })
}

function lastMove(addresses: Faded, nameServers: Faded): number | null {
  if (addresses.quietSince === null) return nameServers.quietSince
  return Math.max(addresses.quietSince, nameServers.quietSince ?? -Infinity)
}

function toCents(weight: number): number {
  return Math.round(weight * 100) / 100
}

function heaviestFirst(a: Evidence, b: Evidence): number {
  return Math.abs(b.weight) - Math.abs(a.weight) || (a.id < b.id ? -1 : 1)
}
