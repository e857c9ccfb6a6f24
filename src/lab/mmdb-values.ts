// The data section of an MMDB file: how one value becomes bytes (MaxMind DB format 2.0, "Output Data Section"). Writes
// no pointers inside of values; equal values are shared by the tree, in mmdb-writer.ts.

export type MmdbValue = string | MmdbInteger | readonly MmdbValue[] | { readonly [key: string]: MmdbValue }

/** Numbers say their width, as the format has a type per width. */
export interface MmdbInteger {
  readonly type: 'uint16' | 'uint32' | 'uint64'
  readonly value: number
}

export function uint16(value: number): MmdbInteger {
  return { type: 'uint16', value }
}

export function uint32(value: number): MmdbInteger {
  return { type: 'uint32', value }
}

export function uint64(value: number): MmdbInteger {
  return { type: 'uint64', value }
}

const STRING = 2
const MAP = 7
const ARRAY = 11
const INTEGER_TYPES = { uint16: 5, uint32: 6, uint64: 9 } as const
const INTEGER_BYTES = { uint16: 2, uint32: 4, uint64: 8 } as const

/** Throws RangeError on a number that its type cannot hold, or beyond 2^53. */
export function encodeMmdbValue(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8')
    return Buffer.concat([control(STRING, text.length), text])
  }
  if (Array.isArray(value))
    return Buffer.concat([control(ARRAY, value.length), ...value.map(encodeMmdbValue)])
  if (isInteger(value)) {
    const bytes = integerBytes(value)
    return Buffer.concat([control(INTEGER_TYPES[value.type], bytes.length), bytes])
  }
  const entries = Object.entries(value as { readonly [key: string]: MmdbValue })
  return Buffer.concat([
    control(MAP, entries.length),
    ...entries.flatMap(([key, item]) => [encodeMmdbValue(key), encodeMmdbValue(item)]),
  ])
}

function isInteger(value: MmdbValue): value is MmdbInteger {
  return typeof value === 'object' && 'type' in value && typeof value['value'] === 'number'
}

/** Big-endian without leading zero bytes; zero is no bytes at all. */
function integerBytes({ type, value }: MmdbInteger): Buffer {
  const width = INTEGER_BYTES[type]
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
    throw new RangeError(`Expected ${type}, got ${value}`)
  }
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? Buffer.alloc(0) : bytes.subarray(first)
}

/** Control byte: three bits of type (0 = extended, in the next byte), five bits of size, longer sizes after that. */
function control(type: number, size: number): Buffer {
  if (size >= 65_821) throw new RangeError(`Expected at most 65820 bytes or items, got ${size}`)
  const extended = type > 7
  const sizeBits = size < 29 ? size : size < 285 ? 29 : 30
  const head = [((extended ? 0 : type) << 5) | sizeBits]
  if (extended) head.push(type - 7)
  if (sizeBits === 29) head.push(size - 29)
  if (sizeBits === 30) head.push((size - 285) >>> 8, (size - 285) & 0xff)
  return Buffer.from(head)
}
