// Words of the report: tables as Prettier leaves them, and numbers as a reader wants them.
import type { Share } from '../metrics/share.ts'

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => widthOf(cells[column]!))),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell))).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** In characters as they are seen: all of ours are one column wide. */
function widthOf(text: string): number {
  return [...text].length
}

export function percent(value: number | null): string {
  if (value === null) return ''
  return `${(value * 100).toFixed(value > 0 && value < 0.01 ? 2 : 1)} %`
}

/** For example `98.0 % of 150`. */
export function shareText({ count, total }: Share): string {
  return total === 0 ? '' : `${percent(count / total)} of ${total}`
}

const NEVER = 'never'

export function number(value: number | null, digits = 0): string {
  if (value === Infinity) return NEVER
  return value === null ? '' : value.toFixed(digits)
}

/** Virtual time in the unit that reads best. */
export function time(seconds: number | null): string {
  if (seconds === null) return ''
  if (seconds === Infinity) return NEVER
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
