// The hash in parts: whoever hashes many texts of one beginning must get what the whole text gives.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  finishHash,
  HASH_BEGIN,
  hashNumberOn,
  hashOn,
  stableHash,
} from '../../../src/core/series/stable-hash.ts'

it('A hash that goes on from text to text is the hash of all of them together', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(finishHash(hashOn(hashOn(HASH_BEGIN, one), other))).toBe(stableHash(one + other))
    }),
  )
})

it('A hash that goes on with a number is that of its decimal digits', () => {
  const numbers = fc.oneof(
    fc.maxSafeNat(),
    fc.nat({ max: 1000 }),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(0, 9, 10, 99, 100, 999_999, 1_000_000, Number.MAX_SAFE_INTEGER, 1e21),
  )
  fc.assert(
    fc.property(fc.string(), numbers, (text, number) => {
      expect(finishHash(hashNumberOn(hashOn(HASH_BEGIN, text), number))).toBe(stableHash(`${text}${number}`))
    }),
    { numRuns: 1000 },
  )
})
