// From signs to the log-odds of one side (the address set, or the name servers): how well each class of behaviour explains
// what was read, flux against all that is benign. A sign weighs what the log-odds would lose without it, given the others.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { Side } from './model/model-file.ts'
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
  readonly explains: string
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

/**
 * Weighs the signs of one side (of one family). Signs without a value, or that the model does not know, are silent.
 * `regime`: number of the regime whose tempers count.
 */
export function lean(
  side: Side,
  regime: number,
  signs: readonly Sign[],
  features: FeatureTable,
  shifts: readonly Shift[] = [],
): Leaning {
  const count = side.classes.length
  const { tables, offset } = side.regimes[regime]!
  const total = Float64Array.from(side.logShares)
  const read: { readonly sign: Sign; readonly value: number; readonly row: Float64Array }[] = []
  for (const sign of signs) {
    const stages = tables.get(sign.table)
    if (stages === undefined) continue
    const value = readSign(sign, features)
    if (value === null) continue
    const row = rowOf(side, sign, stages[stageOf(sign, features)]!, value)
    read.push({ sign, value, row })
    for (let index = 0; index < count; index += 1) total[index]! += row[index]!
  }
  if (read.length === 0) return NOTHING
  for (const { explains, nats } of shifts) {
    const place = side.classes.indexOf(explains)
    // A list explains benign behaviour only.
    if (place >= side.fluxClasses) total[place]! += nats
  }
  const odds = oddsOf(side, total, null) + offset
  return {
    odds,
    signs: read.map(({ sign, value, row }) => ({
      sign,
      value,
      weight: odds - offset - oddsOf(side, total, row),
    })),
    innocent: likeliestBenign(side, total),
  }
}

/** ln P(step | class) of every class, from the table of the stage. */
function rowOf(side: Side, sign: Sign, table: Float64Array, value: number): Float64Array {
  const steps = side.steps.get(sign.table)!
  const step = stepOf(value, sign.edges)
  const row = new Float64Array(side.classes.length)
  for (let index = 0; index < row.length; index += 1) row[index] = table[index * steps + step]!
  return row
}

/** `without`: log-likelihoods to take out of the totals first. */
function oddsOf(side: Side, total: Float64Array, without: Float64Array | null): number {
  const flux = logSumExp(total, without, 0, side.fluxClasses)
  const benign = logSumExp(total, without, side.fluxClasses, total.length)
  return flux - benign
}

function logSumExp(total: Float64Array, without: Float64Array | null, from: number, to: number): number {
  let top = -Infinity
  for (let index = from; index < to; index += 1) {
    const log = total[index]! - (without === null ? 0 : without[index]!)
    if (log > top) top = log
  }
  let sum = 0
  for (let index = from; index < to; index += 1) {
    sum += Math.exp(total[index]! - (without === null ? 0 : without[index]!) - top)
  }
  return top + Math.log(sum)
}

function likeliestBenign(side: Side, total: Float64Array): { kind: string; share: number } {
  let best = side.fluxClasses
  for (let index = best; index < total.length; index += 1) if (total[index]! > total[best]!) best = index
  const all = logSumExp(total, null, side.fluxClasses, total.length)
  return { kind: side.classes[best]!, share: Math.exp(total[best]! - all) }
}
