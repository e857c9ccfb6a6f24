// What is said about an assessment in sentences. Made when it is read, never stored: an assessment is kept for each domain.

/** The seven marks of a fast-flux network, in the order in which they are usually told. */
export const CHARACTERISTIC_IDS = [
  'different-machines',
  'many-consumer-networks',
  'low-ttl',
  'hidden-host',
  'name-servers-flux',
  'replaced-machines',
  'shared-roles',
] as const
export type CharacteristicId = (typeof CHARACTERISTIC_IDS)[number]

/** `unknown` when DNS cannot show it, or has not yet. */
export const OBSERVED = ['yes', 'no', 'unknown'] as const
export type Observed = (typeof OBSERVED)[number]

export interface Characteristic {
  readonly id: CharacteristicId
  readonly title: string
  readonly observed: Observed
  /** What was seen, with its numbers, and what that does not show. */
  readonly text: string
}

/** A heading of the detection list of the joint advisory AA25-093A, and what was seen under it. */
export interface AdvisoryPoint {
  readonly heading: string
  readonly text: string
}

export interface Explanation {
  readonly summary: string
  /** The evidence and the context, heaviest first; each with its direction and its weight in nats. */
  readonly sentences: readonly string[]
  readonly characteristics: readonly Characteristic[]
  readonly advisory: readonly AdvisoryPoint[]
  /** What would change the verdict. */
  readonly wouldChange: readonly string[]
  readonly nextProbe: string
}
