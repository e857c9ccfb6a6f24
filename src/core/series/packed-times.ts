// How the times of a series are written: whole ms, and a time that is not there as another that is.

/** `none`: what stands for no time; that there is none stands elsewhere. */
export function whole(time: number | null | undefined, none: number): number {
  return time === null || time === undefined ? none : Math.round(time)
}

/** What must have lain between two rounds if all were equally far from each other; whole ms. */
export function meanStep(rounds: number, firstAt: number, lastAt: number): number {
  return rounds < 2 ? 0 : Math.round((lastAt - firstAt) / (rounds - 1))
}
