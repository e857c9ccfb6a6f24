// From signs to the log-odds of one side (the address set, or the name servers): how well each class of behaviour explains
// what was read, flux against all that is benign. A sign weighs what the log-odds would lose without it, given the others.
import type { FeatureTable } from '../features/feature-definition.ts'
import { coveredBy } from './model/classes.ts'
import type { BenignAddressClass } from './model/classes.ts'
import type { Side } from './model/model-file.ts'
import { signTablesOf } from './sign-tables.ts'
import { readSign, stageOf, stepOf } from './signs/sign.ts'
import type { Sign } from './signs/sign.ts'

export interface WeighedSign {
  readonly sign: Sign
  readonly value: number
  /** Nats; positive points to flux. */
  readonly weight: number
}

/** A class that a context list makes more likely, and by how much. */
export interface Shift {
  readonly explains: BenignAddressClass
  /** Nats added to the class's log-probability. */
  readonly nats: number
}

export interface Leaning {
  /** Calibrated log-likelihood ratio of flux against benign behaviour, nats; 0 when nothing was read. */
  readonly odds: number
  readonly signs: readonly WeighedSign[]
  /** The benign class that explains best what was read, and its share of all benign explanations, 0…1; null when nothing was read. */
  readonly innocent: { readonly kind: string; readonly share: number } | null
}

const NOTHING: Leaning = { odds: 0, signs: [], innocent: null }

/** A sign that was read, and where in its table. */
interface Reading {
  readonly sign: Sign
  readonly value: number
  readonly inverses: Float64Array
  readonly from: number
}

/**
 * Weighs the signs of one side (of one family). Signs without a value, or that the model does not know, are silent.
 * `regime`: number of the regime whose tempers count. `signs`: always the same array for the same signs.
 */
export function lean(
  side: Side,
  regime: number,
  signs: readonly Sign[],
  features: FeatureTable,
  shifts: readonly Shift[] = [],
): Leaning {
  const { classes, fluxClasses } = side
  const weighed = side.regimes[regime]!
  const total = side.logShares.slice()
  const read: Reading[] = []
  for (const { sign, places, stages } of signTablesOf(side, weighed, signs)) {
    const value = readSign(sign, features, places)
    if (value === null) continue
    const { logs, inverses } = stages[stageOf(sign, features, places)]!
    const from = stepOf(value, sign.edges) * classes.length
    for (let index = 0; index < total.length; index += 1) total[index]! += logs[from + index]!
    read.push({ sign, value, inverses, from })
  }
  if (read.length === 0) return NOTHING
  for (const { explains, nats } of shifts) {
    for (const covered of coveredBy(explains)) total[classes.indexOf(covered)]! += nats
  }
  const flux = sumOf(total, 0, fluxClasses)
  const benign = sumOf(total, fluxClasses, total.length)
  return {
    odds: flux.log - benign.log + weighed.offset,
    signs: read.map(({ sign, value, inverses, from }) => {
      const fluxWithout = sumWithout(flux, inverses, from)
      const benignWithout = sumWithout(benign, inverses, from + fluxClasses)
      return {
        sign,
        value,
        weight: Math.log((flux.sum * benignWithout) / (fluxWithout * benign.sum)),
      }
    }),
    innocent: likeliestBenign(side, total, benign.log),
  }
}

/** The likelihood of some classes together, each of them relative to the largest. */
interface Likelihoods {
  readonly terms: Float64Array
  readonly sum: number
  /** Of the sum, not relative; nats. */
  readonly log: number
}

function sumOf(total: Float64Array, from: number, to: number): Likelihoods {
  let top = -Infinity
  for (let index = from; index < to; index += 1) if (total[index]! > top) top = total[index]!
  const terms = new Float64Array(to - from)
  let sum = 0
  for (let index = from; index < to; index += 1) {
    const term = Math.exp(total[index]! - top)
    terms[index - from] = term
    sum += term
  }
  return { terms, sum, log: top + Math.log(sum) }
}

/** The sum as it would be without one sign, relative to the same class. `from`: where the inverses of these classes begin. */
function sumWithout({ terms }: Likelihoods, inverses: Float64Array, from: number): number {
  let sum = 0
  for (let index = 0; index < terms.length; index += 1) sum += terms[index]! * inverses[from + index]!
  return sum
}

/** `all`: log-likelihood of all benign classes together. */
function likeliestBenign(side: Side, total: Float64Array, all: number): { kind: string; share: number } {
  let best = side.fluxClasses
  for (let index = best; index < total.length; index += 1) if (total[index]! > total[best]!) best = index
  return { kind: side.classes[best]!, share: Math.exp(total[best]! - all) }
}
