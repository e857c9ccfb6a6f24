// Blocks of addresses.
import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/net/address.ts'
import { cidrContains, parseCidr } from '../../../src/core/net/cidr.ts'

describe('a block', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['192.0.2.129/25', '192.0.2.128/25'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    ['fe80::1/10', 'fe80::/10'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:10.0.0.1', '10.0.0.1/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ])('%s reads as %s', (text, canonical) => {
    expect(parseCidr(text)?.text).toBe(canonical)
  })

  test.each([
    '',
    '/',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/8 ',
    '10/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/8.0',
    '10.0.0.0/1e1',
    '2001:db8::/129',
    '::ffff:10.0.0.0/95',
    'fe80::%eth0/64',
    'example/8',
  ])('%j is no block', (text) => {
    expect(parseCidr(text)).toBeNull()
  })

  test.each([
    ['10.0.0.0/8', '10.0.0.0', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '9.255.255.255', false],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.0', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '192.0.2.1', false],
    ['fe80::/10', 'febf:ffff::', true],
    ['fe80::/10', 'fec0::', false],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::', false],
  ])('%s holds %s: %s', (block, address, expected) => {
    expect(cidrContains(parseCidr(block)!, parseAddress(address)!)).toBe(expected)
  })

  test('holds what ipaddr.js says it holds', () => {
    const ipv4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    const low = fc.integer({ min: 0, max: 0xffff }).map((group) => `2001:db8::${group.toString(16)}`)
    const ipv6 = fc.tuple(low, low, fc.integer({ min: 100, max: 128 }))
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), ([network, address, bits]) => {
        const expected = ipaddr.parse(address).match(ipaddr.parseCIDR(`${network}/${bits}`))
        const block = parseCidr(`${network}/${bits}`)!
        expect(cidrContains(block, parseAddress(address)!)).toBe(expected)
        expect(cidrContains(block, parseAddress(network)!)).toBe(true)
        expect(parseCidr(block.text)).toEqual(block)
      }),
      { numRuns: 2000 },
    )
  })
})
