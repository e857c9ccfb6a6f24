// The list in which each name of a zone's name servers stands once. Decides their numbers: those that the sketch holds come first, in
// its order.
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { DelegationSeries } from './delegation-series.ts'

export class NameList {
  readonly names: string[]
  /** Made only where many names are to be found. */
  #numbers: Map<string, number> | null = null

  /** `first`: distinct. */
  constructor(first: readonly string[]) {
    this.names = [...first]
  }

  add(name: string): void {
    if (this.#find(name) >= 0) return
    this.#numbers?.set(name, this.names.length)
    this.names.push(name)
  }

  /** All names in a delegation. */
  addDelegation({ parent, child, glue, lame }: DelegationSeries): void {
    for (const side of [parent, child]) {
      for (const name of side?.names ?? []) this.add(name)
      for (const { name } of side?.hosts ?? []) this.add(name)
    }
    for (const { name } of glue) this.add(name)
    for (const { key } of lame.entries) this.add(key)
  }

  /** Of a name that was added. */
  numberOf(name: string): number {
    return this.#find(name)
  }

  #find(name: string): number {
    if (this.names.length <= 8) return this.names.indexOf(name)
    this.#numbers ??= new Map(this.names.map((one, number) => [one, number]))
    return this.#numbers.get(name) ?? -1
  }
}

export function writeNameNumbers(to: ByteWriter, names: readonly string[], list: NameList): void {
  for (const name of names) to.count(list.numberOf(name))
}

export function readNameNumbers(from: ByteReader, size: number, names: readonly string[]): readonly string[] {
  return Array.from({ length: size }, () => names[from.count()]!)
}
