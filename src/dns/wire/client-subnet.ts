// The EDNS client subnet option (RFC 7871): a network in whose name a question is asked.
import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { OPTION } from './edns-option.ts'

export interface ClientSubnet {
  /** IANA address family: 1 is IPv4, 2 is IPv6. */
  readonly family: 1 | 2
  readonly prefixLength: number
  /** The octets that the prefix covers, the bits behind it zero (RFC 7871, section 6). */
  readonly address: Uint8Array
}

/** Reads `203.0.113.0/24` or `2001:db8::/56`; bits behind the prefix are cleared. Null when it is no such thing. */
export function parseClientSubnet(cidr: string): ClientSubnet | null {
  const [address = '', prefix = '', ...rest] = cidr.split('/')
  const v4 = isIPv4(address)
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix) || (!v4 && !isIPv6(address)) || address.includes('%'))
    return null
  const prefixLength = Number(prefix)
  if (prefixLength > (v4 ? 32 : 128)) return null
  const octets = Uint8Array.from(ipaddr.parse(address).toByteArray()).subarray(0, Math.ceil(prefixLength / 8))
  const spare = octets.length * 8 - prefixLength
  if (spare > 0) octets[octets.length - 1]! &= 0xff << spare
  return { family: v4 ? 1 : 2, prefixLength, address: octets }
}

/** The option as it stands in the OPT record; the scope of a query is zero. */
export function clientSubnetOption(subnet: ClientSubnet): Uint8Array {
  const { family, prefixLength, address } = subnet
  return Uint8Array.of(0, OPTION.clientSubnet, 0, 4 + address.length, 0, family, prefixLength, 0, ...address)
}
