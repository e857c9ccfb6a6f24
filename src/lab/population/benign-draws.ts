// Drawing from ranges, with the dice of one member. What is drawn, and from which range, is the groups' business.
import type { Dice } from '../random.ts'

/** Smallest and largest value, both possible. */
export type Range = readonly [number, number]

/** Every draw has a label: two draws of one member with the same label are the same draw. */
export interface Draws {
  readonly dice: Dice
  /** Uniform integer. */
  whole(range: Range, label: string): number
  /** Uniform. */
  real(range: Range, label: string): number
  /** Log-uniform integer: as often between 10 and 100 as between 100 and 1,000. The range begins above 0. */
  spread(range: Range, label: string): number
  oneOf<T>(items: readonly T[], label: string): T
  /** `count` different ones in random order; all of them when there are fewer. */
  some<T>(items: readonly T[], count: number, label: string): T[]
  chance(ratio: number, label: string): boolean
  /** A key as often as its weight is of all weights. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>, label: string): K
}

export function drawsOf(dice: Dice): Draws {
  const real = ([least, most]: Range, label: string): number => least + dice.ratio(label) * (most - least)
  return {
    dice,
    real,
    whole: ([least, most], label) => least + dice.below(most - least + 1, label),
    spread: ([least, most], label) => Math.round(Math.exp(real([Math.log(least), Math.log(most)], label))),
    oneOf: (items, label) => items[dice.below(items.length, label)]!,
    some: (items, count, label) => dice.distinct(items.length, count, label).map((index) => items[index]!),
    chance: (ratio, label) => dice.ratio(label) < ratio,
    weighted(weights, label) {
      const entries = Object.entries<number>(weights) as [keyof typeof weights, number][]
      let left = dice.ratio(label) * entries.reduce((sum, [, weight]) => sum + weight, 0)
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries.at(-1)!)[0]
    },
  }
}
