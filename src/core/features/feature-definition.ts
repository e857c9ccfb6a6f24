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
  if (Number.isInteger(value)) return value
  const exponent = Math.floor(Math.log10(Math.abs(value)))
  // Where the scale below is no exact number.
  if (exponent > 3 || exponent < -15) return Number(value.toPrecision(4))
  const scale = 10 ** (3 - exponent)
  return Math.round(value * scale) / scale
}

/** A feature that is asked for over and over: its id, and where it was found last. */
export class FeaturePlace {
  id: string
  place = 0

  constructor(id: string) {
    this.id = id
  }
}

/** The features of an assessment, by id. Asking for one that is not in the catalogue is a bug and throws. */
export class FeatureTable {
  readonly #features: readonly Feature[]

  constructor(features: readonly Feature[]) {
    this.#features = features
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

  /** All tables of the catalogue have the same order, so that only the first one is searched. */
  at(place: FeaturePlace): Feature {
    const guess = this.#features[place.place]
    if (guess?.id === place.id) return guess
    const found = this.#get(place.id)
    place.place = this.#features.indexOf(found)
    // One and the same string from now on: equal at a glance.
    place.id = found.id
    return found
  }

  #get(id: string): Feature {
    const guess = this.#features[PLACES.get(id) ?? 0]
    if (guess?.id === id) return guess
    const place = this.#features.findIndex((feature) => feature.id === id)
    if (place < 0) throw new Error(`no such feature: ${id}`)
    const found = this.#features[place]!
    PLACES.set(found.id, place)
    return found
  }
}

// Where a feature was found last: all tables of the catalogue have the same order, and a wrong guess costs only a search.
const PLACES = new Map<string, number>()
