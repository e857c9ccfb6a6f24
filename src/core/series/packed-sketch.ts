// The addresses that a host's series holds, as bytes: each beside the one before, for most were seen alike.
import { octetsOf, readOctets, writeOctets } from './packed-address.ts'
import type { ByteReader } from './byte-reader.ts'
import { hasBit } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { SeenAddress } from './seen-address.ts'

/** What the reader knows of the host before its addresses. */
export interface AddressesOrigin {
  /** ms, in whole seconds. */
  readonly first: number
  readonly last: number
  /** Sorted; the bytes name them by their place. */
  readonly ids: readonly string[]
}

/** How many there are the reader knows. */
export function writeAddresses(
  to: ByteWriter,
  addresses: readonly SeenAddress[],
  { first, last, ids }: AddressesOrigin,
): void {
  let before: Omit<SeenAddress, 'key' | 'type'> = { first, last, count: 0, vantages: ids }
  let kindBefore = 0
  for (const seen of addresses) {
    const octets = octetsOf(seen.key)
    const kind = octets.kind * 2 + (seen.type === 'A' ? 0 : 1)
    const isSameSet = areSame(seen.vantages, before.vantages)
    to.row([
      kind - kindBefore,
      seen.count - before.count,
      (seen.first - before.first) / 1000,
      (seen.last - seen.first - (before.last - before.first)) / 1000,
      isSameSet ? 0 : 1,
    ])
    if (!isSameSet) to.bits(ids.map((id) => seen.vantages.includes(id)))
    writeOctets(to, seen.key, octets)
    before = seen
    kindBefore = kind
  }
}

export function readAddresses(
  from: ByteReader,
  size: number,
  origin: AddressesOrigin,
): readonly SeenAddress[] {
  const { ids } = origin
  const addresses: SeenAddress[] = []
  let { first, last } = origin
  let count = 0
  let kind = 0
  let vantages = ids
  // Few sets of vantages, many addresses: each set is made once, and shared.
  const sets = new Map<string, readonly string[]>()
  for (let index = 0; index < size; index += 1) {
    const mask = from.count()
    kind += from.rest(mask, 0)
    count += from.rest(mask, 1)
    const span = last - first
    first += from.rest(mask, 2) * 1000
    last = first + span + from.rest(mask, 3) * 1000
    if (from.rest(mask, 4) !== 0) vantages = setOf(from.bitBytes(ids.length), ids, sets)
    const key = readOctets(from, kind >> 1)
    addresses.push({ key, type: kind % 2 === 0 ? 'A' : 'AAAA', first, last, count, vantages })
  }
  return addresses
}

function setOf(
  bits: string,
  ids: readonly string[],
  sets: Map<string, readonly string[]>,
): readonly string[] {
  let set = sets.get(bits)
  if (set === undefined) sets.set(bits, (set = ids.filter((_id, index) => hasBit(bits, index))))
  return set
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
