// A measured figure beside its target, as a row of the table. Pure.
import type { Target } from '../targets.ts'

/** `limit` null: told, not judged. `value` null: could not be measured here. `unit` "CPU x" is a ratio of CPU times. */
export function judged(what: string, limit: number | null, value: number | null, unit: string): Target {
  const figure = (number: number): string =>
    `${number.toLocaleString('en', { maximumFractionDigits: 2 })} ${unit}`
  return {
    what,
    limit: limit === null ? '' : `<= ${figure(limit)}`,
    measured: value === null ? 'not available' : figure(value),
    met: limit === null || value === null ? null : value <= limit,
  }
}

/** The same for what should be large. */
export function judgedAtLeast(what: string, limit: number, value: number | null, unit: string): Target {
  const row = judged(what, limit, value, unit)
  return { ...row, limit: row.limit.replace('<=', '>='), met: value === null ? null : value >= limit }
}
