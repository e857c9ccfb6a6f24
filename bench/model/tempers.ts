// How much of each sign counts beside the others, and an offset that calibrates the sum: less than all where signs repeat each
// other, more where the smoothing of the tables has blunted them. By minimising the log-loss over samples that the tables were
// not counted from.

/** One sample of one side: the rows of log-likelihoods that were read, and what is true. */
export interface Reading {
  /** By number of the table; null where the sign was silent. */
  readonly rows: readonly (Float64Array | null)[]
  readonly isFlux: boolean
  readonly weight: number
}

export interface TemperOptions {
  /** By table: what it may say at most, nats. */
  readonly caps: readonly number[]
  readonly fluxClasses: number
  readonly logShares: Float64Array
  /** Log-odds of flux on this side before anything is read. */
  readonly priorOdds: number
  readonly iterations: number
  report(iteration: number, loss: number): void
}

const LEARNING_RATE = 0.03
const FORGET_MEAN = 0.9
const FORGET_SQUARE = 0.999
/** Nobody is trusted in full until shown, and signs that say the same share what they say: the start of every temper. */
const FIRST_TEMPER = 0.7
const LARGEST_TEMPER = 3
/** How strongly a temper is drawn back to its start: log-loss per unit of squared distance. */
const PULL = 0.0005

export interface Tempered {
  readonly tempers: Float64Array
  readonly offset: number
}

/** Adam on the tempers, kept in 0…3, with an offset beside them. */
export function fitTempers(readings: readonly Reading[], options: TemperOptions): Tempered {
  const { caps, fluxClasses, logShares, priorOdds } = options
  const tables = caps.length
  const size = tables + 1
  const parameters = new Float64Array(size).fill(FIRST_TEMPER)
  parameters[tables] = 0
  const mean = new Float64Array(size)
  const square = new Float64Array(size)
  const totalWeight = readings.reduce((sum, { weight }) => sum + weight, 0)
  const total = new Float64Array(logShares.length)
  const share = new Float64Array(logShares.length)
  for (let iteration = 1; iteration <= options.iterations; iteration += 1) {
    const gradient = new Float64Array(size)
    let loss = 0
    for (const { rows, isFlux, weight } of readings) {
      total.set(logShares)
      for (let table = 0; table < tables; table += 1) {
        const row = rows[table]
        if (!row) continue
        const temper = parameters[table]!
        const floor = -caps[table]!
        for (let one = 0; one < total.length; one += 1) total[one]! += Math.max(floor, temper * row[one]!)
      }
      const flux = softmax(total, share, 0, fluxClasses)
      const benign = softmax(total, share, fluxClasses, total.length)
      const logit = priorOdds + flux - benign + parameters[tables]!
      const error = 1 / (1 + Math.exp(-logit)) - (isFlux ? 1 : 0)
      loss += weight * (isFlux ? softplus(-logit) : softplus(logit))
      const step = weight * error
      gradient[tables]! += step
      for (let table = 0; table < tables; table += 1) {
        const row = rows[table]
        if (!row) continue
        // What is cut at the cap does not move with the temper.
        const bar = -caps[table]! / parameters[table]!
        let slant = 0
        for (let one = 0; one < total.length; one += 1) {
          if (row[one]! <= bar) continue
          slant += (one < fluxClasses ? share[one]! : -share[one]!) * row[one]!
        }
        gradient[table]! += step * slant
      }
    }
    for (let index = 0; index < size; index += 1) {
      const pull = index < tables ? 2 * PULL * (parameters[index]! - FIRST_TEMPER) : 0
      const slant = gradient[index]! / totalWeight + pull
      mean[index] = FORGET_MEAN * mean[index]! + (1 - FORGET_MEAN) * slant
      square[index] = FORGET_SQUARE * square[index]! + (1 - FORGET_SQUARE) * slant * slant
      const away =
        mean[index]! /
        (1 - FORGET_MEAN ** iteration) /
        (Math.sqrt(square[index]! / (1 - FORGET_SQUARE ** iteration)) + 1e-8)
      parameters[index]! -= LEARNING_RATE * away
      if (index < tables) parameters[index] = Math.max(0, Math.min(LARGEST_TEMPER, parameters[index]!))
    }
    options.report(iteration, loss / totalWeight)
  }
  return {
    tempers: parameters.slice(0, tables),
    offset: parameters[tables]!,
  }
}

/** ln Σ exp over [from, to); fills the shares of that range. */
function softmax(total: Float64Array, share: Float64Array, from: number, to: number): number {
  let top = -Infinity
  for (let one = from; one < to; one += 1) top = Math.max(top, total[one]!)
  let sum = 0
  for (let one = from; one < to; one += 1) sum += share[one] = Math.exp(total[one]! - top)
  for (let one = from; one < to; one += 1) share[one]! /= sum
  return top + Math.log(sum)
}

function softplus(value: number): number {
  return value > 30 ? value : Math.log1p(Math.exp(value))
}
