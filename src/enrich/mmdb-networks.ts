// Walks the networks of an MMDB file in address order: to see whether a file holds what its place asks for, and to prove
// that a downloaded one can be read from end to end.
import { networkText } from '../core/net/address.ts'
import type { DatabaseKind } from './default-paths.ts'
import { asnFields, countryField } from './mmdb-fields.ts'
import type { MmdbFile } from './mmdb-file.ts'

/** The IPv6 part is walked within global unicast (RFC 4291, section 2.4): elsewhere an MMDB repeats its IPv4 tree. */
const FAMILIES = [
  { bits: 32n, first: 0n, end: 1n << 32n },
  { bits: 128n, first: 1n << 125n, end: 1n << 126n },
] as const

/** Aliases of the IPv4 tree inside global unicast: 6to4 and Teredo. */
const ALIASES = [
  { first: 0x2002n << 112n, end: 0x2003n << 112n },
  { first: 0x20010000n << 96n, end: 0x20010001n << 96n },
] as const

/** Records that are looked at to tell an ASN database from a country database. */
const SAMPLED_RECORDS = 5_000

/** The record of every mapped network, IPv4 first. Throws where the file is damaged. */
export function* mappedRecords(file: MmdbFile): Generator<unknown> {
  for (const { bits, first, end } of FAMILIES) {
    if (bits === 128n && file.ipVersion === 4) continue
    let number: bigint = first
    while (number < end) {
      const alias = ALIASES.find((block) => bits === 128n && number >= block.first && number < block.end)
      if (alias !== undefined) {
        number = alias.end
        continue
      }
      const { record, prefixLength } = file.lookUp(addressText(number, bits))
      if (record !== null) yield record
      const step = 1n << (bits - BigInt(prefixLength))
      number = (number / step + 1n) * step
    }
  }
}

/** Whether a record holds what a database of this kind is for. */
export function isOfKind(kind: DatabaseKind, record: unknown): boolean {
  return kind === 'asn' ? asnFields(record).asn !== null : countryField(record) !== null
}

/** Throws a sentence when none of the first records has what this kind of database is for. */
export function assertKind(kind: DatabaseKind, file: MmdbFile): void {
  let seen = 0
  for (const record of mappedRecords(file)) {
    if (isOfKind(kind, record)) return
    seen += 1
    if (seen === SAMPLED_RECORDS) break
  }
  const missing = kind === 'asn' ? 'no AS numbers' : 'no country codes'
  throw new Error(seen === 0 ? 'it maps no address' : `it has ${missing}: it is of type ${file.type}`)
}

function addressText(number: bigint, bits: bigint): string {
  const bytes = new Uint8Array(Number(bits / 8n))
  let rest = number
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return networkText(bytes)
}
