// Reading and writing addresses, with Node's own parsers (node:net, URL) as the independent opinion.
import { isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalAddress, ipv4Number, parseAddress, prefixKey } from '../../../src/core/net/address.ts'

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 })
// Sparse, because runs of zeros are what IPv6 text is about.
const sparse16 = fc
  .array(fc.constantFrom(0, 0, 0, 0xffff, 1, 0x0db8, 0x2001), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])))
const anyIpv6 = fc.oneof(fc.ipV6(), bytes16.map(written), sparse16.map(written))
const addressLike = fc.oneof(
  fc.ipV4Extended(),
  fc.ipV4(),
  anyIpv6,
  fc.stringMatching(/^[0-9.]{1,16}$/),
  fc.stringMatching(/^[0-9a-fA-F:.]{1,40}$/),
  fc
    .array(fc.constantFrom('::', ':', '1', '0', 'ffff', '12345', '.', '192.0.2.1', 'g', '%eth0'), {
      maxLength: 10,
    })
    .map((pieces) => pieces.join('')),
)

/** Every group written out, no "::". */
function written(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16),
  ).join(':')
}

describe('an address', () => {
  test.each([
    ['0.0.0.0', '0.0.0.0', 4],
    ['192.0.2.1', '192.0.2.1', 4],
    ['255.255.255.255', '255.255.255.255', 4],
    ['::', '::', 6],
    ['::1', '::1', 6],
    ['1::', '1::', 6],
    ['2001:DB8::1', '2001:db8::1', 6],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1', 6],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 6],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', 6],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', 6],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0', 6],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8', 6],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201', 6],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201', 6],
    ['::192.0.2.1', '::c000:201', 6],
    ['::fffe:192.0.2.1', '::fffe:c000:201', 6],
  ] as const)('%s reads as %s', (text, canonical, family) => {
    expect(parseAddress(text)).toMatchObject({ text: canonical, family, mapped: false })
    expect(canonicalAddress(text)).toBe(canonical)
  })

  test.each(['::ffff:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:FFFF:C000:0201'])(
    'the IPv4-mapped %s is the IPv4 address inside',
    (text) => {
      expect(parseAddress(text)).toEqual({
        family: 4,
        text: '192.0.2.1',
        bytes: Uint8Array.of(192, 0, 2, 1),
        mapped: true,
      })
    },
  )

  test.each([
    '',
    ' ',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3.4',
    '1..2.3',
    '256.1.1.1',
    '1.1.1.1111',
    '01.2.3.4',
    '1.2.3.00',
    '0x7f.0.0.1',
    '127.1',
    '2130706433',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4/32',
    '1.2.3.4:80',
    '+1.2.3.4',
    '1.2.3.-4',
    '１.2.3.4',
    ':',
    ':::',
    '1',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    ':1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:',
    '::12345',
    '::g',
    '[::1]',
    '::1%eth0',
    '::1/128',
    '::1.2.3',
    '::01.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::ffff:256.0.0.1',
    `${'0'.repeat(50)}::1`,
    'evil.example',
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeNull()
    expect(canonicalAddress(text)).toBeNull()
    expect(ipv4Number(text)).toBeNull()
  })

  test('what is an address is what Node takes for one, zones aside', () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        const expected = isIPv4(text) || (isIPv6(text) && !text.includes('%'))
        expect(parseAddress(text) !== null).toBe(expected)
      }),
      { numRuns: 5000 },
    )
  })

  test('canonical IPv6 text is what a URL shows, and reads back to the same address', () => {
    fc.assert(
      fc.property(anyIpv6, (text) => {
        const address = parseAddress(text)
        fc.pre(address !== null && address.family === 6)
        expect(`[${address.text}]`).toBe(new URL(`http://[${text}]/`).hostname)
        expect(parseAddress(address.text)).toEqual(address)
      }),
      { numRuns: 3000 },
    )
  })

  test('the bytes are those that were written', () => {
    fc.assert(
      fc.property(fc.oneof(bytes16, sparse16), (bytes) => {
        const address = parseAddress(written(bytes))!
        expect([...address.bytes]).toEqual(Array.from(address.mapped ? bytes.subarray(12) : bytes))
      }),
    )
  })
})

describe('a prefix key', () => {
  test.each([
    ['198.51.100.7', 16, '198.51.0.0/16'],
    ['198.51.100.7', 24, '198.51.100.0/24'],
    ['198.51.100.7', 32, '198.51.100.7/32'],
    ['198.51.100.7', 0, '0.0.0.0/0'],
    ['198.51.100.7', 13, '198.48.0.0/13'],
    ['::ffff:198.51.100.7', 16, '198.51.0.0/16'],
    ['2001:db8:1:2::3', 48, '2001:db8:1::/48'],
    ['2001:db8:1:2::3', 64, '2001:db8:1:2::/64'],
    ['2001:db8:ffff::', 33, '2001:db8:8000::/33'],
    ['2001:db8::1', 128, '2001:db8::1/128'],
    ['2001:db8::1', 0, '::/0'],
  ])('of %s with %i bits is %s', (text, bits, key) => {
    expect(prefixKey(parseAddress(text)!, bits)).toBe(key)
  })

  test.each([
    ['192.0.2.1', 33],
    ['192.0.2.1', -1],
    ['192.0.2.1', 8.5],
    ['2001:db8::1', 129],
    ['2001:db8::1', Number.NaN],
  ])('of %s with %d bits is a bug of the caller', (text, bits) => {
    expect(() => prefixKey(parseAddress(text)!, bits)).toThrow(RangeError)
  })

  test('is shared by two addresses exactly when their first bits agree', () => {
    const number = fc.integer({ min: 0, max: 0xffff_ffff })
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 0, max: 31 }),
        fc.integer({ min: 1, max: 32 }),
        (a, b, flip, bits) => {
          const near = (a ^ (1 << flip)) >>> 0
          for (const other of [b, near]) {
            const agree =
              a.toString(2).padStart(32, '0').slice(0, bits) ===
              other.toString(2).padStart(32, '0').slice(0, bits)
            expect(prefixKey(dotted(a), bits) === prefixKey(dotted(other), bits)).toBe(agree)
          }
        },
      ),
    )
  })
})

describe('the number of an IPv4 address', () => {
  test.each([
    ['0.0.0.0', 0],
    ['0.0.1.0', 256],
    ['127.0.0.1', 2_130_706_433],
    ['192.0.2.1', 3_221_225_985],
    ['255.255.255.255', 4_294_967_295],
    ['::ffff:0.0.1.0', 256],
    ['2001:db8::1', null],
    ['::1', null],
  ])('%s is %d', (text, number) => {
    expect(ipv4Number(text)).toBe(number)
  })

  test('makes distances that do not wrap', () => {
    expect(ipv4Number('255.0.0.0')! - ipv4Number('1.0.0.0')!).toBe(254 * 2 ** 24)
  })
})

function dotted(number: number) {
  return parseAddress([24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.'))!
}
