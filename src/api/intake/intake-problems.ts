// The problems that only a submission can have.
import type { FluxError } from '../../core/errors.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { IntakeTally } from './intake-tally.ts'

export function noValidDomain(tally: IntakeTally): ProblemError {
  return new ProblemError('FLUX_NO_VALID_DOMAIN', 'Not one of the items is a domain that can be watched.', {
    members: { rejected: tally.rejected, rejected_total: tally.rejectedTotal },
  })
}

/** The upload ended before its end, or the store did: what had been accepted stays so, and the client is told. */
export function brokenUpload(cause: FluxError, scan: string, accepted: number): ProblemError {
  const kept = `${accepted} domains were accepted before that and stay in scan ${scan}, which is sealed.`
  return new ProblemError(cause.code, `${cause.message} ${kept}`, { members: { scan, accepted }, cause })
}
