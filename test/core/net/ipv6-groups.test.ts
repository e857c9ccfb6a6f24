// Groups of canonical addresses: the same as the one reader of addresses finds, and nothing for other spellings.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAddress, prefixKey } from '../../../src/core/net/address.ts'
import { formatIpv6, parseIpv6Bytes } from '../../../src/core/net/address-text.ts'
import { canonicalGroups } from '../../../src/core/net/ipv6-groups.ts'
import { specialPurpose } from '../../../src/core/net/special-purpose.ts'
import { locate } from '../../../src/core/features/member.ts'

const group = fc.oneof(
  fc.constantFrom(0, 0, 0, 1, 0xffff, 0x2001, 0xdb8, 0x2002, 0x64, 0xff9b),
  fc.nat({ max: 0xffff }),
)
const canonical = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => formatIpv6(Uint8Array.from(groups.flatMap((one) => [one >> 8, one & 0xff]))))

it('Of a text in the form of RFC 5952 the groups are found, of any other text none', () => {
  fc.assert(
    fc.property(fc.oneof(canonical, fc.ipV6(), fc.string()), (text) => {
      const bytes = parseIpv6Bytes(text)
      const groups = canonicalGroups(text)
      if (bytes === null || formatIpv6(bytes) !== text) expect(groups).toBeNull()
      else
        expect(groups).toEqual(
          Array.from({ length: 8 }, (_, index) => bytes[2 * index]! * 256 + bytes[2 * index + 1]!),
        )
    }),
    { numRuns: 1000 },
  )
})

it('An address of a pool lies where the one reader of addresses says', () => {
  fc.assert(
    fc.property(fc.oneof(canonical, fc.ipV6()), (text) => {
      const address = parseAddress(text)
      const place = locate(text)
      if (address === null || specialPurpose(address) !== null) expect(place).toBeNull()
      else if (address.family === 6)
        expect(place).toEqual({ text: address.text, family: 6, number: -1, network: prefixKey(address, 48) })
      else expect(place).toMatchObject({ text: address.text, family: 4 })
    }),
    { numRuns: 1000 },
  )
})
