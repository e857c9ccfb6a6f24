// The key by which a store knows an observation again: a number in place of the long text of its id. Together with target and
// time it stands for the row, so only rows of one target and one millisecond could ever be taken for each other.

const TWO_TO_32 = 2 ** 32

/**
 * A stable hash of an observation's id: a whole number, 0…2⁴⁸−1 (six bytes). The same on every machine and in every version:
 * stored rows rest on it.
 *
 * Two multiplicative hashes over the UTF-16 code units, each finished with MurmurHash3's mixer over both.
 */
export function rowKey(id: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < id.length; index += 1) {
    const unit = id.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x9e3779b1)
    low = Math.imul(low ^ unit, 0x5f356495)
  }
  const first = mixed(high, low)
  const second = mixed(low, first)
  return (first & 0xffff) * TWO_TO_32 + (second >>> 0)
}

function mixed(hash: number, other: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35)
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  return value ^ (value >>> 13)
}
