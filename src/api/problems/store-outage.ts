// Recognises, by shape, the errors of a Redis client whose server cannot be reached or cannot serve at the moment.
// The API must not import the client; and a wrapped error (`cause`) counts like the bare one.

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
])
const CLIENT_ERROR_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError'])
const CLIENT_MESSAGES =
  /^(?:Connection is closed|Stream isn't writeable|Command timed out|connect ENOENT|Too many Cluster redirections|Cluster isn't ready|None of startup nodes)/u
// Redis' own words for "not now": https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const SERVER_REPLIES = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|OOM|MISCONF|NOREPLICAS)\b/u

export function isStoreOutage(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  const code = (error as NodeJS.ErrnoException).code
  if (code !== undefined && CONNECTION_CODES.has(code)) return true
  if (CLIENT_ERROR_NAMES.has(error.name)) return true
  if (CLIENT_MESSAGES.test(error.message) || SERVER_REPLIES.test(error.message)) return true
  return isStoreOutage(error.cause, depth + 1)
}
