// The CNAME targets of a host as bytes.
import type { AddressType } from './host-view.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { readName, readSighting, writeName, writeSighting } from './packed-name.ts'
import type { AliasUse, SeenAlias } from './seen-alias.ts'

/** What the reader knows of the host before its chain. Times: whole ms. */
export interface ChainOrigin {
  readonly name: string
  readonly first: number
  readonly last: number
  /** Sorted; the bytes name them by their place. */
  readonly ids: readonly string[]
}

/** How many there are the reader knows. */
export function writeChain(to: ByteWriter, chain: readonly SeenAlias[], origin: ChainOrigin): void {
  const { ids } = origin
  let before = { key: origin.name, first: origin.first, last: origin.last, count: 0 }
  for (const alias of chain) {
    const { key, count, uses } = alias
    const seen = { key, first: Math.round(alias.first), last: Math.round(alias.last), count }
    writeName(to, key, before.key)
    writeSighting(to, seen, before, uses.length)
    let head = -1
    let answers = 0
    for (const use of uses) {
      const next = ids.indexOf(use.vantage) * 2 + (use.type === 'A' ? 0 : 1)
      to.row([next - head - 1, use.freshAnswers - answers])
      head = next
      answers = use.freshAnswers
    }
    before = seen
  }
}

export function readChain(from: ByteReader, size: number, origin: ChainOrigin): readonly SeenAlias[] {
  const { ids } = origin
  const chain: SeenAlias[] = []
  let before = { key: origin.name, first: origin.first, last: origin.last, count: 0 }
  for (let index = 0; index < size; index += 1) {
    const key = readName(from, before.key)
    const { sighting, more } = readSighting(from, before)
    const alias = { key, ...sighting, uses: readUses(from, more, ids) }
    chain.push(alias)
    before = alias
  }
  return chain
}

function readUses(from: ByteReader, size: number, ids: readonly string[]): readonly AliasUse[] {
  const uses: AliasUse[] = []
  let head = -1
  let freshAnswers = 0
  while (uses.length < size) {
    const mask = from.count()
    head += 1 + from.rest(mask, 0)
    freshAnswers += from.rest(mask, 1)
    const type: AddressType = head % 2 === 0 ? 'A' : 'AAAA'
    uses.push({ vantage: ids[head >> 1]!, type, freshAnswers })
  }
  return uses
}
