// Numbers that are nearly always small and whole (TTLs, codes, round numbers), but come back exactly whatever they are.
import type { ByteReader } from '../series/byte-reader.ts'
import type { ByteWriter } from '../series/byte-writer.ts'

/** Well inside what a double counts one by one, with room for a sign and an offset. */
const LARGEST_WHOLE = 2 ** 51

/** Whether `ByteWriter` gives the number back from `count` and `signed`; −0 it does not. */
export function isPlainWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < LARGEST_WHOLE && !Object.is(value, -0)
}

export function writeAmount(to: ByteWriter, value: number): void {
  if (value >= 0 && isPlainWhole(value)) {
    to.count(value + 1)
    return
  }
  to.count(0)
  to.double(value)
}

export function readAmount(from: ByteReader): number {
  const next = from.count()
  return next === 0 ? from.double() : next - 1
}
