// The list of those who asked not to be probed: reads its file, and picks it up again when it changes. What it covers is
// opt-out-entries.ts's part; who asks it before sending is the vantages', the walk's, the intake's and the PTR look-ups'.
import { readFile, stat } from 'node:fs/promises'
import { readOptOutEntries, type OptOutEntries } from './opt-out-entries.ts'

/** What those who send must ask first. */
export interface OptOut {
  /** Whether the name, or a domain above it, is on the list: no question about it goes to anybody. */
  coversName(name: string): boolean
  /** Whether no packet may go to the address, and no question be asked about it. */
  coversAddress(address: string): boolean
}

/** Nobody has opted out. */
export const NO_OPT_OUT: OptOut = { coversName: () => false, coversAddress: () => false }

/** Of wrong lines, so many are told. */
const TOLD_PROBLEMS = 5

export class OptOutList implements OptOut {
  readonly #path: string
  #stamp: string | null = null
  #entries: OptOutEntries = readOptOutEntries('').entries

  /** Covers nothing before the first `reload()`: `openOptOutList` makes one that does. */
  constructor(path: string) {
    this.#path = path
  }

  /** Domains, addresses and prefixes on the list. */
  get count(): number {
    return this.#entries.count
  }

  coversName(name: string): boolean {
    return this.#entries.coversName(name)
  }

  coversAddress(address: string): boolean {
    return this.#entries.coversAddress(address)
  }

  /**
   * Reads the file when it has changed; true when it had. Rejects with a sentence that names the setting, the file and the
   * lines when it is gone or any line is wrong; the list that was read before then stays in force, whole.
   */
  async reload(): Promise<boolean> {
    try {
      const { ino, size, mtimeNs } = await stat(this.#path, { bigint: true })
      const stamp = `${ino}/${size}/${mtimeNs}`
      if (stamp === this.#stamp) return false
      const { entries, problems } = readOptOutEntries(await readFile(this.#path, 'utf8'))
      if (problems.length > 0) throw new Error(told(problems))
      this.#entries = entries
      this.#stamp = stamp
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`FLUXWATCH_OPT_OUT: ${this.#path} cannot be used: ${why}`, { cause: error })
    }
  }
}

/** Rejects as `OptOutList.reload` does. */
export async function openOptOutList(path: string): Promise<OptOutList> {
  const list = new OptOutList(path)
  await list.reload()
  return list
}

function told(problems: readonly { readonly line: number; readonly sentence: string }[]): string {
  const lines = problems.slice(0, TOLD_PROBLEMS).map(({ line, sentence }) => `line ${line}: ${sentence}`)
  const more = problems.length - lines.length
  return `${lines.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}
