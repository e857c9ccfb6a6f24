// What is behind a port knows its own arguments, not where in the request they came from. This puts the pointers of its
// errors to where the client wrote the value.
import { FluxError } from '../../core/errors.ts'

/** The same error with `prefix` before every pointer; anything else than a FluxError with pointers is left alone. */
export function relocated(error: unknown, prefix: string): unknown {
  if (!(error instanceof FluxError) || error.errors.length === 0) return error
  const errors = error.errors.map((each) => ({
    ...each,
    pointer: `${prefix}${each.pointer.replace(/^#/u, '')}`,
  }))
  return new FluxError(error.code, error.message, errors, error)
}

/** For reads: what a port complains of (a cursor, for example) came from the query. */
export async function fromQuery<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw relocated(error, '/query')
  }
}
