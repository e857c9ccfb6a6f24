// Reads a point in time as analysts write it. What the caller does with a bad one is the caller's business.

const UNIX_SECONDS = /^\d{1,11}(?:\.\d{1,3})?$/u
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/u

/**
 * Milliseconds since the epoch of an ISO 8601 time or of Unix seconds; null when it is neither.
 * A time without a zone is UTC, whatever zone the machine is in.
 */
export function parseMoment(text: string): number | null {
  if (UNIX_SECONDS.test(text)) return Math.round(Number(text) * 1000)
  const match = ISO_8601.exec(text)
  if (!match) return null
  const hasTime = text.includes('T')
  const ms = Date.parse(hasTime && match[1] === undefined ? `${text}Z` : text)
  return Number.isNaN(ms) ? null : ms
}
