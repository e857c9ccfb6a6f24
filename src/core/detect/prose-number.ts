// How ratios and means read in a sentence. The text rounds to a whole percent or one decimal; the value of the evidence and
// the features beside it stay exact.

/** `34 %`; one decimal under 10 % and over 99 %, where a whole percent would say too little or too much. */
export function percentOf(ratio: number): string {
  const percent = 100 * ratio
  return `${percent < 10 || percent > 99 ? toOneDecimal(percent) : Math.round(percent)} %`
}

/** `34 % of the 18 known addresses`, `All 18 …`, `None of the 18 …`: the beginning of a sentence, for more than one thing. */
export function shareOf(ratio: number, count: number, things: string): string {
  if (ratio === 1) return `All ${count} ${things}`
  return ratio === 0 ? `None of the ${count} ${things}` : `${percentOf(ratio)} of the ${count} ${things}`
}

export function toOneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}
