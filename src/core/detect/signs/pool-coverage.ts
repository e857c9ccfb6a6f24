// How much of the pool is known by now, by how often its addresses came again.
import { percentOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const poolCoverageSign = ({ prefix, type }: Family): Sign => {
  const poolCoverageId = `${prefix}_pool_coverage`
  return {
    id: `${prefix}-pool-coverage`,
    table: 'pool-coverage',
    about: 'addresses',
    feature: poolCoverageId,
    unit: 'ratio',
    edges: [0.2, 0.4, 0.6, 0.8, 0.95, 0.999],
    stage: { feature: `${prefix}_fresh_answers`, of: 'value', edges: [6, 13, 31, 100] },
    capNats: 3,
    source:
      'Good-Turing estimate (Good, Biometrika 1953): 1 − share of the sightings that were of addresses seen once',
    text: (features) =>
      `By how often ${type} addresses came again, about ${percentOf(features.count(poolCoverageId))} of what is shown is known by now.`,
  }
}
