// Addresses as bytes: every text comes back as it was, be it the canonical text of an address or not.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIpv6 } from '../../../src/core/net/address-text.ts'
import { ByteReader } from '../../../src/core/series/byte-reader.ts'
import { ByteWriter } from '../../../src/core/series/byte-writer.ts'
import { readAddress, writeAddress } from '../../../src/core/series/packed-address.ts'

function bytesOf(text: string): Buffer {
  const to = new ByteWriter()
  writeAddress(to, text)
  return to.toBytes()
}

const comesBack = (text: string): void => {
  expect(readAddress(new ByteReader(bytesOf(text)))).toBe(text)
}

describe('an address as bytes', () => {
  it('comes back as the text that it was', () => {
    const groups = fc.array(fc.constantFrom(0, 0, 0, 1, 10, 0x20, 0xfff, 0x100, 0xffff), {
      minLength: 8,
      maxLength: 8,
    })
    fc.assert(
      fc.property(groups, (values) => {
        const text = formatIpv6(Uint8Array.from(values.flatMap((group) => [group >> 8, group & 0xff])))
        comesBack(text)
        expect(bytesOf(text).length).toBe(2 + 2 * values.filter((group) => group !== 0).length)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.string({ unit: 'binary' })), comesBack),
    )
  })

  it.each([
    '::',
    '::1',
    '1::',
    '0:0:0:0:0:0:0:1',
    '1:0:2:3:4:5:6:7',
    '1::2:3:4:5:6:7',
    '1:0:0:2:0:0:0:3',
    '1::2:0:0:0:3',
    '2001:DB8::1',
    '2001:0db8::1',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    ':::',
    '1:::2',
    ':',
    '01.2.3.4',
    '1.2.3.4',
    '',
  ])('comes back: "%s"', comesBack)
})
