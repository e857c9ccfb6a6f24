// Every block that is set aside: one address inside, its edges, and what lies around. The expected names are written out
// here and not read from the table, so that a row that is lost or wrong shows.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../src/core/net/address.ts'
import { cidrContains, parseCidr } from '../../../src/core/net/cidr.ts'
import { IPV4_BLOCKS, IPV6_BLOCKS } from '../../../src/core/net/special-purpose-table.ts'
import { specialPurpose } from '../../../src/core/net/special-purpose.ts'

function blockOf(text: string): string | null {
  return specialPurpose(parseAddress(text)!)?.cidr ?? null
}

const INSIDE: readonly (readonly [
  address: string,
  cidr: string,
  name: string,
  globallyReachable: boolean,
])[] = [
  ['0.1.2.3', '0.0.0.0/8', 'This network', false],
  ['0.0.0.0', '0.0.0.0/32', 'This host on this network', false],
  ['10.20.30.40', '10.0.0.0/8', 'Private-Use', false],
  ['100.100.0.1', '100.64.0.0/10', 'Shared Address Space', false],
  ['127.0.0.53', '127.0.0.0/8', 'Loopback', false],
  ['169.254.169.254', '169.254.0.0/16', 'Link Local', false],
  ['172.20.0.1', '172.16.0.0/12', 'Private-Use', false],
  ['192.0.0.100', '192.0.0.0/24', 'IETF Protocol Assignments', false],
  ['192.0.0.7', '192.0.0.0/29', 'IPv4 Service Continuity Prefix', false],
  ['192.0.0.8', '192.0.0.8/32', 'IPv4 dummy address', false],
  ['192.0.0.9', '192.0.0.9/32', 'Port Control Protocol Anycast', true],
  ['192.0.0.10', '192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', true],
  ['192.0.0.170', '192.0.0.170/32', 'NAT64/DNS64 Discovery', false],
  ['192.0.0.171', '192.0.0.171/32', 'NAT64/DNS64 Discovery', false],
  ['192.0.2.55', '192.0.2.0/24', 'Documentation (TEST-NET-1)', false],
  ['192.31.196.1', '192.31.196.0/24', 'AS112-v4', true],
  ['192.52.193.1', '192.52.193.0/24', 'AMT', true],
  ['192.88.99.1', '192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', false],
  ['192.88.99.2', '192.88.99.2/32', '6a44-relay anycast address', false],
  ['192.168.1.1', '192.168.0.0/16', 'Private-Use', false],
  ['192.175.48.42', '192.175.48.0/24', 'Direct Delegation AS112 Service', true],
  ['198.19.0.1', '198.18.0.0/15', 'Benchmarking', false],
  ['198.51.100.7', '198.51.100.0/24', 'Documentation (TEST-NET-2)', false],
  ['203.0.113.9', '203.0.113.0/24', 'Documentation (TEST-NET-3)', false],
  ['224.0.0.251', '224.0.0.0/4', 'Multicast', false],
  ['250.1.2.3', '240.0.0.0/4', 'Reserved', false],
  ['255.255.255.255', '255.255.255.255/32', 'Limited Broadcast', false],
  ['::1', '::1/128', 'Loopback Address', false],
  ['::', '::/128', 'Unspecified Address', false],
  ['64:ff9b::808:808', '64:ff9b::/96', 'IPv4-IPv6 Translat.', true],
  ['64:ff9b:1:2::3', '64:ff9b:1::/48', 'IPv4-IPv6 Translat.', false],
  ['100::1', '100::/64', 'Discard-Only Address Block', false],
  ['100:0:0:1::1', '100:0:0:1::/64', 'Dummy IPv6 Prefix', false],
  ['2001:100::1', '2001::/23', 'IETF Protocol Assignments', false],
  ['2001:0:4136:e378::1', '2001::/32', 'TEREDO', false],
  ['2001:1::1', '2001:1::1/128', 'Port Control Protocol Anycast', true],
  ['2001:1::2', '2001:1::2/128', 'Traversal Using Relays around NAT Anycast', true],
  ['2001:1::3', '2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', true],
  ['2001:2::1', '2001:2::/48', 'Benchmarking', false],
  ['2001:3::1', '2001:3::/32', 'AMT', true],
  ['2001:4:112::1', '2001:4:112::/48', 'AS112-v6', true],
  ['2001:1f::1', '2001:10::/28', 'Deprecated (previously ORCHID)', false],
  ['2001:2f::1', '2001:20::/28', 'ORCHIDv2', true],
  ['2001:3f::1', '2001:30::/28', 'Drone Remote ID Protocol Entity Tags (DETs) Prefix', true],
  ['2001:db8:1::1', '2001:db8::/32', 'Documentation', false],
  ['2002:808:808::1', '2002::/16', '6to4', false],
  ['2620:4f:8000::1', '2620:4f:8000::/48', 'Direct Delegation AS112 Service', true],
  ['3fff:abc::1', '3fff::/20', 'Documentation', false],
  ['5f00:1::1', '5f00::/16', 'Segment Routing (SRv6) SIDs', false],
  ['fd00::1', 'fc00::/7', 'Unique-Local', false],
  ['fe80::1', 'fe80::/10', 'Link-Local Unicast', false],
  ['ff02::fb', 'ff00::/8', 'Multicast', false],
  ['fec0::1', 'fec0::/10', 'Site-Local Unicast (deprecated)', false],
  ['::7f00:1', '::/96', 'IPv4-compatible (deprecated)', false],
]

describe('an address that is set aside', () => {
  test.each(INSIDE)('%s is in %s, %s', (address, cidr, name, globallyReachable) => {
    expect(specialPurpose(parseAddress(address)!)).toMatchObject({ cidr, name, globallyReachable })
  })

  test('every row of the table is met above, and cites its source', () => {
    const rows = [...IPV4_BLOCKS, ...IPV6_BLOCKS]
    expect(INSIDE.map(([, cidr]) => cidr).toSorted()).toEqual(rows.map((row) => row.cidr).toSorted())
    expect(rows.filter((row) => !/^RFC \d+/.test(row.source))).toEqual([])
    expect(rows.filter((row) => parseCidr(row.cidr)?.text !== row.cidr)).toEqual([])
  })

  test.each([
    ['0.255.255.255', '0.0.0.0/8'],
    ['10.0.0.0', '10.0.0.0/8'],
    ['10.255.255.255', '10.0.0.0/8'],
    ['100.64.0.0', '100.64.0.0/10'],
    ['100.127.255.255', '100.64.0.0/10'],
    ['127.255.255.255', '127.0.0.0/8'],
    ['172.16.0.0', '172.16.0.0/12'],
    ['172.31.255.255', '172.16.0.0/12'],
    ['192.0.0.11', '192.0.0.0/24'],
    ['198.18.0.0', '198.18.0.0/15'],
    ['198.19.255.255', '198.18.0.0/15'],
    ['239.255.255.255', '224.0.0.0/4'],
    ['240.0.0.0', '240.0.0.0/4'],
    ['255.255.255.254', '240.0.0.0/4'],
    ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe80::/10'],
    ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fc00::/7'],
    ['3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff::/20'],
    ['100::ffff:ffff:ffff:ffff', '100::/64'],
    ['2001:1::4', '2001::/23'],
  ])('the edge %s is in %s', (address, cidr) => {
    expect(blockOf(address)).toBe(cidr)
  })
})

test.each([
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.0.3.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '198.51.99.255',
  '203.0.114.0',
  '223.255.255.255',
  '8.8.8.8',
  '9.9.9.9',
  '2606:4700:4700::1111',
  '2001:200::1',
  '2001:4860::8888',
  '2003::1',
  '2620:4f:8001::1',
  '3ffe:ffff::1',
  '4000::1',
  '100:0:0:2::1',
  '64:ff9b:2::1',
  'fbff::1',
])('%s is an ordinary public address', (address) => {
  expect(blockOf(address)).toBeNull()
})

describe('an IPv4 address inside of an IPv6 address', () => {
  test.each([
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['::ffff:a9fe:a9fe', '169.254.0.0/16'],
    ['64:ff9b::10.0.0.1', '10.0.0.0/8'],
    ['64:ff9b::a9fe:a9fe', '169.254.0.0/16'],
    ['2002:7f00:1::', '127.0.0.0/8'],
    ['2002:c0a8:101::1', '192.168.0.0/16'],
    ['2002:e000:1::', '224.0.0.0/4'],
  ])('decides: %s is in %s', (address, cidr) => {
    expect(blockOf(address)).toBe(cidr)
  })

  test('an ordinary one leaves a mapped address ordinary', () => {
    expect(blockOf('::ffff:8.8.8.8')).toBeNull()
  })
})

test('the index by first octet and the plain search of the table agree on every IPv4 address', () => {
  const blocks = IPV4_BLOCKS.map((row) => parseCidr(row.cidr)!)
  const nearEdge = fc
    .tuple(fc.constantFrom(...IPV4_BLOCKS), fc.integer({ min: -2, max: 2 }))
    .map(([row, step]) => {
      const bytes = parseCidr(row.cidr)!.network
      return (new DataView(bytes.buffer).getUint32(0) + step) >>> 0
    })
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), nearEdge), (number) => {
      const address = parseAddress([24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.'))!
      const holding = blocks
        .filter((block) => cidrContains(block, address))
        .toSorted((a, b) => b.bits - a.bits)
      expect(specialPurpose(address)?.cidr ?? null).toBe(holding[0]?.text ?? null)
    }),
    { numRuns: 5000 },
  )
})
