// A failure that the person at the terminal can mend: its message is the whole story, no stack is shown.

export class ToldError extends Error {
  override readonly name = 'ToldError'
}

const TOLD = /(ConfigError|DataFolderError|InUseError|OwnRedisError|UnreachableError|ToldError)$/

/** Whether a person can mend it; anything else is a bug and shows its stack. */
export function isTold(error: unknown): error is Error {
  return error instanceof Error && TOLD.test(error.name)
}
