// How large the pool is that the answers are drawn from, and how much of it is known by now: capture and recapture.
import { A } from './address-family.ts'
import { countAddresses } from './address-count.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'
import { estimateTotal } from '../series/bottom-k.ts'

interface Sightings {
  readonly all: number
  /** Addresses that were in exactly one, and in exactly two fresh answers. */
  readonly once: number
  readonly twice: number
}

function countSightings({ members }: Pool): Sightings {
  let all = 0
  let once = 0
  let twice = 0
  for (const { count } of members) {
    all += count
    if (count === 1) once += 1
    else if (count === 2) twice += 1
  }
  return { all, once, twice }
}

function hasTwoAnswers({ views }: Pool): boolean {
  return views.length > 1 || (views[0]?.freshAnswers ?? 0) > 1
}

/**
 * The probability that the next address that is shown is a known one: 1 − f1 ÷ n, f1 = addresses that one fresh answer
 * carried, n = addresses of all fresh answers, each as often as it came.
 *
 * Unit: ratio 0…1. Undefined before a second fresh answer. Support: n (of a sketch: of the addresses held).
 * Source: Good, Biometrika 40, 1953 (Good-Turing).
 */
export function measureCoverage(pool: Pool): Measured {
  const { all, once } = countSightings(pool)
  if (all === 0 || !hasTwoAnswers(pool)) return { value: null, support: all }
  return { value: 1 - once / all, support: all }
}

/**
 * A lower bound of the number of addresses in the pool: S + f1 (f1 − 1) ÷ (2 (f2 + 1)), S = distinct addresses seen, f2 = those of
 * exactly two fresh answers.
 *
 * Unit: addresses. Undefined before a second fresh answer. Support: n, as for the coverage.
 * Source: Chao, Scandinavian Journal of Statistics 11, 1984, in the bias-corrected form of Chao, Biometrics 43, 1987.
 */
export function measurePoolEstimate(pool: Pool): Measured {
  const { all, once, twice } = countSightings(pool)
  if (all === 0 || !hasTwoAnswers(pool)) return { value: null, support: all }
  const f1 = estimateTotal(once, pool.sampledShare)
  const f2 = estimateTotal(twice, pool.sampledShare)
  return { value: Math.round(countAddresses(pool) + (f1 * (f1 - 1)) / (2 * (f2 + 1))), support: all }
}

const BLIND_SPOT =
  'Agents that come and go are no closed pool: an address that died after one answer counts like one of many.'

export const poolSize: readonly FeatureDefinition[] = [
  {
    id: 'a_pool_coverage',
    unit: 'ratio',
    meaning:
      'Share of the pool that is known by now: 1 − A addresses that came in one fresh answer ÷ all that came, counted as often as they did.',
    direction: 'no_flux',
    source: 'Good, Biometrika 1953 (Good-Turing)',
    blindSpot: BLIND_SPOT,
    measure: (view) => measureCoverage(A.pool(view)),
  },
  {
    id: 'a_pool_estimate',
    unit: 'addresses',
    meaning:
      'Least number of A addresses in the pool that the answers are drawn from, the unseen ones included.',
    direction: 'flux',
    source: 'Chao 1984 and 1987 (Chao1)',
    blindSpot: BLIND_SPOT,
    measure: (view) => measurePoolEstimate(A.pool(view)),
  },
]
