// The Retry-After header of a receiver that wants to be left alone for a while (RFC 9110, section 10.2.3).

/** A receiver cannot push a delivery further away than this. Our own bound: the longest wait of the retry schedule. */
export const RETRY_AFTER_LIMIT_MS = 24 * 60 * 60 * 1_000

/**
 * Milliseconds to wait, 0 to 24 h; null when there is no header or it is neither seconds nor an HTTP date.
 * `nowMs` is real time: an HTTP date means nothing on another clock.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? ''
  const waitMs = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : httpDate(text) - nowMs
  if (Number.isNaN(waitMs)) return null
  return Math.min(Math.max(waitMs, 0), RETRY_AFTER_LIMIT_MS)
}

/** All three forms of RFC 9110 begin with the name of a day and end with GMT, or are asctime; NaN for anything else. */
function httpDate(text: string): number {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return Number.NaN
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
}
