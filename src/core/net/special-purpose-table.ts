// Blocks that are set aside: the IANA IPv4 and IPv6 Special-Purpose Address Registries, every row, and the few blocks
// below them that are special without being in the registries. A table only; special-purpose.ts reads it.

export interface SpecialPurposeBlock {
  readonly cidr: string
  /** The name in the registry. */
  readonly name: string
  readonly source: string
  /** The registry's column. False also where it says N/A (2001::/32, 2002::/16, which lead to some IPv4 host). */
  readonly globallyReachable: boolean
}

function special(cidr: string, name: string, source: string): SpecialPurposeBlock {
  return { cidr, name, source, globallyReachable: false }
}

function reachable(cidr: string, name: string, source: string): SpecialPurposeBlock {
  return { cidr, name, source, globallyReachable: true }
}

/** Source: iana.org/assignments/iana-ipv4-special-registry. In the order of the registry. */
export const IPV4_BLOCKS: readonly SpecialPurposeBlock[] = [
  special('0.0.0.0/8', 'This network', 'RFC 791, section 3.2'),
  special('0.0.0.0/32', 'This host on this network', 'RFC 1122, section 3.2.1.3'),
  special('10.0.0.0/8', 'Private-Use', 'RFC 1918'),
  special('100.64.0.0/10', 'Shared Address Space', 'RFC 6598'),
  special('127.0.0.0/8', 'Loopback', 'RFC 1122, section 3.2.1.3'),
  special('169.254.0.0/16', 'Link Local', 'RFC 3927'),
  special('172.16.0.0/12', 'Private-Use', 'RFC 1918'),
  special('192.0.0.0/24', 'IETF Protocol Assignments', 'RFC 6890, section 2.1'),
  special('192.0.0.0/29', 'IPv4 Service Continuity Prefix', 'RFC 7335'),
  special('192.0.0.8/32', 'IPv4 dummy address', 'RFC 7600'),
  reachable('192.0.0.9/32', 'Port Control Protocol Anycast', 'RFC 7723'),
  reachable('192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', 'RFC 8155'),
  special('192.0.0.170/32', 'NAT64/DNS64 Discovery', 'RFC 8880; RFC 7050, section 2.2'),
  special('192.0.0.171/32', 'NAT64/DNS64 Discovery', 'RFC 8880; RFC 7050, section 2.2'),
  special('192.0.2.0/24', 'Documentation (TEST-NET-1)', 'RFC 5737'),
  reachable('192.31.196.0/24', 'AS112-v4', 'RFC 7535'),
  reachable('192.52.193.0/24', 'AMT', 'RFC 7450'),
  special('192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', 'RFC 7526'),
  special('192.88.99.2/32', '6a44-relay anycast address', 'RFC 6751'),
  special('192.168.0.0/16', 'Private-Use', 'RFC 1918'),
  reachable('192.175.48.0/24', 'Direct Delegation AS112 Service', 'RFC 7534'),
  special('198.18.0.0/15', 'Benchmarking', 'RFC 2544'),
  special('198.51.100.0/24', 'Documentation (TEST-NET-2)', 'RFC 5737'),
  special('203.0.113.0/24', 'Documentation (TEST-NET-3)', 'RFC 5737'),
  special('240.0.0.0/4', 'Reserved', 'RFC 1112, section 4'),
  special('255.255.255.255/32', 'Limited Broadcast', 'RFC 8190; RFC 919, section 7'),
  // Not in the registry, which is about unicast.
  special('224.0.0.0/4', 'Multicast', 'RFC 5771'),
]

/** Source: iana.org/assignments/iana-ipv6-special-registry. `::ffff:0:0/96` is missing: those are read as IPv4. */
export const IPV6_BLOCKS: readonly SpecialPurposeBlock[] = [
  special('::1/128', 'Loopback Address', 'RFC 4291'),
  special('::/128', 'Unspecified Address', 'RFC 4291'),
  reachable('64:ff9b::/96', 'IPv4-IPv6 Translat.', 'RFC 6052'),
  special('64:ff9b:1::/48', 'IPv4-IPv6 Translat.', 'RFC 8215'),
  special('100::/64', 'Discard-Only Address Block', 'RFC 6666'),
  special('100:0:0:1::/64', 'Dummy IPv6 Prefix', 'RFC 9780'),
  special('2001::/23', 'IETF Protocol Assignments', 'RFC 2928'),
  special('2001::/32', 'TEREDO', 'RFC 4380; RFC 8190'),
  reachable('2001:1::1/128', 'Port Control Protocol Anycast', 'RFC 7723'),
  reachable('2001:1::2/128', 'Traversal Using Relays around NAT Anycast', 'RFC 8155'),
  reachable('2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', 'RFC 9665'),
  special('2001:2::/48', 'Benchmarking', 'RFC 5180'),
  reachable('2001:3::/32', 'AMT', 'RFC 7450'),
  reachable('2001:4:112::/48', 'AS112-v6', 'RFC 7535'),
  special('2001:10::/28', 'Deprecated (previously ORCHID)', 'RFC 4843'),
  reachable('2001:20::/28', 'ORCHIDv2', 'RFC 7343'),
  reachable('2001:30::/28', 'Drone Remote ID Protocol Entity Tags (DETs) Prefix', 'RFC 9374'),
  special('2001:db8::/32', 'Documentation', 'RFC 3849'),
  special('2002::/16', '6to4', 'RFC 3056'),
  reachable('2620:4f:8000::/48', 'Direct Delegation AS112 Service', 'RFC 7534'),
  special('3fff::/20', 'Documentation', 'RFC 9637'),
  special('5f00::/16', 'Segment Routing (SRv6) SIDs', 'RFC 9602'),
  special('fc00::/7', 'Unique-Local', 'RFC 4193; RFC 8190'),
  special('fe80::/10', 'Link-Local Unicast', 'RFC 4291'),
  // Not in the registry: multicast, and two kinds of unicast that were withdrawn but are still understood by some stacks.
  special('ff00::/8', 'Multicast', 'RFC 4291, section 2.7'),
  special('fec0::/10', 'Site-Local Unicast (deprecated)', 'RFC 3879'),
  special('::/96', 'IPv4-compatible (deprecated)', 'RFC 4291, section 2.5.5.1'),
]
