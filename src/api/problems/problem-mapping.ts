// Decides which code of the catalogue an error of any origin is: ours, Fastify's, the validator's, the store's, a bug.
import type { FastifyError } from 'fastify'
import { ERROR_CATALOGUE, FluxError } from '../../core/errors.ts'
import { isStoreOutage } from './store-outage.ts'
import { describeValidation } from './validation-detail.ts'

/** Every error comes out as a FluxError; a bug as a bland FLUX_INTERNAL whose `cause` is the bug. */
export function toFluxError(error: unknown): FluxError {
  if (error instanceof FluxError) return error
  if (isStoreOutage(error)) {
    return new FluxError('FLUX_STORE_UNAVAILABLE', 'The live state cannot be reached; try again.', [], error)
  }
  if (!(error instanceof Error)) return internal(error)
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation) {
    const errors = validation.map((each) => describeValidation(each, validationContext ?? 'body'))
    return new FluxError('FLUX_INVALID', errors[0]?.detail ?? ERROR_CATALOGUE.FLUX_INVALID.title, errors)
  }
  if (statusCode === 413) return new FluxError('FLUX_BODY_TOO_LARGE', error.message, [], error)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || statusCode === 415) {
    return new FluxError('FLUX_UNSUPPORTED_MEDIA_TYPE', 'This media type is not understood here.', [], error)
  }
  // What else Fastify itself refuses (a bad URL, a bad Content-Length) is a request that cannot be read.
  if (code?.startsWith('FST_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new FluxError('FLUX_BAD_REQUEST', error.message, [], error)
  }
  return internal(error)
}

function internal(cause: unknown): FluxError {
  return new FluxError('FLUX_INTERNAL', 'fluxwatch failed; the request id leads to the log.', [], cause)
}
