// Our own failures: each has a stable code and an HTTP status. DNS outcomes are never among them.

/** Every code, its HTTP status and its title. The one list: docs and the API read it. */
export const ERROR_CATALOGUE = {
  FLUX_BAD_REQUEST: { status: 400, title: 'The request cannot be read' },
  FLUX_UNAUTHORIZED: { status: 401, title: 'No valid API key' },
  FLUX_NOT_FOUND: { status: 404, title: 'There is no such thing here' },
  FLUX_SCAN_NOT_FOUND: { status: 404, title: 'There is no scan with this id' },
  FLUX_DOMAIN_NOT_FOUND: { status: 404, title: 'This domain was never submitted' },
  FLUX_NETWORK_NOT_FOUND: { status: 404, title: 'There is no network with this id' },
  FLUX_WEBHOOK_NOT_FOUND: { status: 404, title: 'There is no webhook with this id' },
  FLUX_DELIVERY_NOT_FOUND: { status: 404, title: 'There is no delivery with this id' },
  FLUX_METHOD_NOT_ALLOWED: { status: 405, title: 'This resource does not know the method' },
  FLUX_NOT_ACCEPTABLE: { status: 406, title: 'None of the accepted media types can be made' },
  FLUX_IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'A request with this Idempotency-Key is still running',
  },
  FLUX_BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  FLUX_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'This media type is not understood here' },
  FLUX_INVALID: { status: 422, title: 'A value is not valid' },
  FLUX_NO_VALID_DOMAIN: { status: 422, title: 'Not one of the domains can be watched' },
  FLUX_IDEMPOTENCY_MISMATCH: { status: 422, title: 'This Idempotency-Key was used with another body' },
  FLUX_WEBHOOK_URL_REFUSED: { status: 422, title: 'This webhook URL is not allowed' },
  FLUX_INTERNAL: { status: 500, title: 'fluxwatch failed' },
  FLUX_STORE_UNAVAILABLE: { status: 503, title: 'The live state cannot be reached' },
  FLUX_INTAKE_FULL: { status: 503, title: 'No room for more domains at the moment' },
  FLUX_OVERLOADED: { status: 503, title: 'Too busy at the moment' },
  FLUX_DRAINING: { status: 503, title: 'This process is shutting down' },
} as const

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** One thing that is wrong with the request: a JSON pointer and a sentence. */
export interface ErrorDetail {
  readonly pointer: string
  readonly code: string
  readonly detail: string
}

export class FluxError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly errors: readonly ErrorDetail[]

  constructor(code: ErrorCode, detail: string, errors: readonly ErrorDetail[] = [], cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'FluxError'
    this.code = code
    this.status = ERROR_CATALOGUE[code].status
    this.errors = errors
  }
}
