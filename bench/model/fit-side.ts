// Fits one side of the model: tables are counted on one half of the members, tempers and calibration are fitted on the other, and
// at last the tables are counted again on all of them.
import type { StoredRegime, StoredSide, StoredSign } from '../../src/core/detect/model/model-file.ts'
import { readSign, stageOf, stepOf } from '../../src/core/detect/signs/sign.ts'
import type { Sign } from '../../src/core/detect/signs/sign.ts'
import type { FeatureTable } from '../../src/core/features/feature-definition.ts'
import { SignCounts } from './sign-counts.ts'
import { fitTempers } from './tempers.ts'
import type { Reading } from './tempers.ts'

export interface SideSample {
  /** Unique over all files. */
  readonly member: string
  readonly classOf: number
  /** 1, or less for members that should count less (evasions). */
  readonly weight: number
  /** Number of the regime that it is in. */
  readonly regime: number
  /** By sign: the step and the stage, null where it was silent. */
  readonly steps: readonly ({ readonly stage: number; readonly step: number } | null)[]
}

export interface SideSetup {
  readonly signs: readonly Sign[]
  readonly flux: readonly string[]
  readonly benign: readonly string[]
  readonly fluxShares: readonly number[]
  readonly benignShares: readonly number[]
  /** Probability of flux on this side before anything is read. */
  readonly prior: number
  readonly regimes: readonly string[]
  readonly iterations: number
}

export function readSteps(signs: readonly Sign[], features: FeatureTable): SideSample['steps'] {
  return signs.map((sign) => {
    const value = readSign(sign, features)
    return value === null ? null : { stage: stageOf(sign, features), step: stepOf(value, sign.edges) }
  })
}

export function fitSide(
  samples: readonly SideSample[],
  setup: SideSetup,
  say: (line: string) => void,
): StoredSide {
  const halves = [0, 1].map((half) => samples.filter(({ member }) => parityOf(member) === half))
  const counted = countTables(halves[0]!, setup)
  const logShares = Float64Array.from([...setup.fluxShares, ...setup.benignShares], Math.log)
  const rows = rowsOf(counted)
  const regimes = setup.regimes.map((regime, number): StoredRegime => {
    const inRegime = halves[1]!.filter((sample) => sample.regime === number)
    const { tempers, offset } = fitTempers(readingsOf(inRegime, rows, setup), {
      caps: setup.signs.map((sign) => sign.capNats),
      fluxClasses: setup.flux.length,
      logShares,
      priorOdds: Math.log(setup.prior / (1 - setup.prior)),
      iterations: setup.iterations,
      report: (iteration, loss) => {
        if (iteration % 100 === 0) {
          say(`${regime}, iteration ${iteration} of ${setup.iterations}: log-loss ${loss.toFixed(5)}`)
        }
      },
    })
    return {
      regime,
      offset: Math.round(offset * 1e4) / 1e4,
      tempers: Object.fromEntries(
        setup.signs.map(({ table }, index) => [table, Math.round(tempers[index]! * 1000) / 1000]),
      ),
    }
  })
  const tables = countTables(samples, setup)
  const signs: Record<string, StoredSign> = {}
  for (const [index, sign] of setup.signs.entries()) {
    signs[sign.table] = {
      capNats: sign.capNats,
      tables: tables[index]!.map((stage) => stage.map((row) => row.map((log) => Math.round(log * 100)))),
    }
  }
  return {
    classes: [...setup.flux, ...setup.benign],
    shares: [...setup.fluxShares, ...setup.benignShares],
    regimes,
    signs,
  }
}

function countTables(samples: readonly SideSample[], { signs, flux, benign }: SideSetup): number[][][][] {
  return signs.map((sign, index) => {
    // How many samples each member has in each stage: together they count as one member.
    const repeats = new Map<string, number>()
    const read = samples.flatMap(({ member, classOf, weight, steps }) => {
      const at = steps[index]
      if (!at) return []
      const key = `${member} ${at.stage}`
      repeats.set(key, (repeats.get(key) ?? 0) + 1)
      return [{ key, classOf, weight, ...at }]
    })
    const counts = new SignCounts(sign, flux.length + benign.length)
    for (const { key, classOf, weight, stage, step } of read) {
      counts.add(stage, classOf, step, weight / repeats.get(key)!)
    }
    return counts.logLikelihoods()
  })
}

/** By sign: [stage][step], the log-likelihoods of all classes. */
function rowsOf(tables: readonly (readonly (readonly (readonly number[])[])[])[]): Float64Array[][][] {
  return tables.map((stages) =>
    stages.map((byClass) =>
      Array.from(byClass[0]!, (_, step) => Float64Array.from(byClass, (row) => row[step]!)),
    ),
  )
}

/** Each member weighs the same within its class, and each class as its share of the prior. */
function readingsOf(
  samples: readonly SideSample[],
  rows: readonly (readonly (readonly Float64Array[])[])[],
  { flux, fluxShares, benignShares, prior }: SideSetup,
): Reading[] {
  const perMember = countBy(samples, ({ member }) => member)
  const massOfClass = new Map<number, number>()
  for (const { classOf, member, weight } of samples) {
    massOfClass.set(classOf, (massOfClass.get(classOf) ?? 0) + weight / perMember.get(member)!)
  }
  return samples.map(({ member, classOf, weight, steps }) => {
    const isFlux = classOf < flux.length
    const share = isFlux ? prior * fluxShares[classOf]! : (1 - prior) * benignShares[classOf - flux.length]!
    return {
      rows: steps.map((at, index) => (at ? rows[index]![at.stage]![at.step]! : null)),
      isFlux,
      weight: (share * weight) / perMember.get(member)! / massOfClass.get(classOf)!,
    }
  })
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}

function parityOf(member: string): number {
  return Number(member.slice(member.lastIndexOf(' ') + 1)) % 2
}
