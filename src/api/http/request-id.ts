// Every request has an id that its answer, its problem document and its log lines share.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** URI-safe, because it becomes `instance` of a problem document, and short, because it goes to every log line. */
const SANE_ID = /^[A-Za-z0-9._~-]{1,128}$/u

/** The incoming X-Request-Id when it is sane, a new UUID otherwise. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID()
}
