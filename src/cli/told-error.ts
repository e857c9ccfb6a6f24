// A failure that the person at the terminal can mend: its message is the whole story, no stack is shown.

export class ToldError extends Error {
  override readonly name = 'ToldError'
}
