// The points in time of a query string, and the window that two of them make.
import { invalid } from '../problems/problem-error.ts'
import { parseMoment } from './moment.ts'

/** ms since the epoch; null when the parameter is not there. Throws FLUX_INVALID for what is no time. */
export function momentOf(parameter: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const ms = parseMoment(text)
  if (ms === null) {
    throw invalid(`/query/${parameter}`, 'moment', `"${parameter}" must be an ISO 8601 time or Unix seconds.`)
  }
  return ms
}

/** `from` and `to` of a query. Throws FLUX_INVALID unless `from` is before `to`. */
export function windowOf(query: { readonly from?: string; readonly to?: string }) {
  const window = { from: momentOf('from', query.from), to: momentOf('to', query.to) }
  if (window.from !== null && window.to !== null) checkOrder(window.from, window.to)
  return window
}

export function checkOrder(from: number, to: number): void {
  if (from >= to) throw invalid('/query/from', 'order', '"from" must be before "to".')
}
