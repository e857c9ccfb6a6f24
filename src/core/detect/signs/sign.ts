// What a sign is: a feature read in steps, beside how much it rests on. How strongly a step speaks for each class of behaviour
// is in the model (detect/model/), not here; a sign decides only what is told apart, and says it in a sentence.
import { FeaturePlace } from '../../features/feature-definition.ts'
import type { FeatureTable } from '../../features/feature-definition.ts'
import type { Evidence } from '../../model/assessment.ts'

export interface Steps {
  /** Rising; step i is what lies under edges[i] and not under edges[i − 1]; the last step is the rest. */
  readonly edges: readonly number[]
}

/** What a step's meaning depends on: no growth after two looks is another thing than after two hundred. */
export interface Stage extends Steps {
  readonly feature: string
  readonly of: 'value' | 'support'
}

export interface Sign extends Steps {
  /** Kebab case, unique; the id of the evidence. */
  readonly id: string
  /** Its table in the model. The AAAA twin of a sign shares that of the A sign: no data tells them apart. */
  readonly table: string
  readonly about: Evidence['about']
  readonly feature: string
  readonly unit: string
  readonly stage: Stage | null
  /** What the fit lets one sign say at most, nats: a simulation is never as surprising as the Internet. */
  readonly capNats: number
  /** Where the idea and the steps are from. The weights are the model's. */
  readonly source: string
  /** Where the value is not the feature's own. Null: silent. */
  read?(features: FeatureTable): number | null
  /** One sentence; its numbers are values and supports of features. */
  text(features: FeatureTable): string
}

/** One of the two families of addresses; their signs are twins. */
export interface Family {
  readonly prefix: 'a' | 'aaaa'
  readonly type: 'A' | 'AAAA'
}

/** Where the features of a sign stand; kept by whoever reads the sign often. */
export class SignPlaces {
  readonly value: FeaturePlace
  readonly stage: FeaturePlace

  constructor({ feature, stage }: Sign) {
    this.value = new FeaturePlace(feature)
    this.stage = new FeaturePlace(stage?.feature ?? feature)
  }
}

export function readSign(
  sign: Sign,
  features: FeatureTable,
  places: SignPlaces = new SignPlaces(sign),
): number | null {
  return sign.read === undefined ? features.at(places.value).value : sign.read(features)
}

export function stageOf(
  sign: Sign,
  features: FeatureTable,
  places: SignPlaces = new SignPlaces(sign),
): number {
  if (sign.stage === null) return 0
  const { value, support } = features.at(places.stage)
  return stepOf(sign.stage.of === 'support' ? support : (value ?? 0), sign.stage.edges)
}

export function stepOf(value: number, edges: readonly number[]): number {
  let step = 0
  while (step < edges.length && value >= edges[step]!) step += 1
  return step
}

/** `1 address`, `2 addresses`: the plural is given where it is more than an `s`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}
