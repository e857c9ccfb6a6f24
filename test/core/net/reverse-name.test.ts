import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/net/address.ts'
import { reverseName } from '../../../src/core/net/reverse-name.ts'

describe('the name of an address, the other way round', () => {
  test.each([
    ['192.0.2.7', '7.2.0.192.in-addr.arpa'],
    ['0.0.0.0', '0.0.0.0.in-addr.arpa'],
    ['255.1.20.3', '3.20.1.255.in-addr.arpa'],
    ['::ffff:192.0.2.7', '7.2.0.192.in-addr.arpa'],
    // The example of RFC 3596, section 2.5.
    ['4321:0:1:2:3:4:567:89ab', 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa'],
    ['::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ])('%s is looked up as %s', (text, expected) => {
    const address = parseAddress(text)
    if (address === null) throw new Error(`not an address: ${text}`)
    expect(reverseName(address)).toBe(expected)
  })
})
