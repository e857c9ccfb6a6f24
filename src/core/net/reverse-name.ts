// The name under which an address is looked up the other way round.
import type { Address } from './address.ts'

const HEX = '0123456789abcdef'

/**
 * The owner name of an address's PTR records, lower case, without the trailing dot.
 *
 * IPv4: the four numbers backwards below `in-addr.arpa` (RFC 1035, section 3.5). IPv6: the 32 nibbles backwards below
 * `ip6.arpa` (RFC 3596, section 2.5). An IPv4-mapped address is the IPv4 address inside, as everywhere.
 */
export function reverseName({ family, bytes }: Address): string {
  if (family === 4) return `${bytes[3]}.${bytes[2]}.${bytes[1]}.${bytes[0]}.in-addr.arpa`
  let name = ''
  for (let index = 15; index >= 0; index--) name += `${HEX[bytes[index]! & 15]}.${HEX[bytes[index]! >> 4]}.`
  return `${name}ip6.arpa`
}
