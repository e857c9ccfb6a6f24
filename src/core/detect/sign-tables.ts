// The tables of the signs of one list, laid out as they are weighed: what all classes say of one step side by side, and beside
// it the inverses, so that a sign is taken out of a sum of likelihoods by multiplying. Worked out once a regime.
import type { Regime, Side } from './model/model-file.ts'
import { SignPlaces } from './signs/sign.ts'
import type { Sign } from './signs/sign.ts'

export interface SignTable {
  readonly sign: Sign
  /** Of its value and of its stage. */
  readonly places: SignPlaces
  /** By stage. */
  readonly stages: readonly StageTable[]
}

/** Step-major: step × classes + class. */
export interface StageTable {
  /** ln P(step | stage, class), tempered and cut; nats. */
  readonly logs: Float64Array
  /** e^−log of each; at most e^cap. */
  readonly inverses: Float64Array
}

const KNOWN = new WeakMap<Regime, WeakMap<readonly Sign[], readonly SignTable[]>>()

/** Of those signs that the model knows, in their order. `signs`: always the same array for the same signs. */
export function signTablesOf(side: Side, regime: Regime, signs: readonly Sign[]): readonly SignTable[] {
  let ofRegime = KNOWN.get(regime)
  if (ofRegime === undefined) KNOWN.set(regime, (ofRegime = new WeakMap()))
  let tables = ofRegime.get(signs)
  if (tables === undefined) ofRegime.set(signs, (tables = layOut(side, regime, signs)))
  return tables
}

function layOut(side: Side, { tables }: Regime, signs: readonly Sign[]): readonly SignTable[] {
  return signs.flatMap((sign) => {
    const stages = tables.get(sign.table)
    if (stages === undefined) return []
    const steps = side.steps.get(sign.table)!
    return [
      {
        sign,
        places: new SignPlaces(sign),
        stages: stages.map((table) => byStep(table, steps, side.classes.length)),
      },
    ]
  })
}

/** `table`: class-major, as the model has it. */
function byStep(table: Float64Array, steps: number, classes: number): StageTable {
  const logs = new Float64Array(table.length)
  for (let step = 0; step < steps; step += 1) {
    for (let index = 0; index < classes; index += 1) {
      logs[step * classes + index] = table[index * steps + step]!
    }
  }
  return { logs, inverses: logs.map((log) => Math.exp(-log)) }
}
