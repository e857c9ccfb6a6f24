// What the history's thread can be asked, and how it answers. Types only: both sides import them.
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { PageQuery } from './observation-page.ts'

/** Every operation, with what it is given and what it answers. */
export interface ThreadOperations {
  append: { input: readonly StoredObservation[]; output: null }
  observations: { input: PageQuery; output: StoredObservation[] }
  /** Removes at most `limit` rows; answers how many. */
  prune: { input: { olderThanMs: number; limit: number }; output: number }
  /** Proves that the file can be read and written now. */
  check: { input: null; output: { schema: number; bytes: number } }
  /** Closes the file; the thread ends after the answer. */
  close: { input: null; output: null }
}

export type ThreadOperation = keyof ThreadOperations

export type ThreadRequest = {
  [Name in ThreadOperation]: {
    readonly number: number
    readonly operation: Name
    readonly input: ThreadOperations[Name]['input']
  }
}[ThreadOperation]

export type ThreadReply =
  | { readonly number: number; readonly output: ThreadOperations[ThreadOperation]['output'] }
  /** Structured clone keeps the message and the stack of an Error, but drops `errcode`: it travels beside it. */
  | { readonly number: number; readonly error: Error; readonly sqliteCode: number | null }

export interface ThreadSettings {
  readonly path: string
}
