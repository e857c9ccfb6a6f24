// The texts that stand once in the file and as numbers in its rows. They are never removed or changed, so what was read once stays
// right, whatever other processes do; only what an undone transaction added must be forgotten.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { RecentMap } from './recent-map.ts'

/** Names; some 100 octets each. */
const MOST_REMEMBERED = 50_000

interface Table {
  readonly name: 'text' | 'vantage'
  readonly number: 'ref' | 'number'
  readonly text: 'text' | 'id'
}

export const TEXTS: Table = { name: 'text', number: 'ref', text: 'text' }
export const VANTAGES: Table = { name: 'vantage', number: 'number', text: 'id' }

export class Dictionary {
  readonly #find: StatementSync
  readonly #read: StatementSync
  readonly #add: StatementSync
  readonly #numbers = new RecentMap<string, number>(MOST_REMEMBERED)
  readonly #texts = new RecentMap<number, string>(MOST_REMEMBERED)

  constructor(database: DatabaseSync, { name, number, text }: Table) {
    this.#find = database.prepare(`SELECT ${number} AS number FROM ${name} WHERE ${text} = ?`)
    this.#read = database.prepare(`SELECT ${text} AS text FROM ${name} WHERE ${number} = ?`)
    this.#add = database.prepare(`INSERT INTO ${name} (${text}) VALUES (?)`)
  }

  /** The number of a text; null when it has none. */
  find(text: string): number | null {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const row = this.#find.get(text)
    if (row === undefined) return null
    const number = row['number'] as number
    this.#numbers.set(text, number)
    return number
  }

  /** The number of a text, which it is given when it has none. Inside a transaction that writes. */
  numberOf(text: string): number {
    const known = this.find(text)
    if (known !== null) return known
    const number = Number(this.#add.run(text).lastInsertRowid)
    this.#numbers.set(text, number)
    return number
  }

  /** Throws an Error for a number that no text has: the file would be broken. */
  textOf(number: number): string {
    const known = this.#texts.get(number)
    if (known !== undefined) return known
    const row = this.#read.get(number)
    if (row === undefined) throw new Error(`The history file has no text ${number}`)
    const text = row['text'] as string
    this.#texts.set(number, text)
    return text
  }

  /** After a transaction that was undone. */
  forget(): void {
    this.#numbers.clear()
    this.#texts.clear()
  }
}
