// Makes and sends problem documents (RFC 9457). Which code an error is, problem-mapping.ts decides.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ERROR_CATALOGUE, type FluxError } from '../../core/errors.ts'
import { PROBLEM_TYPE } from '../http/media-types.ts'
import type { Problem } from '../schemas/problem-schema.ts'
import { ProblemError } from './problem-error.ts'
import { toFluxError } from './problem-mapping.ts'

/** Seconds. Hand-set: long enough for a Redis fail-over or a busy second to pass. */
const RETRY_AFTER_SECONDS = 5

/** The problem document of an error. `requestId` becomes `instance`. */
export function problemOf(error: FluxError, requestId: string, publicUrl: string): Problem {
  return {
    type: `${publicUrl}/docs/errors#${error.code}`,
    title: ERROR_CATALOGUE[error.code].title,
    status: error.status,
    detail: error.message,
    instance: requestId,
    code: error.code,
    ...(error.errors.length > 0 ? { errors: [...error.errors] } : {}),
    ...(error instanceof ProblemError ? error.members : {}),
  }
}

/** Answers a request with the problem that `cause` is, and logs what is our own fault. */
export function sendProblem(
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  const error = toFluxError(cause)
  logFailure(error, request)
  if (error instanceof ProblemError) reply.headers(error.headers)
  if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="fluxwatch"')
  reply
    .code(error.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    // Bytes, because Fastify adds a charset to text, and this media type has no such parameter (RFC 9457, section 6.1).
    .send(Buffer.from(JSON.stringify(problemOf(error, request.id, publicUrl))))
}

/** A bug is logged whole; that we are full or drain is expected and logged in a line; a client's mistake is not logged. */
export function logFailure(error: FluxError, request: Pick<FastifyRequest, 'log'>): void {
  if (error.code === 'FLUX_INTERNAL') request.log.error({ err: error.cause ?? error }, 'request failed')
  else if (error.status >= 500) request.log.warn({ code: error.code, err: error.cause }, error.message)
}
