// One item of a submission before it is parsed as a name, from the three forms that a submission can have.
import type { Line } from '../http/line-reader.ts'

/** A value to be parsed as a domain name, or an item that could not even be read. */
export type SubmittedItem =
  | { readonly index: number; readonly value: unknown }
  | { readonly index: number; readonly unreadable: Unreadable }

/** `code` as in the answer's `rejected`; the codes of names themselves are in core/names. */
export interface Unreadable {
  readonly input: string
  readonly code: 'line_too_long' | 'bad_utf8' | 'bad_json' | 'unknown_field' | 'missing_domain'
  readonly reason: string
}

/** `{"domains":[…]}` */
export function itemsOfList(domains: readonly unknown[]): SubmittedItem[] {
  return domains.map((value, index) => ({ index, value }))
}

/** A domain a line. Empty lines are no items, but count for `index`. */
export function itemsOfText(text: string): SubmittedItem[] {
  return text
    .split('\n')
    .map((line, index) => ({ index, value: line.trim() }))
    .filter((item) => item.value !== '')
}

/** `{"domain":"x"}` or `"x"`. */
export function itemOfLine(line: Line, maxLineBytes: number): SubmittedItem {
  const { index, text } = line
  if (text === null) {
    const reason =
      line.problem === 'line_too_long'
        ? `A line may have at most ${maxLineBytes} bytes.`
        : 'The line is not valid UTF-8.'
    return { index, unreadable: { input: line.start, code: line.problem ?? 'bad_utf8', reason } }
  }
  const unreadable = (code: Unreadable['code'], reason: string): SubmittedItem => ({
    index,
    unreadable: { input: text, code, reason },
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unreadable('bad_json', 'The line is not valid JSON; expected {"domain":"…"} or "…".')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { index, value }
  const { domain, ...others } = value as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    return unreadable('unknown_field', `There is no field "${unknown.slice(0, 64)}" here.`)
  if (domain === undefined) return unreadable('missing_domain', 'The field "domain" is missing.')
  return { index, value: domain }
}
