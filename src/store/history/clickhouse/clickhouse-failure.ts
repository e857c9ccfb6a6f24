// Tells what a failure of ClickHouse means to the caller: the store cannot be used at the moment, or a bug of ours.
import { ClickHouseError } from '@clickhouse/client'
import { FluxError } from '../../../core/errors.ts'

/**
 * Error codes (ClickHouse, src/Common/ErrorCodes.cpp) that say something of our statement or our values and not of the server:
 * asking again brings the same answer. Every other one (no memory, no disk, no quorum, too many parts, not allowed, stopping…)
 * is the server's state or its configuration, which a person or time can mend.
 */
const BUGS: ReadonlySet<string> = new Set([
  '6', // CANNOT_PARSE_TEXT
  '9', // SIZES_OF_COLUMNS_DOESNT_MATCH
  '10', // NOT_FOUND_COLUMN_IN_BLOCK
  '16', // NO_SUCH_COLUMN_IN_TABLE
  '20', // NUMBER_OF_COLUMNS_DOESNT_MATCH
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '36', // BAD_ARGUMENTS
  '42', // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  '43', // ILLEGAL_TYPE_OF_ARGUMENT
  '44', // ILLEGAL_COLUMN
  '46', // UNKNOWN_FUNCTION
  '47', // UNKNOWN_IDENTIFIER
  '53', // TYPE_MISMATCH
  '62', // SYNTAX_ERROR
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '117', // INCORRECT_DATA
  '130', // CANNOT_READ_ARRAY_FROM_TEXT
  '184', // ILLEGAL_AGGREGATION
  '215', // NOT_AN_AGGREGATE
  '288', // DISTRIBUTED_IN_JOIN_SUBQUERY_DENIED
  '456', // UNKNOWN_QUERY_PARAMETER
  '457', // BAD_QUERY_PARAMETER
])

/** The error for the caller: `FLUX_STORE_UNAVAILABLE` with the reason, or the error itself when it is a bug. */
export function toCallerError(error: unknown): unknown {
  if (error instanceof FluxError || !(error instanceof Error)) return error
  const code = codeOf(error)
  const isBug = code === null ? error instanceof TypeError || error instanceof RangeError : BUGS.has(code)
  if (isBug) return error
  return new FluxError('FLUX_STORE_UNAVAILABLE', `The history cannot be used: ${reasonOf(error)}`, [], error)
}

/** ClickHouse's own number; null when it did not get so far. Another copy of the client's package has another class. */
function codeOf(error: Error): string | null {
  const { code } = error as { code?: unknown }
  const isOfServer = error instanceof ClickHouseError || error.constructor.name === 'ClickHouseError'
  return isOfServer && typeof code === 'string' ? code : null
}

/** An aggregate of refused connections (one for each address of a host) has its reasons inside. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message
  const inner = error instanceof AggregateError ? (error.errors as Error[]).map(({ message }) => message) : []
  return inner.length > 0 ? inner.join(', ') : ((error as { code?: string }).code ?? error.name)
}
