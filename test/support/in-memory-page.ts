// Pages of a list that lies in memory. The cursor counts items, so it is right only while the list stays as it is.
import { FluxError } from '../../src/core/errors.ts'
import type { Page } from '../../src/core/model/watch.ts'

export function pageOf<T>(items: readonly T[], cursor: string | null, limit: number): Page<T> {
  const from = cursor === null ? 0 : Number(/^at-(\d+)$/u.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) {
    const detail = 'This cursor was not made here.'
    throw new FluxError('FLUX_INVALID', detail, [{ pointer: '/cursor', code: 'bad_cursor', detail }])
  }
  const to = from + limit
  return { items: items.slice(from, to), next: to < items.length ? `at-${to}` : null }
}
