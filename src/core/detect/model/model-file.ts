// The fitted model as it is stored, and as it is weighed. One JSON file a version, written by `npm run fit`, never by hand; what
// each version is made of and why it came is in CHANGELOG.md beside it. Which version counts is current-model.ts.
import { BENIGN_ADDRESS_CLASSES, BENIGN_NAME_SERVER_CLASSES } from './classes.ts'
import { FLUX_ADDRESS_CLASSES, FLUX_NAME_SERVER_CLASSES } from './classes.ts'

/** One sign: ln P(step | stage, class) and how much of it counts. */
export interface StoredSign {
  /** The share of its log-likelihoods that counts, beside the other signs that say partly the same. */
  readonly temper: number
  /** The most that may come of it, nats. */
  readonly capNats: number
  /** [stage][class][step], hundredths of a nat. Classes in the order of the side's `classes`. */
  readonly tables: readonly (readonly (readonly number[])[])[]
}

/** One side of the question: the address set, or the name servers. */
export interface StoredSide {
  readonly classes: readonly string[]
  /** Probability of each class among flux, or among benign; each group sums to 1. */
  readonly shares: readonly number[]
  /** Added to the log-likelihood ratio, nats: what the tempered sum was off by in the mean. */
  readonly offset: number
  readonly signs: Readonly<Record<string, StoredSign>>
}

export interface ModelFile {
  readonly version: string
  /** What it was fitted on: command line, members, observations. */
  readonly fitted: Readonly<Record<string, string | number>>
  readonly addresses: StoredSide
  readonly nameServers: StoredSide
}

/** A side, ready to weigh: tables tempered, and cut so that no sign says more than its cap. */
export interface Side {
  readonly classes: readonly string[]
  /** The first so many classes are flux. */
  readonly fluxClasses: number
  readonly logShares: Float64Array
  readonly offset: number
  /** By table: [stage], each class-major: class × steps + step. Nats. */
  readonly tables: ReadonlyMap<string, readonly Float64Array[]>
  readonly steps: ReadonlyMap<string, number>
}

/** Throws when the file does not have the classes of this code: the two are versioned together. */
export function readSide(side: StoredSide, flux: readonly string[], benign: readonly string[]): Side {
  const expected = [...flux, ...benign]
  if (expected.join() !== side.classes.join()) {
    throw new Error(`the model knows the classes ${side.classes.join()}, the code ${expected.join()}`)
  }
  const tables = new Map<string, readonly Float64Array[]>()
  const steps = new Map<string, number>()
  for (const [name, sign] of Object.entries(side.signs)) {
    steps.set(name, sign.tables[0]![0]!.length)
    tables.set(
      name,
      sign.tables.map((byClass) =>
        Float64Array.from(byClass.flat(), (cents) => Math.max(-sign.capNats, (sign.temper * cents) / 100)),
      ),
    )
  }
  return {
    classes: side.classes,
    fluxClasses: flux.length,
    logShares: Float64Array.from(side.shares, Math.log),
    offset: side.offset,
    tables,
    steps,
  }
}

export interface Model {
  readonly version: string
  readonly addresses: Side
  readonly nameServers: Side
}

export function readModel(file: ModelFile): Model {
  return {
    version: file.version,
    addresses: readSide(file.addresses, FLUX_ADDRESS_CLASSES, BENIGN_ADDRESS_CLASSES),
    nameServers: readSide(file.nameServers, FLUX_NAME_SERVER_CLASSES, BENIGN_NAME_SERVER_CLASSES),
  }
}
