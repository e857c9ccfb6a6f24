// The log of a process: JSON lines. Decides what of an error is written: never what was sent to Redis, which holds secrets.
import { pino, type DestinationStream, type Logger } from 'pino'

/** On standard output unless a destination is given. Keys and secrets never appear in it. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    serializers: { err: errorForLog },
    redact: {
      paths: ['req.headers.authorization', 'req.headers["x-api-key"]', '*.secret', 'secret'],
      censor: '[redacted]',
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/**
 * What is known to be safe: kind, message, code, stack, and the same of its causes. Errors of the Redis client carry the whole
 * command, and with it passwords and webhook secrets.
 */
function errorForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  const errors = error instanceof AggregateError ? error.errors.map(errorForLog) : undefined
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    stack,
    ...(cause !== undefined && { cause: errorForLog(cause) }),
    ...(errors && { errors }),
  }
}
