// The fitted model as it is stored, and as it is weighed. One JSON file a version, written by `npm run fit`, never by hand; what
// each version is made of and why it came is in CHANGELOG.md beside it. Which version counts is current-model.ts.
import { BENIGN_ADDRESS_CLASSES, BENIGN_NAME_SERVER_CLASSES } from './classes.ts'
import { FLUX_ADDRESS_CLASSES, FLUX_NAME_SERVER_CLASSES } from './classes.ts'
import { ADDRESS_REGIMES, NAME_SERVER_REGIMES } from './regime.ts'

/** One sign: ln P(step | stage, class), relative to the class that explains the step best. */
export interface StoredSign {
  /** The most that may come of it, nats. */
  readonly capNats: number
  /** [stage][class][step], hundredths of a nat. Classes in the order of the side's `classes`. */
  readonly tables: readonly (readonly (readonly number[])[])[]
}

/** How much of each sign counts, where so much is known (regime.ts). */
export interface StoredRegime {
  readonly regime: string
  /** Added to the log-likelihood ratio, nats: what the tempered sum was off by in the mean. */
  readonly offset: number
  /** By table: the share of its log-likelihoods that counts, beside the other signs that say partly the same. */
  readonly tempers: Readonly<Record<string, number>>
}

/** One side of the question: the address set, or the name servers. */
export interface StoredSide {
  readonly classes: readonly string[]
  /** Probability of each class among flux, or among benign; each group sums to 1. */
  readonly shares: readonly number[]
  readonly regimes: readonly StoredRegime[]
  readonly signs: Readonly<Record<string, StoredSign>>
}

export interface ModelFile {
  readonly version: string
  /** What it was fitted on: command line, members, observations. */
  readonly fitted: Readonly<Record<string, string | number>>
  readonly addresses: StoredSide
  readonly nameServers: StoredSide
}

/** A side, ready to weigh in each regime. */
export interface Side {
  readonly classes: readonly string[]
  /** The first so many classes are flux. */
  readonly fluxClasses: number
  readonly logShares: Float64Array
  readonly regimes: readonly Regime[]
  /** Steps of each table. */
  readonly steps: ReadonlyMap<string, number>
}

export interface Regime {
  readonly offset: number
  /** By table: [stage], each class-major: class × steps + step. Nats, tempered, and cut so that no sign says more than its cap. */
  readonly tables: ReadonlyMap<string, readonly Float64Array[]>
}

interface Expected {
  readonly flux: readonly string[]
  readonly benign: readonly string[]
  readonly regimes: readonly string[]
}

/** Throws when the file does not have the classes and regimes of this code: the two are versioned together. */
export function readSide(side: StoredSide, { flux, benign, regimes }: Expected): Side {
  const found = side.regimes.map(({ regime }) => regime)
  for (const [what, has, expected] of [
    ['classes', side.classes, [...flux, ...benign]],
    ['regimes', found, regimes],
  ] as const) {
    if (has.join() !== expected.join()) {
      throw new Error(`the model knows the ${what} ${has.join()}, the code ${expected.join()}`)
    }
  }
  const signs = Object.entries(side.signs)
  return {
    classes: side.classes,
    fluxClasses: flux.length,
    logShares: Float64Array.from(side.shares, Math.log),
    regimes: side.regimes.map(({ offset, tempers }) => ({
      offset,
      tables: new Map(signs.map(([name, sign]) => [name, tempered(sign, tempers[name] ?? 0)])),
    })),
    steps: new Map(signs.map(([name, { tables }]) => [name, tables[0]![0]!.length])),
  }
}

function tempered({ capNats, tables }: StoredSign, temper: number): readonly Float64Array[] {
  return tables.map((byClass) =>
    Float64Array.from(byClass.flat(), (cents) => Math.max(-capNats, (temper * cents) / 100)),
  )
}

export interface Model {
  readonly version: string
  readonly addresses: Side
  readonly nameServers: Side
}

export function readModel(file: ModelFile): Model {
  return {
    version: file.version,
    addresses: readSide(file.addresses, {
      flux: FLUX_ADDRESS_CLASSES,
      benign: BENIGN_ADDRESS_CLASSES,
      regimes: ADDRESS_REGIMES,
    }),
    nameServers: readSide(file.nameServers, {
      flux: FLUX_NAME_SERVER_CLASSES,
      benign: BENIGN_NAME_SERVER_CLASSES,
      regimes: NAME_SERVER_REGIMES,
    }),
  }
}
