// A FluxError with extension members (RFC 9457, section 3.2): what the client needs beyond code and sentence.
import { FluxError, type ErrorCode, type ErrorDetail } from '../../core/errors.ts'

export class ProblemError extends FluxError {
  /** Further members of the problem document; never `type`, `title`, `status`, `detail`, `instance`, `code`, `errors`. */
  readonly members: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    detail: string,
    more: {
      readonly errors?: readonly ErrorDetail[]
      readonly members?: Readonly<Record<string, unknown>>
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(code, detail, more.errors ?? [], more.cause)
    this.members = more.members ?? {}
    this.headers = more.headers ?? {}
  }
}

/** 422 FLUX_INVALID about one place in the request. `pointer`: `/domains/3` in the body, `/query/limit`, `/path/domain`, `/header/…`. */
export function invalid(pointer: string, code: string, detail: string): FluxError {
  return new FluxError('FLUX_INVALID', detail, [{ pointer, code, detail }])
}
