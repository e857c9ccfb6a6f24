// What a feature is: a named measurement of a domain's series. Features never judge; detect/ does.
import type { Feature } from '../model/assessment.ts'
import type { DomainView } from './domain-view.ts'

export interface Measured {
  /** Null when undefined, never 0 instead. */
  readonly value: number | null
  /** Observations or addresses that it rests on. */
  readonly support: number
}

/** What is measured on nothing. */
export const UNMEASURED: Measured = { value: null, support: 0 }

/**
 * Which way a high value points: `flux` · `no_flux` · `either` (it depends on others, or on the stage of the watch) · `none` (no way
 * of its own: it is a count that others rest on, or is only shown).
 */
export type Direction = 'flux' | 'no_flux' | 'either' | 'none'

export interface FeatureDefinition {
  /** Snake case; the key in the verdict's `features`. */
  readonly id: string
  readonly unit: string
  /** What it counts and over what, in one sentence; the docs print it. */
  readonly meaning: string
  readonly direction: Direction
  /** The paper that the idea is from; `ours` where there is none. */
  readonly source: string
  /** What it cannot see, or takes for what it is not; one sentence. */
  readonly blindSpot: string
  measure(view: DomainView): Measured
}

/** Counts as they are, everything else with four significant digits: what is shown is what is weighed. */
export function roundForShow(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}

/** The features of an assessment, by id. Asking for one that is not in the catalogue is a bug and throws. */
export class FeatureTable {
  readonly #byId: ReadonlyMap<string, Feature>

  constructor(features: readonly Feature[]) {
    this.#byId = new Map(features.map((feature) => [feature.id, feature]))
  }

  value(id: string): number | null {
    return this.#get(id).value
  }

  support(id: string): number {
    return this.#get(id).support
  }

  /** The value of a feature that is always defined (a count). */
  count(id: string): number {
    return this.#get(id).value ?? 0
  }

  #get(id: string): Feature {
    const feature = this.#byId.get(id)
    if (feature === undefined) throw new Error(`no such feature: ${id}`)
    return feature
  }
}
