// Options of the benches that are numbers or choices. What cannot be right ends the bench with a sentence and the usage.

export interface OptionReader {
  /** At least 1. */
  wholeNumber(name: string, text: string | undefined, otherwise: number): number
  oneOf<T extends string>(name: string, text: string | undefined, choices: readonly T[], otherwise: T): T
  /** Of a list with commas; all of the choices where there is none. */
  someOf<T extends string>(name: string, text: string | undefined, choices: readonly T[]): ReadonlySet<T>
}

export function optionReader(usage: string): OptionReader {
  function refuse(sentence: string): never {
    process.stderr.write(`${sentence}\n${usage}\n`)
    process.exit(2)
  }

  function known<T extends string>(name: string, text: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === text)
    return found ?? refuse(`--${name}: expected ${choices.join(', ')}, got ${text}`)
  }

  return {
    wholeNumber(name, text, otherwise) {
      if (text === undefined) return otherwise
      const value = Number(text)
      if (Number.isSafeInteger(value) && value >= 1) return value
      return refuse(`--${name}: expected a whole number above 0, got ${text}`)
    },
    oneOf: (name, text, choices, otherwise) => (text === undefined ? otherwise : known(name, text, choices)),
    someOf: (name, text, choices) =>
      new Set(text === undefined ? choices : text.split(',').map((part) => known(name, part, choices))),
  }
}
