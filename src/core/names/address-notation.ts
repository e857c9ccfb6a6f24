// Decides whether a host is written as an IP address in any notation that some resolver library or browser takes for
// one. Broader than net/address.ts on purpose: what merely reads as an address must not become a watched name.
import { parseAddress } from '../net/address.ts'

const NUMBER = /^(?:[0-9]+|0x[0-9a-f]*)$/i
const HIGHEST_IPV4 = 0xffff_ffff

/**
 * Whether the host is an IPv4 or IPv6 address: dotted, decimal integer, hexadecimal, octal, short (`127.1`), IPv6 with or
 * without a zone (`fe80::1%eth0`). No brackets, no port. Two to four numeric labels count even when one is out of range
 * (`256.1.1.1`): no name in the public DNS ends in a number, and inet_aton would read it as an address gone wrong.
 */
export function isAddressNotation(host: string): boolean {
  if (host.includes(':')) {
    const zone = host.indexOf('%')
    return parseAddress(zone === -1 ? host : host.slice(0, zone)) !== null
  }
  const labels = (host.endsWith('.') ? host.slice(0, -1) : host).split('.')
  if (labels.length > 4 || !labels.every((label) => NUMBER.test(label))) return false
  return labels.length > 1 || numberOf(labels[0]!) <= HIGHEST_IPV4
}

function numberOf(text: string): number {
  if (/^0x/i.test(text)) return text.length === 2 ? 0 : Number(text)
  return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text)
}
